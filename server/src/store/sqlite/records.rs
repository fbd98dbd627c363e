//! Records as rows: written with each acceptance, queried by the office.

use std::collections::{BTreeMap, BTreeSet};

use lianxin_shared::id::{DocId, Moment, UserId};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};

use super::codec::{self, damaged};
use super::{related, words};
use crate::store::listing::{NEVER, compared};
use crate::store::{Care, Counts, Filter, Listed, Mark, Order, Page, Row, StoreError};

pub(super) const COLUMNS: &str = "number, doc, kind, station, owner, created_at, received_at, happened_at, state, state_since, theme, \
     title, excerpt, fields, case_number, receipt, open, handler, due, moved, general, setbacks";

/// Puts a record's row in place. It keeps the moment at which it was first received.
pub(super) fn put(
    conn: &Connection,
    doc: DocId,
    row: &Row,
    now: Moment,
    is_new: bool,
) -> Result<(), StoreError> {
    write(conn, doc, row, now, None, is_new)
}

/// Puts a record's row at a place in lists that it had elsewhere.
pub(super) fn put_at(conn: &Connection, doc: DocId, row: &Row, mark: Mark) -> Result<(), StoreError> {
    write(conn, doc, row, mark.received_at, Some(mark.number), true)
}

fn write(
    conn: &Connection,
    doc: DocId,
    row: &Row,
    received_at: Moment,
    number: Option<i64>,
    is_new: bool,
) -> Result<(), StoreError> {
    let fields = serde_json::to_string(&row.values).map_err(|_| damaged("fields"))?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO records (doc, kind, station, owner, created_at, received_at, happened_at, state, state_since,
                              theme, title, excerpt, fields, number, case_number, receipt, open, handler, due, moved,
                              general, setbacks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
         ON CONFLICT (doc) DO UPDATE SET
             kind = excluded.kind, station = excluded.station, owner = excluded.owner,
             created_at = excluded.created_at, happened_at = excluded.happened_at, state = excluded.state,
             state_since = excluded.state_since, theme = excluded.theme, title = excluded.title,
             excerpt = excluded.excerpt, fields = excluded.fields, case_number = excluded.case_number,
             receipt = excluded.receipt, open = excluded.open, handler = excluded.handler, due = excluded.due,
             moved = excluded.moved, general = excluded.general, setbacks = excluded.setbacks
         RETURNING number",
    )?;
    let values = params![
        doc.0,
        row.kind,
        row.station.map(|station| station.0),
        row.owner.as_str(),
        row.created_at.0,
        received_at.0,
        row.when.0,
        row.state,
        row.state_since.map(|since| since.0),
        row.theme.map(|theme| theme.0),
        row.title,
        row.excerpt,
        fields,
        number,
        row.number,
        row.receipt,
        row.care.open,
        row.care.handler.as_ref().map(UserId::as_str),
        row.care.due.map(|due| due.0),
        row.care.moved.map(|moved| moved.0),
        row.care.general,
        row.care.setbacks,
    ];
    let number: i64 = statement.query_row(values, |row| row.get(0))?;
    related::put(conn, doc, row, received_at, is_new)?;
    words::put(conn, number, &row.tokens, is_new)
}

/// Removes a record's row and its words.
pub(super) fn remove(conn: &Connection, doc: DocId) -> Result<(), StoreError> {
    let sql = "DELETE FROM records WHERE doc = ?1 RETURNING number";
    let number = conn.query_row(sql, params![doc.0], |row| row.get(0)).optional()?;
    number.map_or(Ok(()), |number| words::remove(conn, number))
}

/// The row of a record with its place in lists; without its tokens.
pub(super) fn of(conn: &Connection, doc: DocId) -> Result<Option<(Mark, Row)>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM records WHERE doc = ?1"))?;
    let mut rows = statement.query(params![doc.0])?;
    rows.next()?
        .map(|row| Ok((mark(row)?, listed(row)?.row)))
        .transpose()
}

