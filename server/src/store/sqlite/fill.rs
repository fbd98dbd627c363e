//! Taking everything that another store kept.

use rusqlite::{Connection, params};

use super::codec::{int, to_cbor};
use super::{accounts, audit, channels, commit, devices, erasure, quarantine, records, related, second};
use crate::store::{Actor, Kept, KeptDocument, Life, Pages, StoreError};

pub(super) fn fill(conn: &Connection, mut pages: Pages) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM documents) OR EXISTS (SELECT 1 FROM users)
                      OR EXISTS (SELECT 1 FROM actors)";
    if conn.query_row(sql, [], |row| row.get(0))? {
        return Err(StoreError::NotEmpty);
    }
    while let Some(page) = pages.blocking_recv() {
        page?.iter().try_for_each(|kept| put(conn, kept))?;
    }
    channels::fill_fingerprints(conn)
}

fn put(conn: &Connection, kept: &Kept) -> Result<(), StoreError> {
    match kept {
        Kept::Life(life) => put_life(conn, life),
        Kept::Account(account) => accounts::add(conn, account),
        Kept::Second(user, second) => second::put(conn, user, Some(second)),
        Kept::Session(session) => accounts::open_session(conn, session),
        Kept::Withdrawn(token, user, withdrawal) => accounts::put_withdrawn(conn, *token, user, *withdrawal),
        Kept::Code(code, user, expires_at) => accounts::put_code(conn, *code, user, *expires_at),
        Kept::Device(device) => devices::register(conn, device).map(drop),
        Kept::Actor(actor) => put_actor(conn, actor),
        Kept::Channel(name, seq) => {
            conn.prepare_cached("INSERT INTO channels (name, seq) VALUES (?1, ?2)")?
                .execute(params![name, int(*seq)])?;
            Ok(())
        }
        Kept::Document(document) => put_document(conn, document),
        Kept::Number(series, number, doc) => related::put_number(conn, series, *number, *doc),
        Kept::Tombstone(tombstone) => erasure::put(conn, tombstone),
        Kept::Act(act) => audit::add(conn, act),
        Kept::Quarantined(quarantined) => quarantine::put(conn, std::slice::from_ref(quarantined)),
    }
}

fn put_life(conn: &Connection, life: &Life) -> Result<(), StoreError> {
    for (key, value) in [("epoch", &life.epoch.0[..]), ("receipt-key", &life.receipt_key)] {
        conn.execute("UPDATE meta SET value = ?2 WHERE key = ?1", params![key, value])?;
    }
    Ok(())
}

fn put_actor(conn: &Connection, actor: &Actor) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO actors (actor, user, device, bound_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            actor.actor,
            actor.by.user.as_str(),
            actor.by.device.0,
            actor.bound_at.0
        ])?;
    Ok(())
}

fn put_document(conn: &Connection, document: &KeptDocument) -> Result<(), StoreError> {
    let stored = &document.stored;
    let kept = document.snapshot_version();
    let mut statement = conn.prepare_cached(
        "INSERT INTO documents
             (id, version, heads, bytes, operations, snapshot, snapshot_version, received_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    statement.execute(params![
        document.doc.0,
        int(stored.version),
        to_cbor(&stored.content.heads)?,
        int(stored.bytes),
        int(stored.operations),
        stored.content.snapshot,
        int(kept),
        document.received_at.0,
        document.changed_at.0,
    ])?;
    commit::changes(conn, document.doc, kept, &stored.content.changes)?;
    document
        .entries
        .iter()
        .try_for_each(|entry| channels::put(conn, entry))?;
    if let Some((mark, row)) = &document.row {
        records::put_at(conn, document.doc, row, *mark)?;
    }
    Ok(())
}
