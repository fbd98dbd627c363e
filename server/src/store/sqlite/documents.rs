//! Reading documents, and keeping what was refused.

use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Heads};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::codec::{self, int};
use crate::store::{Binding, Change, Content, Material, StoreError, StoredDocument};

pub(super) fn material(conn: &Connection, doc: DocId, actors: &[Vec<u8>]) -> Result<Material, StoreError> {
    let mut bindings = BTreeMap::new();
    for actor in actors {
        if let Some(binding) = binding(conn, actor)? {
            bindings.insert(actor.clone(), binding);
        }
    }
    let (document, erased) = document(conn, doc)?;
    Ok(Material {
        document,
        erased,
        bindings,
    })
}

/// Whose an actor is, if it is bound.
pub(super) fn binding(conn: &Connection, actor: &[u8]) -> Result<Option<Binding>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT user, device FROM actors WHERE actor = ?1")?;
    let mut rows = statement.query(params![actor])?;
    rows.next()?
        .map(|row| {
            Ok(Binding {
                user: codec::user(row, "user")?,
                device: codec::device(row, "device")?,
            })
        })
        .transpose()
}

/// A document, if it is here, and whether it was removed for good.
fn document(conn: &Connection, doc: DocId) -> Result<(Option<StoredDocument>, bool), StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT version, bytes, operations, erased FROM documents WHERE id = ?1")?;
    let mut rows = statement.query(params![doc.0])?;
    let Some(row) = rows.next()? else {
        return Ok((None, false));
    };
    let (version, bytes) = (codec::count(row, "version")?, codec::count(row, "bytes")?);
    let operations = codec::count(row, "operations")?;
    let stored = content(conn, doc, 0)?.map(|content| StoredDocument {
        version,
        bytes,
        operations,
        content,
    });
    Ok((stored, row.get("erased")?))
}

/// The state of a document, if it is here.
pub(super) fn heads(conn: &Connection, doc: DocId) -> Result<Option<Heads>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT heads FROM documents WHERE id = ?1")?;
    let mut rows = statement.query(params![doc.0])?;
    rows.next()?.map(|row| codec::heads(row, "heads")).transpose()
}

pub(super) fn contents(
    conn: &Connection,
    wants: &[(DocId, u64)],
    budget: usize,
) -> Result<Vec<Option<Content>>, StoreError> {
    let mut contents = Vec::new();
    let mut size = 0;
    for (doc, from) in wants {
        let content = content(conn, *doc, *from)?;
        size += content.as_ref().map_or(0, Content::size);
        if size > budget && !contents.is_empty() {
            break;
        }
        contents.push(content);
    }
    Ok(contents)
}

fn content(conn: &Connection, doc: DocId, from: u64) -> Result<Option<Content>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT heads, snapshot_version FROM documents WHERE id = ?1 AND NOT erased")?;
    let mut rows = statement.query(params![doc.0])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let heads = codec::heads(row, "heads")?;
    let kept = codec::count(row, "snapshot_version")?;
    let snapshot = if from < kept { snapshot(conn, doc)? } else { None };
    let mut statement =
        conn.prepare_cached("SELECT hash, bytes FROM changes WHERE doc = ?1 AND n >= ?2 ORDER BY n")?;
    let mut rows = statement.query(params![
        doc.0,
        int(from.max(if snapshot.is_some() { kept } else { 0 }))
    ])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(change(row)?);
    }
    Ok(Some(Content {
        heads,
        snapshot,
        changes,
    }))
}

fn snapshot(conn: &Connection, doc: DocId) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT snapshot FROM documents WHERE id = ?1")?;
    let snapshot = statement.query_row(params![doc.0], |row| row.get(0)).optional()?;
    Ok(snapshot.flatten())
}

fn change(row: &Row<'_>) -> Result<Change, StoreError> {
    Ok(Change {
        hash: codec::hash(row, "hash")?,
        bytes: row.get("bytes")?,
    })
}
