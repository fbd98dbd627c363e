//! What was refused.

use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Refusal, RefusalCode};
use minicbor::bytes::{ByteSlice, ByteVec};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

use super::codec::{self, damaged, from_cbor, to_cbor};
use super::{audit, dump};
use crate::store::{Act, Digest, Quarantined, Refused, StoreError, Waiting};

/// Keeps what was refused. The same changes of the same user are kept once, with the last reason.
pub(super) fn put(conn: &Connection, refused: &[Quarantined]) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO quarantine (doc, user, digest, device, code, about, changes, at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
         WHERE NOT EXISTS (SELECT 1 FROM documents WHERE id = ?1 AND erased)
         ON CONFLICT (doc, user, digest) DO UPDATE SET code = excluded.code, about = excluded.about",
    )?;
    for entry in refused {
        let changes: Vec<&ByteSlice> = entry
            .changes
            .iter()
            .map(|change| change.as_slice().into())
            .collect();
        let changes = to_cbor(&changes)?;
        let digest: [u8; 32] = Sha256::digest(&changes).into();
        statement.execute(params![
            entry.doc.0,
            entry.by.user.as_str(),
            digest,
            entry.by.device.0,
            entry.refusal.code.as_str(),
            entry.refusal.about,
            changes,
            entry.at.0,
        ])?;
    }
    Ok(())
}

/// The latest first.
pub(super) fn waiting(conn: &Connection, limit: u32) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT doc, user, digest, code, at FROM quarantine ORDER BY at DESC LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([limit])?;
    let mut waiting = Vec::new();
    while let Some(row) = rows.next()? {
        waiting.push(Waiting {
            which: Refused {
                doc: codec::doc(row, "doc")?,
                user: codec::user(row, "user")?,
                digest: Digest(row.get("digest")?),
            },
            code: code(row)?,
            at: Moment(row.get("at")?),
        });
    }
    Ok(waiting)
}

/// One of it.
pub(super) fn get(conn: &Connection, which: &Refused) -> Result<Option<Quarantined>, StoreError> {
    let sql = "SELECT * FROM quarantine WHERE doc = ?1 AND user = ?2 AND digest = ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement
        .query_row(params![which.doc.0, which.user.as_str(), which.digest.0], |row| {
            Ok(read(row))
        })
        .optional()?;
    found.transpose()
}

/// Takes one of it out.
pub(super) fn settle(conn: &Connection, which: &Refused, act: &Act) -> Result<bool, StoreError> {
    let sql = "DELETE FROM quarantine WHERE doc = ?1 AND user = ?2 AND digest = ?3";
    let gone = conn.execute(sql, params![which.doc.0, which.user.as_str(), which.digest.0])? > 0;
    if gone {
        audit::add(conn, act)?;
    }
    Ok(gone)
}

/// One that is kept.
pub(super) fn read(row: &Row<'_>) -> Result<Quarantined, StoreError> {
    let changes: Vec<ByteVec> = from_cbor(&row.get::<_, Vec<u8>>("changes")?, "changes")?;
    Ok(Quarantined {
        doc: codec::doc(row, "doc")?,
        by: dump::binding(row)?,
        refusal: Refusal {
            code: code(row)?,
            about: row.get("about")?,
        },
        changes: changes.into_iter().map(Into::into).collect(),
        at: Moment(row.get("at")?),
    })
}

fn code(row: &Row<'_>) -> Result<RefusalCode, StoreError> {
    let code: String = row.get("code")?;
    let code = RefusalCode::ALL.iter().find(|known| known.as_str() == code);
    code.copied().ok_or_else(|| damaged("code"))
}
