//! What those who administer did.

use lianxin_shared::id::Moment;
use rusqlite::{Connection, Row, params};

use super::codec::{self, damaged, int};
use crate::store::{Act, Acts, Deed, StoreError};

pub(super) fn add(conn: &Connection, act: &Act) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO acts (at, user, deed, about, kind, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        act.at.0,
        act.by.as_str(),
        act.deed.as_str(),
        act.about,
        act.kind,
        act.words
    ])?;
    Ok(())
}

pub(super) fn page(conn: &Connection, before: Option<u64>, limit: u32) -> Result<Acts, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT * FROM acts WHERE number < ?1 ORDER BY number DESC LIMIT ?2")?;
    // One more than asked for tells whether there is a next page.
    let mut rows = statement.query(params![before.map_or(i64::MAX, int), i64::from(limit) + 1])?;
    let (mut page, mut last) = (Acts::default(), None);
    while let Some(row) = rows.next()? {
        if page.acts.len() == limit as usize {
            page.next = last;
            break;
        }
        last = Some(codec::count(row, "number")?);
        page.acts.push(act(row)?);
    }
    Ok(page)
}

pub(super) fn act(row: &Row<'_>) -> Result<Act, StoreError> {
    let deed: String = row.get("deed")?;
    let deed = Deed::ALL.iter().find(|known| known.as_str() == deed);
    Ok(Act {
        at: Moment(row.get("at")?),
        by: codec::user(row, "user")?,
        deed: *deed.ok_or_else(|| damaged("deed"))?,
        about: row.get("about")?,
        kind: row.get("kind")?,
        words: row.get("words")?,
    })
}
