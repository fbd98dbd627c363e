//! What records rest on, which files they name, what they count for, and their numbers in the books.

use std::collections::BTreeSet;

use lianxin_shared::id::{DocId, FileHash, Moment};
use lianxin_shared::rules::Subject;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::codec::{damaged, int};
use super::records::{COLUMNS, listed};
use crate::store::{CreditFilter, Links, Listed, Row, StoreError};

/// A record's document, and the number of its row. What is looked up by figure or time lies by the number: new ones come
/// next to each other, where by the document they would lie all over.
type Place = (DocId, i64);

/// Puts a record's links, files, credits and sketch in place. `is_new`: it had none.
pub(super) fn put(
    conn: &Connection,
    (doc, number): Place,
    row: &Row,
    now: Moment,
    is_new: bool,
) -> Result<(), StoreError> {
    if !is_new {
        forget(conn, (doc, number))?;
    }
    let mut link = conn.prepare_cached("INSERT INTO links (doc, field, target) VALUES (?1, ?2, ?3)")?;
    for one in &row.links {
        link.execute(params![doc.0, one.field, one.to.0])?;
    }
    let mut file = conn.prepare_cached("INSERT INTO files (doc, hash) VALUES (?1, ?2)")?;
    for hash in &row.files {
        file.execute(params![doc.0, hash.0])?;
    }
    let mut credit = conn.prepare_cached(
        "INSERT INTO credits (number, subject, figure, amount, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (number, subject, figure) DO UPDATE SET amount = max(amount, excluded.amount)",
    )?;
    for share in &row.credits {
        credit.execute(params![
            number,
            share.subject.to_string(),
            share.figure,
            share.amount,
            row.when.0
        ])?;
    }
    if let Some(sketch) = &row.sketch {
        let sql = "INSERT OR REPLACE INTO sketches (number, doc, sketch, changed_at) VALUES (?1, ?2, ?3, ?4)";
        conn.prepare_cached(sql)?
            .execute(params![number, doc.0, sketch, now.0])?;
    }
    if let Some(user) = row.user() {
        let subject = Subject::Person(doc).to_string();
        conn.prepare_cached("INSERT OR REPLACE INTO people (user, subject) VALUES (?1, ?2)")?
            .execute(params![user, subject])?;
    }
    Ok(())
}

/// The sketches that were put in place at a moment or later.
pub(super) fn sketches(conn: &Connection, since: Moment) -> Result<Vec<(DocId, Vec<u8>)>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT doc, sketch FROM sketches WHERE changed_at >= ?1")?;
    let rows = statement.query_map([since.0], |row| Ok((DocId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Which of these files some record names.
pub(super) fn named(conn: &Connection, files: &[FileHash]) -> Result<BTreeSet<FileHash>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM files WHERE hash = ?1")?;
    let mut named = BTreeSet::new();
    for file in files {
        if statement.exists(params![file.0])? {
            named.insert(*file);
        }
    }
    Ok(named)
}

/// Removes a record's links and credits, and that it names files.
fn forget(conn: &Connection, (doc, number): Place) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM links WHERE doc = ?1")?
        .execute(params![doc.0])?;
    conn.prepare_cached("DELETE FROM files WHERE doc = ?1")?
        .execute(params![doc.0])?;
    conn.prepare_cached("DELETE FROM credits WHERE number = ?1")?
        .execute([number])?;
    Ok(())
}

/// Removes a record's links, credits and sketch, and who the user is that it names. A number in the books stays given.
pub(super) fn remove(conn: &Connection, (doc, number): Place) -> Result<(), StoreError> {
    forget(conn, (doc, number))?;
    conn.execute("DELETE FROM sketches WHERE number = ?1", [number])?;
    let subject = Subject::Person(doc).to_string();
    conn.execute("DELETE FROM people WHERE subject = ?1", [subject])?;
    Ok(())
}

/// The condition that a record counts for a figure, with the values for its question marks.
pub(super) fn condition(credit: &CreditFilter) -> (String, Vec<Sql>) {
    let marks = vec!["?"; credit.subjects.len()].join(", ");
    let sql = format!("number IN (SELECT number FROM credits WHERE figure = ? AND subject IN ({marks}))");
    let mut values = vec![Sql::from(credit.figure.clone())];
    values.extend(credit.subjects.iter().cloned().map(Sql::from));
    (sql, values)
}

pub(super) fn links(conn: &Connection, doc: DocId) -> Result<Links, StoreError> {
    let read = |ours: &str, theirs: &str| -> Result<Vec<(String, Listed)>, StoreError> {
        let mut statement = conn.prepare_cached(&format!(
            "SELECT link.field AS field, {COLUMNS}
             FROM (SELECT {theirs} AS other, field FROM links WHERE {ours} = ?1) AS link
             JOIN records ON records.doc = link.other ORDER BY received_at, number"
        ))?;
        let mut rows = statement.query(params![doc.0])?;
        let mut links = Vec::new();
        while let Some(row) = rows.next()? {
            links.push((row.get("field")?, listed(row)?));
        }
        Ok(links)
    };
    Ok(Links {
        to: read("doc", "target")?,
        from: read("target", "doc")?,
    })
}

pub(super) fn by_receipt(conn: &Connection, code: &str) -> Result<Option<DocId>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT doc FROM records WHERE receipt = ?1 LIMIT 1")?;
    let doc = statement.query_row([code], |row| row.get(0)).optional()?;
    Ok(doc.map(DocId))
}

/// A record's number in a series: the next one, or the one it has.
pub(super) fn number(conn: &Connection, series: &str, doc: DocId) -> Result<u64, StoreError> {
    conn.prepare_cached(
        "INSERT INTO numbers (series, number, doc)
         SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM numbers WHERE series = ?1
         ON CONFLICT (series, doc) DO NOTHING",
    )?
    .execute(params![series, doc.0])?;
    let mut statement = conn.prepare_cached("SELECT number FROM numbers WHERE series = ?1 AND doc = ?2")?;
    let number: i64 = statement.query_row(params![series, doc.0], |row| row.get(0))?;
    u64::try_from(number).map_err(|_| damaged("number"))
}

pub(super) fn projection(conn: &Connection) -> Result<u32, StoreError> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = 'projection'")?;
    let version: Option<Vec<u8>> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(version
        .and_then(|version| version.try_into().ok())
        .map_or(0, u32::from_be_bytes))
}

pub(super) fn set_projection(conn: &Connection, version: u32) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('projection', ?1)";
    conn.execute(sql, params![version.to_be_bytes()])?;
    Ok(())
}

/// Numbers that were given, to be put into another store.
pub(super) fn put_number(conn: &Connection, series: &str, number: u64, doc: DocId) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO numbers (series, number, doc) VALUES (?1, ?2, ?3)")?
        .execute(params![series, int(number), doc.0])?;
    Ok(())
}
