//! Removing documents for good, from the tables and from the files.
//!
//! The connection that writes overwrites what it deletes (`secure_delete`), in the file and so in what is copied to it. Two
//! things are left to be done: the index of words keeps the words of a deleted row until its pieces are merged, so they are
//! merged within the transaction; and the log keeps the pages as they were, so it is emptied after it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use lianxin_shared::id::{DocId, Heads, Moment};
use rusqlite::{Connection, params};

use super::codec::to_cbor;
use super::{audit, channels, records};
use crate::store::{Erasure, StoreError, Tombstone};

/// How long emptying the log waits for who still reads from it. Nobody writes meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long until it is tried again.
pub(super) const AGAIN: Duration = Duration::from_secs(60);

/// Removes documents and notes it; answers the channels that have moved.
pub(super) fn erase(conn: &Connection, erasure: &Erasure) -> Result<Vec<String>, StoreError> {
    let mut moved = BTreeSet::new();
    let mut moving = channels::Moving::default();
    for doc in &erasure.docs {
        moved.extend(channels::leave(conn, &mut moving, *doc)?);
        bury(conn, *doc, erasure.act.at)?;
        records::remove(conn, *doc)?;
        for table in ["changes", "quarantine"] {
            conn.execute(&format!("DELETE FROM {table} WHERE doc = ?1"), params![doc.0])?;
        }
    }
    moving.end(conn)?;
    conn.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
    audit::add(conn, &erasure.act)?;
    Ok(moved.into_iter().collect())
}

/// Leaves of a document, whether it was here or not, that it was erased. The version is one that nobody has computed on.
fn bury(conn: &Connection, doc: DocId, at: Moment) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO documents
             (id, version, heads, bytes, operations, snapshot_version, received_at, changed_at, erased)
         VALUES (?1, 1, ?2, 0, 0, 0, ?3, ?3, TRUE)
         ON CONFLICT (id) DO UPDATE SET
             version = version + 1, heads = excluded.heads, bytes = 0, operations = 0, snapshot = NULL,
             snapshot_version = 0, received_at = excluded.received_at, changed_at = excluded.changed_at,
             erased = TRUE",
    )?;
    statement.execute(params![doc.0, to_cbor(&Heads::default())?, at.0])?;
    Ok(())
}

/// Puts what is left of an erased document in place.
pub(super) fn put(conn: &Connection, tombstone: &Tombstone) -> Result<(), StoreError> {
    bury(conn, tombstone.doc, tombstone.at)?;
    tombstone
        .entries
        .iter()
        .try_for_each(|entry| channels::put(conn, entry))
}

/// Which of these documents were erased.
pub(super) fn of(conn: &Connection, docs: &[DocId]) -> Result<BTreeSet<DocId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM documents WHERE id = ?1 AND erased")?;
    let mut erased = BTreeSet::new();
    for doc in docs {
        if statement.exists(params![doc.0])? {
            erased.insert(*doc);
        }
    }
    Ok(erased)
}

/// Brings what the log holds into the file, and cuts the log to nothing; answers whether that could be done.
pub(super) fn empty_log(path: &Path) -> Result<bool, StoreError> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(PATIENCE)?;
    let busy: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(!busy)
}