pub(super) fn page(
    conn: &Connection,
    filter: &Filter,
    after: Option<Mark>,
    limit: u32,
) -> Result<Page, StoreError> {
    let mut condition = Condition::of(filter);
    let (rank, ranked) = rank(filter);
    if let Some(after) = after {
        let place = [after.received_at.0, after.number].map(Sql::from);
        if filter.order == Order::Received {
            condition.and("(received_at, number) < (?, ?)", place);
        } else {
            let values = [Sql::from(after.rank)].into_iter().chain(place);
            condition.and("(rank, received_at, number) < (?, ?, ?)", values);
        }
    }
    // One more than asked for tells whether there is a next page.
    condition.values.push(Sql::from(i64::from(limit) + 1));
    // By receipt alone the index on it gives the order.
    let first = if filter.order == Order::Received {
        ""
    } else {
        "rank DESC, "
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {rank} AS rank, {COLUMNS} FROM records WHERE {} ORDER BY {first}received_at DESC, number DESC LIMIT ?",
        condition.sql
    ))?;
    let mut rows = statement.query(params_from_iter(ranked.into_iter().chain(condition.values)))?;
    let mut page = Page::default();
    let mut last = None;
    while let Some(row) = rows.next()? {
        if page.records.len() == limit as usize {
            page.next = last;
            break;
        }
        last = Some(Mark {
            rank: row.get("rank")?,
            ..mark(row)?
        });
        page.records.push(listed(row)?);
    }
    Ok(page)
}

/// How far up a record stands, with the values for its question marks.
fn rank(filter: &Filter) -> (String, Vec<Sql>) {
    match filter.order {
        Order::Received => ("0".to_owned(), Vec::new()),
        Order::Due => (format!("-coalesce(due, {NEVER})"), Vec::new()),
        Order::Words => {
            let terms = vec!["(instr(lower(title), ?) > 0)"; filter.tokens.len()];
            let tokens = filter.tokens.iter().map(|token| compared(token).to_owned());
            (
                ["0"].into_iter().chain(terms).collect::<Vec<_>>().join(" + "),
                tokens.map(Sql::from).collect(),
            )
        }
    }
}

/// The records of these documents, those that there are.
pub(super) fn listed_of(conn: &Connection, docs: &[DocId]) -> Result<Vec<Listed>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM records WHERE doc = ?1"))?;
    let mut found = Vec::new();
    for doc in docs {
        let mut rows = statement.query(params![doc.0])?;
        if let Some(row) = rows.next()? {
            found.push(listed(row)?);
        }
    }
    Ok(found)
}

/// Puts other rows in the place of those of records.
pub(super) fn renew(conn: &Connection, rows: &[(DocId, Row)]) -> Result<(), StoreError> {
    for (doc, row) in rows {
        let mark = of(conn, *doc)?.map(|(mark, _)| mark);
        if let Some(mark) = mark {
            write(conn, *doc, row, mark.received_at, Some(mark.number), false)?;
        }
    }
    Ok(())
}

fn mark(row: &rusqlite::Row<'_>) -> Result<Mark, StoreError> {
    Ok(Mark {
        rank: 0,
        received_at: Moment(row.get("received_at")?),
        number: row.get("number")?,
    })
}

pub(super) fn listed(row: &rusqlite::Row<'_>) -> Result<Listed, StoreError> {
    let fields: String = row.get("fields")?;
    Ok(Listed {
        doc: codec::doc(row, "doc")?,
        received_at: Moment(row.get("received_at")?),
        row: Row {
            kind: row.get("kind")?,
            station: codec::doc_or_none(row, "station")?,
            owner: codec::user(row, "owner")?,
            created_at: Moment(row.get("created_at")?),
            when: Moment(row.get("happened_at")?),
            state: row.get("state")?,
            state_since: row.get::<_, Option<i64>>("state_since")?.map(Moment),
            theme: codec::doc_or_none(row, "theme")?,
            title: row.get("title")?,
            excerpt: row.get("excerpt")?,
            values: serde_json::from_str(&fields).map_err(|_| damaged("fields"))?,
            number: row.get("case_number")?,
            receipt: row.get("receipt")?,
            care: Care {
                open: row.get("open")?,
                handler: codec::user_or_none(row, "handler")?,
                due: row.get::<_, Option<i64>>("due")?.map(Moment),
                moved: row.get::<_, Option<i64>>("moved")?.map(Moment),
                general: row.get("general")?,
                setbacks: row.get("setbacks")?,
            },
            tokens: Vec::new(),
            links: BTreeSet::new(),
            files: BTreeSet::new(),
            credits: BTreeSet::new(),
            sketch: None,
        },
    })
}

