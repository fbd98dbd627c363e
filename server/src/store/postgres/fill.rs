//! Taking everything that another store kept.

use deadpool_postgres::Transaction;
use lianxin_shared::sync::Fingerprint;

use super::actors::{self, Actors};
use super::channels::{self, Entries, Taken};
use super::documents::{self, Changes, Documents, Snapshots};
use super::plan::{Growth, Place};
use super::pool::{Pool, writing};
use super::records::{self, Rows};
use super::related::{self, Related};
use super::sql::pipeline;
use super::{accounts, audit, erasure, quarantine, second};
use crate::store::{Kept, KeptDocument, Life, Pages, StoreError};

pub(super) async fn fill(pool: &Pool, mut pages: Pages) -> Result<(), StoreError> {
    let mut client = pool.get().await?;
    let tx = writing(&mut client).await?;
    let sql = "SELECT EXISTS (SELECT 1 FROM documents) OR EXISTS (SELECT 1 FROM users)
                      OR EXISTS (SELECT 1 FROM actors)";
    if tx.query_one(sql, &[]).await?.try_get(0)? {
        return Err(StoreError::NotEmpty);
    }
    // What comes next may take its time.
    tx.batch_execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        .await?;
    while let Some(page) = pages.recv().await {
        put(&tx, &page?).await?;
    }
    channels::fill_fingerprints(&tx).await?;
    tx.batch_execute("SELECT setval('record_numbers', max(number)) FROM records")
        .await?;
    Ok(tx.commit().await?)
}

/// Puts a page in place: accounts and sessions one by one, all else as columns.
async fn put(tx: &Transaction<'_>, page: &[Kept]) -> Result<(), StoreError> {
    let mut actors = Actors::default();
    let mut taken = Vec::new();
    let mut whole: Vec<&KeptDocument> = Vec::new();
    let mut tombstones = Vec::new();
    let mut refused = Vec::new();
    for kept in page {
        match kept {
            Kept::Life(life) => put_life(tx, life).await?,
            Kept::Account(account) => accounts::add(tx, account).await?,
            Kept::Second(user, second) => second::put(tx, user, Some(second)).await?,
            Kept::Session(session) => accounts::open_session(tx, session).await?,
            Kept::Actor(actor) => actors.push(&actor.actor, &actor.by, actor.bound_at),
            Kept::Channel(name, seq) => {
                taken.push((name.as_str(), (*seq, Fingerprint::default())));
            }
            Kept::Document(document) => whole.push(document),
            Kept::Number(series, number, doc) => related::put_number(tx, series, *number, *doc).await?,
            Kept::Tombstone(tombstone) => tombstones.push(tombstone),
            Kept::Quarantined(quarantined) => refused.push(quarantined),
            Kept::Act(act) => audit::add(tx, act).await?,
        }
    }
    let (mut documents, mut changes, mut snapshots) =
        <(Documents<'_>, Changes<'_>, Snapshots<'_>)>::default();
    for document in &whole {
        let KeptDocument { doc, stored, .. } = document;
        documents.push(doc, &growth(document))?;
        changes.push(doc, document.snapshot_version(), &stored.content.changes);
        if let Some(snapshot) = &stored.content.snapshot {
            snapshots.push(doc, document.snapshot_version(), snapshot);
        }
    }
    let entries = Entries::of(whole.iter().flat_map(|document| &document.entries))?;
    let places: Vec<_> = whole
        .iter()
        .filter_map(|document| {
            let (mark, row) = document.row.as_ref()?;
            Some(Place::at(document.doc, *mark, row))
        })
        .collect();
    let rows = Rows::of(&places)?;
    let related = Related::of(&places);
    pipeline(
        tx,
        [
            (actors::INSERT, &actors.values()),
            (channels::TAKE, &Taken::of(taken).values()),
            (documents::INSERT, &documents.values()),
            (documents::ADD_CHANGES, &changes.values()),
            (documents::COMPACT, &snapshots.values()),
            (channels::PUT, &entries.values()),
            (records::PUT, &rows.values()),
            (related::PUT_LINKS, &related.links()),
            (related::PUT_FILES, &related.files()),
            (related::PUT_CREDITS, &related.credits()),
            (related::PUT_PEOPLE, &related.people()),
            (related::PUT_SKETCHES, &related.sketches()),
        ],
    )
    .await?;
    erasure::put(tx, &tombstones).await?;
    quarantine::put(tx, refused).await
}

async fn put_life(tx: &Transaction<'_>, life: &Life) -> Result<(), StoreError> {
    for (key, value) in [("epoch", &life.epoch.0[..]), ("receipt-key", &life.receipt_key)] {
        tx.execute("UPDATE meta SET value = $2 WHERE key = $1", &[&key, &value])
            .await?;
    }
    Ok(())
}

fn growth(document: &KeptDocument) -> Growth<'_> {
    let stored = &document.stored;
    Growth {
        is_new: true,
        version: stored.version,
        heads: &stored.content.heads,
        bytes: stored.bytes,
        operations: stored.operations,
        compaction: None,
        since: document.received_at,
        at: document.changed_at,
    }
}
