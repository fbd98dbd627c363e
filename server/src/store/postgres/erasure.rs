//! Removing documents for good.
//!
//! The rows are deleted and their tables vacuumed, so that no query and no dump finds anything of them. What PostgreSQL
//! keeps beside that is not in reach of a client: the log (until its segments are used again, and for as long as replicas
//! and archives keep it), bytes in pages until new rows take their place, and in the index of words single beginnings of
//! words without what they belonged to. `VACUUM FULL` of `records`, `documents` and `changes` removes the last two; it locks
//! the tables meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deadpool_postgres::Object;
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::rules::Subject;
use lianxin_shared::sync::Fingerprint;
use tokio_postgres::types::ToSql;

use super::channels::{self, Entries, Taken};
use super::codec::{self, to_cbor};
use super::pool::{Pool, writing};
use super::sql::{pipeline, query};
use super::{audit, documents, related};
use crate::store::channel::turned;
use crate::store::{Erasure, StoreError, Tombstone};

/// Leaves of documents, whether they were here or not, that they were erased. Their versions are ones that nobody has
/// computed on.
const BURY: &str = "
    INSERT INTO documents
        (id, version, heads, bytes, operations, snapshot_version, received_at, changed_at, erased)
    SELECT id, 1, $3, 0, 0, 0, at, at, true FROM unnest($1::bytea[], $2::bigint[]) AS buried (id, at) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        version = documents.version + 1, heads = excluded.heads, bytes = 0, operations = 0, snapshot = NULL,
        snapshot_version = 0, received_at = excluded.received_at, changed_at = excluded.changed_at, erased = true";

/// What is left of documents that were erased.
pub(super) const TOMBSTONES: &str = "SELECT id, changed_at FROM documents WHERE erased ORDER BY id";

/// Removes documents and notes it; answers the channels that have moved. The locks are taken in the order of a commit.
pub(super) async fn erase(pool: &Pool, erasure: &Erasure) -> Result<Vec<String>, StoreError> {
    let mut client = pool.get().await?;
    let tx = writing(&mut client).await?;
    let ids: BTreeSet<_> = erasure.docs.iter().collect();
    let docs: Vec<_> = ids.iter().map(|doc| &doc.0[..]).collect();
    let (at, heads) = (vec![erasure.act.at.0; docs.len()], to_cbor(&Heads::default())?);
    let [locked, _, entries] = pipeline(
        &tx,
        [
            (documents::LOCK, &[&docs]),
            (BURY, &[&docs, &at, &heads]),
            (channels::OF_DOCUMENTS, &[&docs]),
        ],
    )
    .await?;
    let known = channels::by_document(&entries)?;
    let mut was = HashMap::new();
    for row in &locked {
        was.insert(codec::doc(row, "id")?, codec::cbor::<Heads>(row, "heads")?);
    }
    let mut taken: BTreeMap<&str, (u64, Fingerprint)> = BTreeMap::new();
    for entry in known.values().flat_map(BTreeMap::values) {
        let (number, fingerprint) = taken.entry(&entry.channel).or_default();
        *number += 1;
        fingerprint.turn(turned(
            entry.doc,
            was.get(&entry.doc).filter(|_| entry.present),
            None,
        ));
    }
    let columns = Taken::of(taken.iter().map(|(name, taken)| (*name, *taken)));
    let mut next = channels::sequences_of(&query(&tx, channels::TAKE, &columns.values()).await?)?;
    let mut left = Vec::new();
    for entry in known.values().flat_map(BTreeMap::values) {
        let seq = next
            .get_mut(&entry.channel)
            .ok_or_else(|| codec::damaged("seq"))?;
        left.push(entry.clone().left(*seq));
        *seq -= 1;
    }
    let moved = taken.keys().map(|&name| name.to_owned()).collect();
    let left = Entries::of(&left)?;
    let people: Vec<_> = ids.iter().map(|doc| Subject::Person(**doc).to_string()).collect();
    let by_doc: &[&(dyn ToSql + Sync)] = &[&docs];
    pipeline(
        &tx,
        [
            (channels::PUT, &left.values()[..]),
            // A number in the books stays given.
            (related::FORGET_LINKS, by_doc),
            (related::FORGET_FILES, by_doc),
            (related::FORGET_CREDITS, by_doc),
            (related::FORGET_PEOPLE, &[&people]),
            ("DELETE FROM sketches WHERE doc = ANY($1::bytea[])", by_doc),
            ("DELETE FROM records WHERE doc = ANY($1::bytea[])", by_doc),
            ("DELETE FROM changes WHERE doc = ANY($1::bytea[])", by_doc),
            ("DELETE FROM quarantine WHERE doc = ANY($1::bytea[])", by_doc),
        ],
    )
    .await?;
    audit::add(&tx, &erasure.act).await?;
    tx.commit().await?;
    if let Err(error) = client
        .batch_execute(
            "VACUUM documents, changes, records, quarantine, links, files, credits, people, sketches",
        )
        .await
    {
        // The documents are gone all the same; the database vacuums by itself as well.
        tracing::warn!(error = %StoreError::from(error), "erasure.not_vacuumed");
    }
    Ok(moved)
}

/// Puts what is left of erased documents in place.
pub(super) async fn put(
    tx: &deadpool_postgres::Transaction<'_>,
    tombstones: &[&Tombstone],
) -> Result<(), StoreError> {
    let docs: Vec<_> = tombstones.iter().map(|tombstone| &tombstone.doc.0[..]).collect();
    let at: Vec<_> = tombstones.iter().map(|tombstone| tombstone.at.0).collect();
    let entries = Entries::of(tombstones.iter().flat_map(|tombstone| &tombstone.entries))?;
    let heads = to_cbor(&Heads::default())?;
    pipeline(
        tx,
        [(BURY, &[&docs, &at, &heads]), (channels::PUT, &entries.values())],
    )
    .await?;
    Ok(())
}

/// Which of these documents were erased.
pub(super) async fn of(client: &Object, docs: &[DocId]) -> Result<BTreeSet<DocId>, StoreError> {
    let sql = "SELECT id FROM documents WHERE id = ANY($1::bytea[]) AND erased";
    let statement = client.prepare_cached(sql).await?;
    let docs: Vec<_> = docs.iter().map(|doc| &doc.0[..]).collect();
    let rows = client.query(&statement, &[&docs]).await?;
    rows.iter().map(|row| codec::doc(row, "id")).collect()
}