pub(super) fn counts(conn: &Connection, filter: &Filter) -> Result<Counts, StoreError> {
    let condition = Condition::of(filter);
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM records WHERE {}", condition.sql))?
        .query_row(params_from_iter(&condition.values), |row| row.get::<_, i64>(0))
        .optional()?;
    let by_name = |column| by::<String>(conn, &condition, column);
    let by_doc = |column| -> Result<BTreeMap<DocId, u64>, StoreError> {
        let counts = by::<[u8; 16]>(conn, &condition, column)?;
        Ok(counts.into_iter().map(|(id, n)| (DocId(id), n)).collect())
    };
    Ok(Counts {
        total: total.and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        by_kind: by_name("kind")?,
        by_state: by_name("state")?,
        by_station: by_doc("station")?,
        by_theme: by_doc("theme")?,
    })
}

fn by<K: Ord + rusqlite::types::FromSql>(
    conn: &Connection,
    condition: &Condition,
    column: &str,
) -> Result<BTreeMap<K, u64>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {column}, count(*) AS n FROM records WHERE {} AND {column} IS NOT NULL GROUP BY {column}",
        condition.sql
    ))?;
    let mut rows = statement.query(params_from_iter(&condition.values))?;
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        counts.insert(row.get(0)?, codec::count(row, "n")?);
    }
    Ok(counts)
}

/// What a record must fulfil, with the values for its question marks.
struct Condition {
    sql: String,
    values: Vec<Sql>,
}

impl Condition {
    fn of(filter: &Filter) -> Self {
        let marks = vec!["?"; filter.kinds.len()].join(", ");
        let mut condition = Self {
            sql: format!("kind IN ({marks})"),
            values: filter.kinds.iter().cloned().map(Sql::from).collect(),
        };
        if let Some(station) = filter.station {
            condition.and("station = ?", [Sql::from(station.0.to_vec())]);
        }
        if let Some(state) = &filter.state {
            condition.and("state = ?", [Sql::from(state.clone())]);
        }
        if let Some(theme) = filter.theme {
            condition.and("theme = ?", [Sql::from(theme.0.to_vec())]);
        }
        if let Some(from) = filter.from {
            condition.and("happened_at >= ?", [Sql::from(from.0)]);
        }
        if let Some(before) = filter.before {
            condition.and("happened_at < ?", [Sql::from(before.0)]);
        }
        if let Some(handler) = &filter.handler {
            condition.and("handler = ?", [Sql::from(handler.to_string())]);
        }
        if filter.unassigned {
            condition.and("handler IS NULL", []);
        }
        if let Some(owner) = &filter.owner {
            condition.and("owner = ?", [Sql::from(owner.to_string())]);
        }
        if let Some(open) = filter.open {
            condition.and("open = ?", [Sql::from(open)]);
        }
        if let Some(now) = filter.overdue {
            condition.and("open AND due < ?", [Sql::from(now.0)]);
        }
        if let Some(since) = filter.stalled {
            condition.and("open AND moved < ?", [Sql::from(since.0)]);
        }
        if filter.general {
            condition.and("general", []);
        }
        if filter.wanting {
            condition.and("setbacks > 0", []);
        }
        if let Some(credit) = &filter.credit {
            let (sql, values) = related::condition(credit);
            condition.and(&sql, values);
        }
        if !filter.tokens.is_empty() {
            let (sql, values) = words::condition(&filter.tokens);
            condition.and(&sql, values);
        }
        condition
    }

    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Sql>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}
