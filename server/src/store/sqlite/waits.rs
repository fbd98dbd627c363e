//! How long answers were waited for.

use lianxin_shared::id::Moment;
use rusqlite::{Connection, params};

use super::codec;
use crate::store::{StoreError, Wait};

pub(super) fn waits(
    conn: &Connection,
    kind: &str,
    from: Moment,
    before: Moment,
) -> Result<Vec<Wait>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT theme, waited FROM records
         WHERE kind = ?1 AND happened_at >= ?2 AND happened_at < ?3 AND waited IS NOT NULL",
    )?;
    let mut rows = statement.query(params![kind, from.0, before.0])?;
    let mut waits = Vec::new();
    while let Some(row) = rows.next()? {
        waits.push(Wait {
            theme: codec::doc_or_none(row, "theme")?,
            ms: row.get("waited")?,
        });
    }
    Ok(waits)
}
