//! Channels: their sequences, and which documents are in them since when.

use std::collections::BTreeSet;

use lianxin_shared::id::{DocId, Heads};
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};

use super::codec::{self, from_cbor, int, to_cbor};
use crate::store::{Entry, Moved, Sequences, StoreError, Write};

const COLUMNS: &str = "channel, doc, seq, present, floor, steps";

/// Moves the document in every channel that it is in, was in, or comes into; answers those channels.
pub(super) fn update(conn: &Connection, write: &Write) -> Result<Vec<String>, StoreError> {
    let before = all_of(conn, write.doc)?;
    let mut names: BTreeSet<&str> = write.channels.iter().map(String::as_str).collect();
    names.extend(
        before
            .iter()
            .filter(|entry| entry.present)
            .map(|entry| entry.channel.as_str()),
    );
    let mut moved = Vec::new();
    // In the order of their names, so that two writers never wait for each other.
    for name in names {
        let seq = next_sequence(conn, name)?;
        let known = before.iter().find(|entry| entry.channel == name).cloned();
        let stays = write.channels.iter().any(|channel| channel == name);
        let entry = Entry::after(known, name, write.doc, seq, stays, write.base);
        put(conn, &entry)?;
        moved.push(entry.channel);
    }
    Ok(moved)
}

/// Takes the document out of every channel that it is or was in, so that whoever held it hears of it anew; answers them.
pub(super) fn leave(conn: &Connection, doc: DocId) -> Result<Vec<String>, StoreError> {
    let mut entries = all_of(conn, doc)?;
    entries.sort_by(|a, b| a.channel.cmp(&b.channel));
    let mut moved = Vec::new();
    for entry in entries {
        let seq = next_sequence(conn, &entry.channel)?;
        moved.push(entry.channel.clone());
        put(conn, &entry.left(seq))?;
    }
    Ok(moved)
}

/// Changes of the document below index `kept` are not kept singly any more.
pub(super) fn without_changes_below(conn: &Connection, doc: DocId, kept: u64) -> Result<(), StoreError> {
    for entry in all_of(conn, doc)? {
        put(conn, &entry.without_changes_below(kept))?;
    }
    Ok(())
}

pub(super) fn sequences(conn: &Connection, channels: &[String]) -> Result<Sequences, StoreError> {
    let mut statement = conn.prepare_cached("SELECT seq FROM channels WHERE name = ?1")?;
    let mut sequences = Sequences::new();
    for name in channels {
        let seq: Option<i64> = statement.query_row(params![name], |row| row.get(0)).optional()?;
        if let Some(seq) = seq {
            let seq = u64::try_from(seq).map_err(|_| codec::damaged("seq"))?;
            sequences.insert(name.clone(), seq);
        }
    }
    Ok(sequences)
}

pub(super) fn moved(
    conn: &Connection,
    channel: &str,
    above: u64,
    limit: u32,
    channels: &[String],
) -> Result<Vec<Moved>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT doc, seq FROM entries WHERE channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut rows = statement.query(params![channel, int(above), limit])?;
    let mut moved = Vec::new();
    while let Some(row) = rows.next()? {
        let doc = codec::doc(row, "doc")?;
        let mut entries = all_of(conn, doc)?;
        entries.retain(|entry| channels.contains(&entry.channel));
        moved.push(Moved {
            doc,
            seq: codec::count(row, "seq")?,
            entries,
        });
    }
    Ok(moved)
}

pub(super) fn states(conn: &Connection, channels: &[String]) -> Result<Vec<(DocId, Heads)>, StoreError> {
    let marks = vec!["?"; channels.len()].join(", ");
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id, heads FROM documents WHERE id IN (
             SELECT doc FROM entries WHERE present AND channel IN ({marks})
         ) ORDER BY id"
    ))?;
    let mut rows = statement.query(params_from_iter(channels))?;
    let mut states = Vec::new();
    while let Some(row) = rows.next()? {
        states.push((codec::doc(row, "id")?, codec::heads(row, "heads")?));
    }
    Ok(states)
}

pub(super) fn all_of(conn: &Connection, doc: DocId) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE doc = ?1"))?;
    let mut rows = statement.query(params![doc.0])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn next_sequence(conn: &Connection, channel: &str) -> Result<u64, StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO channels (name, seq) VALUES (?1, 1)
         ON CONFLICT (name) DO UPDATE SET seq = seq + 1 RETURNING seq",
    )?;
    let seq: i64 = statement.query_row(params![channel], |row| row.get(0))?;
    u64::try_from(seq).map_err(|_| codec::damaged("seq"))
}

pub(super) fn put(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO entries (channel, doc, seq, present, floor, steps) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (channel, doc) DO UPDATE SET
             seq = excluded.seq, present = excluded.present, floor = excluded.floor, steps = excluded.steps",
    )?;
    statement.execute(params![
        entry.channel,
        entry.doc.0,
        int(entry.seq),
        entry.present,
        int(entry.floor),
        to_cbor(&entry.steps)?,
    ])?;
    Ok(())
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        channel: row.get("channel")?,
        doc: codec::doc(row, "doc")?,
        seq: codec::count(row, "seq")?,
        present: row.get("present")?,
        floor: codec::count(row, "floor")?,
        steps: from_cbor(&row.get::<_, Vec<u8>>("steps")?, "steps")?,
    })
}
