//! When the last backup was made.

use lianxin_shared::id::Moment;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::StoreError;

pub(super) fn note(conn: &Connection, at: Moment) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO meta (key, value) VALUES ('last-backup', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1";
    conn.execute(sql, params![at.0.to_be_bytes()])?;
    Ok(())
}

pub(super) fn last(conn: &Connection) -> Result<Option<Moment>, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = 'last-backup'";
    let at: Option<[u8; 8]> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(at.map(|at| Moment(i64::from_be_bytes(at))))
}
