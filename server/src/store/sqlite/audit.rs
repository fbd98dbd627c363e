//! What those who administer did.

use lianxin_shared::id::Moment;
use rusqlite::{Connection, Row, params};

use super::codec::{self, damaged, int};
use crate::store::{Act, Acts, Chain, Chained, Deed, Last, Link, StoreError};

/// Adds an act to the end of the chain.
pub(super) fn add(conn: &Connection, act: &Act) -> Result<(), StoreError> {
    let former = last(conn)?;
    let number = former.map_or(1, |last| last.number + 1);
    let link = former.map_or(Link::FIRST, |last| last.link).after(act);
    let mut statement = conn.prepare_cached(
        "INSERT INTO acts (number, at, user, deed, about, kind, words, link)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    statement.execute(params![
        int(number),
        act.at.0,
        act.by.as_str(),
        act.deed.as_str(),
        act.about,
        act.kind,
        act.words,
        link.0,
    ])?;
    set_last(conn, Last { number, link })
}

/// Makes a chain of acts that are none yet.
pub(super) fn link(conn: &Connection) -> Result<(), StoreError> {
    let mut statement = conn.prepare("SELECT * FROM acts ORDER BY number")?;
    let mut rows = statement.query([])?;
    let (mut link, mut number) = (Link::FIRST, 0);
    while let Some(row) = rows.next()? {
        number = codec::count(row, "number")?;
        link = link.after(&act(row)?);
        let sql = "UPDATE acts SET link = ?2 WHERE number = ?1";
        conn.execute(sql, params![int(number), link.0])?;
    }
    set_last(conn, Last { number, link })
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

pub(super) fn chain(conn: &Connection, above: u64, limit: u32) -> Result<Chain, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT * FROM acts WHERE number > ?1 ORDER BY number LIMIT ?2")?;
    let mut rows = statement.query(params![int(above), i64::from(limit)])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        acts.push(Chained {
            number: codec::count(row, "number")?,
            act: act(row).ok(),
            link: Link(row.get("link").unwrap_or_default()),
        });
    }
    Ok(Chain {
        acts,
        last: last(conn)?,
    })
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

fn last(conn: &Connection) -> Result<Option<Last>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT number, link FROM last_act WHERE number > 0")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Last {
        number: codec::count(row, "number")?,
        link: Link(row.get("link")?),
    }))
}

fn set_last(conn: &Connection, last: Last) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE last_act SET number = ?1, link = ?2")?
        .execute(params![int(last.number), last.link.0])?;
    Ok(())
}
