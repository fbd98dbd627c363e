//! Giving away everything, as of one moment.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use lianxin_shared::id::{DocId, Moment};
use tokio::sync::mpsc;
use tokio_postgres::Row;

use super::pool::{Pool, reading};
use super::sql::{Values, pipeline, query};
use super::{accounts, audit, channels, codec, contents, devices, erasure, quarantine, records, second};
use crate::store::dump::{AHEAD, Pager};
use crate::store::{Actor, Kept, KeptDocument, Pages, StoreError, Tombstone};

/// How many rows are fetched at once.
const FETCH: i32 = 200;

/// Starts to read all pages in one transaction, no faster than they are taken.
pub(super) fn start(pool: Pool) -> Pages {
    let (out, pages) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut giver = Giver {
            out: out.clone(),
            pager: Pager::default(),
        };
        let outcome = everything(&pool, &mut giver).await;
        // Whoever has gone wants no more.
        drop(out.send(outcome.map(|()| giver.pager.rest())).await);
    });
    pages
}

struct Giver {
    out: mpsc::Sender<Result<Vec<Kept>, StoreError>>,
    pager: Pager,
}

impl Giver {
    async fn give(&mut self, kept: impl IntoIterator<Item = Kept>) -> Result<(), StoreError> {
        for kept in kept {
            if let Some(page) = self.pager.add(kept)
                && self.out.send(Ok(page)).await.is_err()
            {
                return Err(StoreError::Unavailable("nobody takes it".to_owned()));
            }
        }
        Ok(())
    }
}

async fn everything(pool: &Pool, giver: &mut Giver) -> Result<(), StoreError> {
    let mut client = pool.get().await?;
    let tx = reading(&mut client).await?;
    giver.give([Kept::Life(super::life(&tx).await?)]).await?;
    each(&tx, giver, "SELECT * FROM users ORDER BY \"user\"", |row| {
        accounts::account(row).map(Kept::Account)
    })
    .await?;
    for user in tx
        .query("SELECT \"user\" FROM seconds ORDER BY \"user\"", &[])
        .await?
    {
        let user = codec::user(&user, "user")?;
        if let Some(second) = second::get(&tx, &user).await? {
            giver.give([Kept::Second(user, second)]).await?;
        }
    }
    each(&tx, giver, "SELECT * FROM sessions ORDER BY token", session).await?;
    let sql = "SELECT * FROM withdrawn ORDER BY token";
    each(&tx, giver, sql, accounts::read_withdrawn).await?;
    let sql = "SELECT * FROM codes ORDER BY code";
    each(&tx, giver, sql, accounts::read_code).await?;
    each(&tx, giver, "SELECT * FROM device_keys ORDER BY key", |row| {
        devices::read(row).map(Kept::Device)
    })
    .await?;
    each(&tx, giver, "SELECT * FROM actors ORDER BY actor", actor).await?;
    each(&tx, giver, "SELECT * FROM channels ORDER BY name", |row| {
        Ok(Kept::Channel(codec::get(row, "name")?, codec::count(row, "seq")?))
    })
    .await?;
    let ids = tx
        .prepare_cached(
            "SELECT id, received_at, changed_at FROM documents WHERE NOT erased ORDER BY received_at, id",
        )
        .await?;
    let ids = tx.bind(&ids, &[]).await?;
    loop {
        let rows = tx.query_portal(&ids, FETCH).await?;
        if rows.is_empty() {
            break;
        }
        giver.give(documents(&tx, &rows).await?).await?;
    }
    each(
        &tx,
        giver,
        "SELECT * FROM numbers ORDER BY series, number",
        |row| {
            let number = codec::count(row, "number")?;
            Ok(Kept::Number(
                codec::get(row, "series")?,
                number,
                codec::doc(row, "doc")?,
            ))
        },
    )
    .await?;
    tombstones(&tx, giver).await?;
    let sql = "SELECT * FROM quarantine ORDER BY doc, \"user\", digest";
    each(&tx, giver, sql, |row| {
        quarantine::read(row).map(Kept::Quarantined)
    })
    .await?;
    each(&tx, giver, "SELECT * FROM acts ORDER BY number", |row| {
        audit::act(row).map(Kept::Act)
    })
    .await
}

/// What is left of what was erased: few, so all at once.
async fn tombstones(tx: &Transaction<'_>, giver: &mut Giver) -> Result<(), StoreError> {
    let rows = query(tx, erasure::TOMBSTONES, &[]).await?;
    let docs: Vec<&[u8]> = rows
        .iter()
        .map(|row| codec::get(row, "id"))
        .collect::<Result<_, _>>()?;
    let entries = query(tx, channels::OF_DOCUMENTS, &[&docs]).await?;
    let mut entries = channels::by_document(&entries)?;
    for row in &rows {
        let doc = codec::doc(row, "id")?;
        let tombstone = Tombstone {
            doc,
            at: Moment(codec::get(row, "changed_at")?),
            entries: entries.remove(&doc).unwrap_or_default().into_values().collect(),
        };
        giver.give([Kept::Tombstone(tombstone)]).await?;
    }
    Ok(())
}

/// Gives each row of a query away.
async fn each(
    tx: &Transaction<'_>,
    giver: &mut Giver,
    sql: &str,
    read: impl Fn(&Row) -> Result<Kept, StoreError>,
) -> Result<(), StoreError> {
    let statement = tx.prepare_cached(sql).await?;
    let portal = tx.bind(&statement, &[]).await?;
    loop {
        let rows = tx.query_portal(&portal, FETCH).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let pieces = rows.iter().map(&read).collect::<Result<Vec<_>, _>>()?;
        giver.give(pieces).await?;
    }
}

async fn documents(tx: &Transaction<'_>, rows: &[Row]) -> Result<Vec<Kept>, StoreError> {
    let ids: Vec<DocId> = rows
        .iter()
        .map(|row| codec::doc(row, "id"))
        .collect::<Result<_, _>>()?;
    let docs: Vec<_> = ids.iter().map(|id| &id.0[..]).collect();
    let listed = format!(
        "SELECT {} FROM records WHERE doc = ANY($1::bytea[])",
        records::COLUMNS
    );
    let statements: [(&str, Values<'_>); 4] = [
        (contents::WHOLE, &[&docs]),
        (contents::CHANGES, &[&docs]),
        (channels::OF_DOCUMENTS, &[&docs]),
        (&listed, &[&docs]),
    ];
    let [whole, changes, entries, listed] = pipeline(tx, statements).await?;
    let mut whole = contents::documents(&whole, &changes)?;
    let mut entries = channels::by_document(&entries)?;
    let mut places = BTreeMap::new();
    for row in &listed {
        let listed = records::listed(row)?;
        places.insert(listed.doc, (records::mark(row)?, listed.row));
    }
    let mut kept = Vec::new();
    for (doc, row) in ids.into_iter().zip(rows) {
        let entries = entries.remove(&doc).unwrap_or_default();
        kept.push(Kept::Document(Box::new(KeptDocument {
            doc,
            stored: whole.remove(&doc).ok_or_else(|| codec::damaged("id"))?,
            received_at: Moment(codec::get(row, "received_at")?),
            changed_at: Moment(codec::get(row, "changed_at")?),
            entries: entries.into_values().collect(),
            row: places.remove(&doc),
        })));
    }
    Ok(kept)
}

fn session(row: &Row) -> Result<Kept, StoreError> {
    accounts::read_session(row).map(Kept::Session)
}

fn actor(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept::Actor(Actor {
        actor: codec::get(row, "actor")?,
        by: codec::binding(row)?,
        bound_at: Moment(codec::get(row, "bound_at")?),
    }))
}
