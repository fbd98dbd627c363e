//! What a search finds records by.
//!
//! A full-text index of Chinese pairs costs more than all the rest of an acceptance, and nobody waits for it. So a record's
//! words are laid by within the transaction that accepts it, and go into the index, in tokens, when the writer has nothing
//! else to do. A search looks into both, so it finds what was accepted a moment ago.

use lianxin_shared::search::{has_token, is_pair, tokens_in};

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params};

use super::codec::damaged;
use crate::store::StoreError;
use crate::store::listing::compared;

/// How many records go into the index at once. It takes some tens of milliseconds, for which a writer may have to wait.
const AT_ONCE: u32 = 100;

/// Lays by a record's words, normalised. `is_new`: nothing was ever laid by for it.
pub(super) fn put(conn: &Connection, number: i64, words: &str, is_new: bool) -> Result<(), StoreError> {
    if !is_new {
        conn.prepare_cached("DELETE FROM words WHERE rowid = ?1")?
            .execute(params![number])?;
    }
    conn.prepare_cached("INSERT OR REPLACE INTO waiting (number, words) VALUES (?1, ?2)")?
        .execute(params![number, words])?;
    Ok(())
}

/// Removes a record's words.
pub(super) fn remove(conn: &Connection, number: i64) -> Result<(), StoreError> {
    conn.execute("DELETE FROM words WHERE rowid = ?1", [number])?;
    conn.execute("DELETE FROM waiting WHERE number = ?1", [number])?;
    Ok(())
}

/// Whether anything waits for the index.
pub(super) fn is_waiting(conn: &Connection) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM waiting)")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Puts some of what waits into the index.
pub(super) fn index_some(conn: &Connection) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached("SELECT number, words FROM waiting ORDER BY number LIMIT ?1")?;
    let rows = statement.query_map([AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
    let mut insert = conn.prepare_cached("INSERT INTO words (rowid, tokens) VALUES (?1, ?2)")?;
    let mut forget = conn.prepare_cached("DELETE FROM waiting WHERE number = ?1")?;
    for (number, words) in rows {
        let tokens = tokens_in(&words).collect::<Vec<_>>().join(" ");
        insert.execute(params![number, tokens])?;
        forget.execute([number])?;
    }
    Ok(())
}

/// The condition that a record has words beginning with each of these tokens, with the values for its question marks.
pub(super) fn condition(
    conn: &Connection,
    tokens: &[String],
) -> Result<(&'static str, [Sql; 2]), StoreError> {
    let query: Vec<_> = tokens.iter().map(|token| phrase(token)).collect();
    let waiting = serde_json::to_string(&waiting(conn, tokens)?).map_err(|_| damaged("number"))?;
    let sql =
        "number IN (SELECT rowid FROM words WHERE words MATCH ? UNION ALL SELECT value FROM json_each(?))";
    Ok((sql, [query.join(" AND "), waiting].map(Sql::from)))
}

/// The numbers of those that wait and have such words.
fn waiting(conn: &Connection, tokens: &[String]) -> Result<Vec<i64>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT number, words FROM waiting")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let words = row.get_ref("words")?.as_str().map_err(|_| damaged("words"))?;
        if tokens.iter().all(|token| has_token(words, compared(token))) {
            found.push(row.get("number")?);
        }
    }
    Ok(found)
}

/// What begins with a token, in the language of full-text queries; nothing in the token is taken for an operator. Beginnings
/// are dear: the index puts the lists of all tokens together that have one.
fn phrase(token: &str) -> String {
    let token = compared(token);
    let more = if is_pair(token) { "" } else { "*" };
    format!("\"{}\"{more}", token.replace('"', "\"\""))
}
