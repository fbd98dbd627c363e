//! Storing accepted changes with all that follows from them.

use lianxin_shared::id::DocId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::channels::Moving;
use super::codec::{int, to_cbor};
use super::{channels, documents, records};
use crate::store::{Change, Compaction, StoreError, Write, Written};

pub(super) fn commit(conn: &Connection, writes: &[Write]) -> Result<Vec<Written>, StoreError> {
    let mut moving = Moving::default();
    let written = writes.iter().map(|write| store(conn, &mut moving, write));
    let written = written.collect::<Result<_, _>>()?;
    moving.end(conn)?;
    Ok(written)
}

fn store(conn: &Connection, moving: &mut Moving, write: &Write) -> Result<Written, StoreError> {
    let unbound = match unbound(conn, write)? {
        Some(unbound) if is_on_top(conn, write)? => unbound,
        _ => return Ok(Written::Stale),
    };
    let was = match write.base {
        0 => None,
        _ => documents::heads(conn, write.doc)?,
    };
    bind(conn, write, unbound)?;
    document(conn, write)?;
    changes(conn, write.doc, write.first(), &write.changes)?;
    let moved = channels::update(conn, moving, write, was.as_ref())?;
    if let Some(row) = &write.row {
        records::put(conn, write.doc, row, write.at, write.base == 0)?;
    }
    if let Some(compaction) = &write.compaction {
        compact(conn, write, compaction)?;
    }
    Ok(Written::Done(moved))
}

/// Whether the document is in the version that the write was computed on.
fn is_on_top(conn: &Connection, write: &Write) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT version FROM documents WHERE id = ?1")?;
    let version: Option<i64> = statement
        .query_row(params![write.doc.0], |row| row.get(0))
        .optional()?;
    Ok(version.unwrap_or(0) == int(write.base))
}

/// Those of the actors that are bound to nobody yet; nothing if one is somebody else's.
fn unbound<'w>(conn: &Connection, write: &'w Write) -> Result<Option<Vec<&'w [u8]>>, StoreError> {
    let mut unbound = Vec::new();
    for actor in &write.actors {
        match documents::binding(conn, actor)? {
            None => unbound.push(actor.as_slice()),
            Some(binding) if binding != write.by => return Ok(None),
            Some(_) => {}
        }
    }
    Ok(Some(unbound))
}

fn bind(conn: &Connection, write: &Write, actors: Vec<&[u8]>) -> Result<(), StoreError> {
    let mut statement =
        conn.prepare_cached("INSERT INTO actors (actor, user, device, bound_at) VALUES (?1, ?2, ?3, ?4)")?;
    for actor in actors {
        statement.execute(params![
            actor,
            write.by.user.as_str(),
            write.by.device.0,
            write.at.0
        ])?;
    }
    Ok(())
}

fn document(conn: &Connection, write: &Write) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO documents
             (id, version, heads, bytes, operations, received_at, changed_at, snapshot, snapshot_version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET
             version = excluded.version,
             heads = excluded.heads,
             bytes = bytes + excluded.bytes,
             operations = operations + excluded.operations,
             changed_at = excluded.changed_at",
    )?;
    // Of a document that is here already, the snapshot stays as it is: see `compact`.
    let snapshot = write.compaction.as_ref();
    statement.execute(params![
        write.doc.0,
        int(write.version),
        to_cbor(&write.heads)?,
        int(write.bytes),
        int(write.operations),
        write.at.0,
        snapshot.map(|compaction| &compaction.snapshot),
        snapshot.map_or(0, |compaction| int(compaction.version)),
    ])?;
    Ok(())
}

/// Adds changes to a document; the first of them is its change number `from`.
pub(super) fn changes(
    conn: &Connection,
    doc: DocId,
    from: u64,
    changes: &[Change],
) -> Result<(), StoreError> {
    let mut statement =
        conn.prepare_cached("INSERT INTO changes (doc, n, hash, bytes) VALUES (?1, ?2, ?3, ?4)")?;
    for (n, change) in (from..).zip(changes) {
        statement.execute(params![doc.0, int(n), change.hash.0, change.bytes])?;
    }
    Ok(())
}

/// The snapshot takes the place of the changes that it holds; entries that pointed at those point at the whole document. With
/// a new document that came as one piece all of that is so from the start.
fn compact(conn: &Connection, write: &Write, compaction: &Compaction) -> Result<(), StoreError> {
    if write.base == 0 && write.changes.is_empty() {
        return Ok(());
    }
    let kept = int(compaction.version);
    conn.prepare_cached("UPDATE documents SET snapshot = ?2, snapshot_version = ?3 WHERE id = ?1")?
        .execute(params![write.doc.0, compaction.snapshot, kept])?;
    conn.prepare_cached("DELETE FROM changes WHERE doc = ?1 AND n < ?2")?
        .execute(params![write.doc.0, kept])?;
    channels::without_changes_below(conn, write.doc, compaction.version)
}
