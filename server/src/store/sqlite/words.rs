//! What a search finds records by.
//!
//! A full-text index of Chinese pairs costs more than all the rest of an acceptance, and nobody waits for it. So a record's
//! tokens are laid by within the transaction that accepts it, and go into the index when the writer has nothing else to do. A
//! search looks into both, so it finds what was accepted a moment ago.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params};

use crate::store::StoreError;
use crate::store::listing::compared;

/// How many records go into the index at once. It takes some tens of milliseconds, for which a writer may have to wait.
const AT_ONCE: u32 = 100;

/// Lays by a record's tokens. `is_new`: nothing was ever laid by for it.
pub(super) fn put(conn: &Connection, number: i64, tokens: &[String], is_new: bool) -> Result<(), StoreError> {
    if !is_new {
        conn.prepare_cached("DELETE FROM words WHERE rowid = ?1")?
            .execute(params![number])?;
    }
    // Each token begins after a space: that is how it is looked for here.
    let tokens = format!(" {}", tokens.join(" "));
    conn.prepare_cached("INSERT OR REPLACE INTO waiting (number, tokens) VALUES (?1, ?2)")?
        .execute(params![number, tokens])?;
    Ok(())
}

/// Removes a record's tokens.
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
    let mut statement = conn.prepare_cached("SELECT number, tokens FROM waiting ORDER BY number LIMIT ?1")?;
    let rows = statement.query_map([AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
    let mut insert = conn.prepare_cached("INSERT INTO words (rowid, tokens) VALUES (?1, ?2)")?;
    let mut forget = conn.prepare_cached("DELETE FROM waiting WHERE number = ?1")?;
    for (number, tokens) in rows {
        insert.execute(params![number, tokens])?;
        forget.execute([number])?;
    }
    Ok(())
}

/// The condition that a record has words beginning with each of these tokens, with the values for its question marks.
pub(super) fn condition(tokens: &[String]) -> (String, Vec<Sql>) {
    let query: Vec<_> = tokens.iter().map(|token| phrase(token)).collect();
    let waits = vec!["instr(tokens, ?) > 0"; tokens.len()].join(" AND ");
    let sql = format!(
        "number IN (SELECT rowid FROM words WHERE words MATCH ?
                    UNION ALL SELECT number FROM waiting WHERE {waits})"
    );
    let mut values = vec![Sql::from(query.join(" AND "))];
    values.extend(
        tokens
            .iter()
            .map(|token| Sql::from(format!(" {}", compared(token)))),
    );
    (sql, values)
}

/// What begins with a token, in the language of full-text queries; nothing in the token is taken for an operator.
fn phrase(token: &str) -> String {
    format!("\"{}\"*", compared(token).replace('"', "\"\""))
}
