//! Giving away everything, as of one moment.

use lianxin_shared::id::{DocId, Moment};
use rusqlite::{Connection, Row};
use tokio::sync::mpsc;

use super::codec::{self, damaged};
use super::readers::Readers;
use super::{accounts, audit, channels, devices, documents, quarantine, records, second};
use crate::store::dump::{AHEAD, Pager};
use crate::store::{Actor, Binding, Entry, Kept, KeptDocument, Pages, StoreError, Tombstone};

/// Starts to read all pages in one transaction, no faster than they are taken.
pub(super) fn start(readers: Readers) -> Pages {
    let (out, pages) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let full = out.clone();
        let outcome = readers
            .run(move |tx| {
                let mut pager = Pager::default();
                // Whoever has gone wants no more.
                let mut give = |kept| match pager.add(kept) {
                    Some(page) => full.blocking_send(Ok(page)).is_ok(),
                    None => true,
                };
                everything(tx, &mut give)?;
                Ok(pager.rest())
            })
            .await;
        // Whoever has gone wants no more.
        drop(out.send(outcome).await);
    });
    pages
}

fn everything(conn: &Connection, give: &mut impl FnMut(Kept) -> bool) -> Result<(), StoreError> {
    give(Kept::Life(super::life(conn)?));
    let accounts = accounts::all(conn)?;
    let users: Vec<_> = accounts
        .iter()
        .map(|account| account.principal.user.clone())
        .collect();
    for account in accounts {
        give(Kept::Account(account));
    }
    for user in users {
        if let Some(second) = second::get(conn, &user)? {
            give(Kept::Second(user, second));
        }
    }
    each(conn, "SELECT * FROM sessions ORDER BY token", give, |row| {
        accounts::read_session(row).map(Kept::Session)
    })?;
    let sql = "SELECT * FROM withdrawn ORDER BY token";
    each(conn, sql, give, accounts::read_withdrawn)?;
    let sql = "SELECT * FROM codes ORDER BY code";
    each(conn, sql, give, accounts::read_code)?;
    each(conn, "SELECT * FROM device_keys ORDER BY key", give, |row| {
        devices::read(row).map(Kept::Device)
    })?;
    each(conn, "SELECT * FROM actors ORDER BY actor", give, |row| {
        Ok(Kept::Actor(Actor {
            actor: row.get("actor")?,
            by: binding(row)?,
            bound_at: Moment(row.get("bound_at")?),
        }))
    })?;
    each(conn, "SELECT * FROM channels ORDER BY name", give, |row| {
        Ok(Kept::Channel(row.get("name")?, codec::count(row, "seq")?))
    })?;
    each(
        conn,
        "SELECT id, received_at, changed_at FROM documents WHERE NOT erased ORDER BY received_at, id",
        give,
        |row| {
            let document = document(conn, codec::doc(row, "id")?, row)?;
            Ok(Kept::Document(Box::new(document)))
        },
    )?;
    let sql = "SELECT id, changed_at FROM documents WHERE erased ORDER BY id";
    each(conn, sql, give, |row| {
        let doc = codec::doc(row, "id")?;
        Ok(Kept::Tombstone(Tombstone {
            doc,
            at: Moment(row.get("changed_at")?),
            entries: entries(conn, doc)?,
        }))
    })?;
    each(
        conn,
        "SELECT * FROM numbers ORDER BY series, number",
        give,
        |row| {
            let number = codec::count(row, "number")?;
            Ok(Kept::Number(row.get("series")?, number, codec::doc(row, "doc")?))
        },
    )?;
    each(
        conn,
        "SELECT * FROM quarantine ORDER BY doc, user, digest",
        give,
        |row| Ok(Kept::Quarantined(quarantine::read(row)?)),
    )?;
    each(conn, "SELECT * FROM acts ORDER BY number", give, |row| {
        audit::act(row).map(Kept::Act)
    })
}

/// Gives each row of a query away, until it is not wanted any more.
fn each(
    conn: &Connection,
    sql: &str,
    give: &mut impl FnMut(Kept) -> bool,
    read: impl Fn(&Row<'_>) -> Result<Kept, StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !give(read(row)?) {
            break;
        }
    }
    Ok(())
}

fn document(conn: &Connection, doc: DocId, row: &Row<'_>) -> Result<KeptDocument, StoreError> {
    let material = documents::material(conn, doc, &[])?;
    Ok(KeptDocument {
        doc,
        stored: material.document.ok_or_else(|| damaged("id"))?,
        received_at: Moment(row.get("received_at")?),
        changed_at: Moment(row.get("changed_at")?),
        entries: entries(conn, doc)?,
        row: records::of(conn, doc)?,
    })
}

fn entries(conn: &Connection, doc: DocId) -> Result<Vec<Entry>, StoreError> {
    let mut entries = channels::all_of(conn, doc)?;
    entries.sort_by(|a, b| a.channel.cmp(&b.channel));
    Ok(entries)
}

pub(super) fn binding(row: &Row<'_>) -> Result<Binding, StoreError> {
    Ok(Binding {
        user: codec::user(row, "user")?,
        device: codec::device(row, "device")?,
    })
}
