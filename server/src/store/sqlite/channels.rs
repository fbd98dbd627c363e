//! Channels: their sequences, and which documents are in them since when.

use std::collections::{BTreeMap, BTreeSet};

use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::sync::Fingerprint;
use rusqlite::{Connection, Row, params, params_from_iter};

use super::codec::{self, from_cbor, int, to_cbor};
use crate::store::channel::{halves, joined, turned};
use crate::store::{Entry, Moved, StoreError, Tip, Tips, Write};

const COLUMNS: &str = "channel, doc, seq, present, floor, steps";

/// The channels that documents move in within one transaction. Many move in few: each channel is read once and written once.
#[derive(Default)]
pub(super) struct Moving(BTreeMap<String, Tip>);

impl Moving {
    /// Takes the channel's next sequence, and turns what is in it.
    fn step(&mut self, conn: &Connection, channel: &str, turned: Fingerprint) -> Result<u64, StoreError> {
        let tip = match self.0.get_mut(channel) {
            Some(tip) => tip,
            None => self.0.entry(channel.to_owned()).or_insert(begin(conn, channel)?),
        };
        tip.seq += 1;
        tip.fingerprint.turn(turned);
        Ok(tip.seq)
    }

    /// Puts down where the channels are now. Without it nothing may be committed.
    pub(super) fn end(self, conn: &Connection) -> Result<(), StoreError> {
        let mut statement =
            conn.prepare_cached("UPDATE channels SET seq = ?2, high = ?3, low = ?4 WHERE name = ?1")?;
        for (channel, tip) in self.0 {
            let (high, low) = halves(tip.fingerprint);
            statement.execute(params![channel, int(tip.seq), high, low])?;
        }
        Ok(())
    }
}

/// Where a channel is; a new one is made.
fn begin(conn: &Connection, channel: &str) -> Result<Tip, StoreError> {
    if let Some(tip) = tip(conn, channel)? {
        return Ok(tip);
    }
    conn.prepare_cached("INSERT INTO channels (name, seq) VALUES (?1, 0)")?
        .execute([channel])?;
    Ok(Tip::default())
}

fn tip(conn: &Connection, channel: &str) -> Result<Option<Tip>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT seq, high, low FROM channels WHERE name = ?1")?;
    let mut rows = statement.query([channel])?;
    let tip = |row: &Row<'_>| {
        Ok(Tip {
            seq: codec::count(row, "seq")?,
            fingerprint: joined(row.get("high")?, row.get("low")?),
        })
    };
    rows.next()?.map(tip).transpose()
}

/// Moves the document, which was in the state `was`, in every channel that it is in, was in, or comes into; answers those
/// channels.
pub(super) fn update(
    conn: &Connection,
    moving: &mut Moving,
    write: &Write,
    was: Option<&Heads>,
) -> Result<Vec<String>, StoreError> {
    let before = match was {
        Some(_) => all_of(conn, write.doc)?,
        None => Vec::new(),
    };
    let mut names: BTreeSet<&str> = write.channels.iter().map(String::as_str).collect();
    names.extend(
        before
            .iter()
            .filter(|entry| entry.present)
            .map(|entry| entry.channel.as_str()),
    );
    let mut moved = Vec::new();
    for name in names {
        let known = before.iter().find(|entry| entry.channel == name).cloned();
        let was = was.filter(|_| known.as_ref().is_some_and(|known| known.present));
        let stays = write.channels.iter().any(|channel| channel == name);
        let turned = turned(write.doc, was, stays.then_some(&write.heads));
        let seq = moving.step(conn, name, turned)?;
        let entry = Entry::after(known, name, write.doc, seq, stays, write.base);
        put(conn, &entry)?;
        moved.push(entry.channel);
    }
    Ok(moved)
}

/// Takes the document out of every channel that it is or was in, so that whoever held it hears of it anew; answers them.
pub(super) fn leave(conn: &Connection, moving: &mut Moving, doc: DocId) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT heads FROM documents WHERE id = ?1")?;
    let mut rows = statement.query(params![doc.0])?;
    let was = rows.next()?.map(|row| codec::heads(row, "heads")).transpose()?;
    let mut entries = all_of(conn, doc)?;
    entries.sort_by(|a, b| a.channel.cmp(&b.channel));
    let mut moved = Vec::new();
    for entry in entries {
        let turned = turned(doc, was.as_ref().filter(|_| entry.present), None);
        let seq = moving.step(conn, &entry.channel, turned)?;
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

pub(super) fn tips(conn: &Connection, channels: &[String]) -> Result<Tips, StoreError> {
    let of = |name: &String| Ok(tip(conn, name)?.map(|tip| (name.clone(), tip)));
    channels.iter().filter_map(|name| of(name).transpose()).collect()
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

/// Turns every document that is in a channel into the channel's fingerprint, which has nothing yet.
pub(super) fn fill_fingerprints(conn: &Connection) -> Result<(), StoreError> {
    let mut statement = conn.prepare(
        "SELECT channel, doc, heads FROM entries JOIN documents ON documents.id = entries.doc WHERE present",
    )?;
    let mut rows = statement.query([])?;
    let mut fingerprints: BTreeMap<String, Fingerprint> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let fingerprint = Fingerprint::of(codec::doc(row, "doc")?, &codec::heads(row, "heads")?);
        fingerprints
            .entry(row.get("channel")?)
            .or_default()
            .turn(fingerprint);
    }
    let mut statement = conn.prepare("UPDATE channels SET high = ?2, low = ?3 WHERE name = ?1")?;
    for (channel, fingerprint) in fingerprints {
        let (high, low) = halves(fingerprint);
        statement.execute(params![channel, high, low])?;
    }
    Ok(())
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

/// A number that each step of any channel raises.
pub(super) fn moves(conn: &Connection) -> Result<u64, StoreError> {
    let mut statement = conn.prepare_cached("SELECT coalesce(sum(seq), 0) AS moves FROM channels")?;
    let mut rows = statement.query([])?;
    rows.next()?.map_or(Ok(0), |row| codec::count(row, "moves"))
}

pub(super) fn put(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO entries (channel, doc, seq, present, floor, steps) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (doc, channel) DO UPDATE SET
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
