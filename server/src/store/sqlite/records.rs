//! Records as rows: written with each acceptance, queried by the office.

use std::collections::BTreeSet;

use lianxin_shared::id::{DocId, Moment, UserId};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};

use super::codec::{self, damaged};
use super::{related, words};
use crate::store::listing::{compared, title_for};
use crate::store::{Care, Counts, Filter, Listed, Mark, Order, Page, Row, StoreError};

pub(super) const COLUMNS: &str = "number, doc, kind, station, owner, created_at, received_at, happened_at, state, state_since, theme, \
     title, excerpt, fields, case_number, receipt, open, handler, due, moved, general, setbacks, assigner, waited";

/// When a record is due, in the words of the index on it; what is never due, after everything else.
const DUE: &str = "coalesce(due, 9000000000000000)";

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
                              general, setbacks, assigner, waited)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
         ON CONFLICT (doc) DO UPDATE SET
             kind = excluded.kind, station = excluded.station, owner = excluded.owner,
             created_at = excluded.created_at, happened_at = excluded.happened_at, state = excluded.state,
             state_since = excluded.state_since, theme = excluded.theme, title = excluded.title,
             excerpt = excluded.excerpt, fields = excluded.fields, case_number = excluded.case_number,
             receipt = excluded.receipt, open = excluded.open, handler = excluded.handler, due = excluded.due,
             moved = excluded.moved, general = excluded.general, setbacks = excluded.setbacks,
             assigner = excluded.assigner, waited = excluded.waited
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
        row.care.assigner.as_ref().map(UserId::as_str),
        row.care.waited,
    ];
    let number: i64 = statement.query_row(values, |row| row.get(0))?;
    related::put(conn, (doc, number), row, received_at, is_new)?;
    words::put(conn, number, &row.words, is_new)
}

/// Removes a record's row with all that belongs to it.
pub(super) fn remove(conn: &Connection, doc: DocId) -> Result<(), StoreError> {
    let sql = "DELETE FROM records WHERE doc = ?1 RETURNING number";
    let number = conn.query_row(sql, params![doc.0], |row| row.get(0)).optional()?;
    let Some(number) = number else {
        return Ok(());
    };
    related::remove(conn, (doc, number))?;
    words::remove(conn, number)
}

/// The row of a record with its place in lists; without its words.
pub(super) fn of(conn: &Connection, doc: DocId) -> Result<Option<(Mark, Row)>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM records WHERE doc = ?1"))?;
    let mut rows = statement.query(params![doc.0])?;
    rows.next()?
        .map(|row| Ok((mark(row)?, listed(row)?.row)))
        .transpose()
}

/// Which records a page has is found in an index that holds all they are filtered by; only these are then read.
pub(super) fn page(
    conn: &Connection,
    filter: &Filter,
    after: Option<Mark>,
    limit: u32,
) -> Result<Page, StoreError> {
    let mut condition = Condition::of(conn, filter)?;
    let (rank, ranked) = rank(filter);
    if let Some(after) = after {
        let place = [after.received_at.0, after.number].map(Sql::from);
        if filter.order == Order::Received {
            condition.and("(received_at, number) < (?, ?)", place);
        } else {
            let values = [Sql::from(after.rank)].into_iter().chain(place);
            condition.and("(rank, received_at, number) < (?, ?, ?)", values);
        }
        if filter.order == Order::Due {
            // The same once more, as the index knows it.
            condition.and(&format!("{DUE} >= ?"), [Sql::from(-after.rank)]);
        }
    }
    // One more than asked for tells whether there is a next page.
    condition.values.push(Sql::from(i64::from(limit) + 1));
    let order = match filter.order {
        // What is overdue is little, and the index on it has just that; the plus keeps the one by receipt out of it.
        Order::Received if filter.overdue.is_some() => "+received_at DESC, number DESC".to_owned(),
        Order::Received => "received_at DESC, number DESC".to_owned(),
        Order::Due => format!("{DUE}, received_at DESC, number DESC"),
        Order::Words => "rank DESC, received_at DESC, number DESC".to_owned(),
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT rank, {COLUMNS}
         FROM (SELECT {rank} AS rank, number FROM {} WHERE {} ORDER BY {order} LIMIT ?) JOIN records USING (number)
         ORDER BY rank DESC, received_at DESC, number DESC",
        source(filter),
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

/// Where records are looked for. A word has thousands, each found by its number: the planner would open every one of them for
/// that, where an index has all that is asked of it.
fn source(filter: &Filter) -> &'static str {
    if filter.tokens.is_empty() {
        "records"
    } else {
        "records INDEXED BY records_found"
    }
}

/// How far up a record stands, with the values for its question marks.
fn rank(filter: &Filter) -> (String, Vec<Sql>) {
    match filter.order {
        Order::Received => ("0".to_owned(), Vec::new()),
        Order::Due => (format!("-{DUE}"), Vec::new()),
        Order::Words => {
            let tokens = filter.tokens.iter();
            let terms = tokens
                .clone()
                .map(|token| format!(" + (instr({}, ?) > 0)", title_for(token)));
            let values = tokens.map(|token| Sql::from(compared(token).to_owned()));
            (format!("0{}", terms.collect::<String>()), values.collect())
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
                assigner: codec::user_or_none(row, "assigner")?,
                due: row.get::<_, Option<i64>>("due")?.map(Moment),
                moved: row.get::<_, Option<i64>>("moved")?.map(Moment),
                general: row.get("general")?,
                setbacks: row.get("setbacks")?,
                waited: row.get("waited")?,
            },
            words: String::new(),
            links: BTreeSet::new(),
            files: BTreeSet::new(),
            credits: BTreeSet::new(),
            sketch: None,
        },
    })
}

pub(super) fn counts(conn: &Connection, filter: &Filter) -> Result<Counts, StoreError> {
    let condition = Condition::of(conn, filter)?;
    let mut statement = conn.prepare_cached(&format!(
        "SELECT kind, state, station, theme, count(*) AS n FROM {} WHERE {} GROUP BY 1, 2, 3, 4",
        source(filter),
        condition.sql
    ))?;
    let mut rows = statement.query(params_from_iter(&condition.values))?;
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        counts.add(
            row.get("kind")?,
            row.get("state")?,
            codec::doc_or_none(row, "station")?,
            codec::doc_or_none(row, "theme")?,
            codec::count(row, "n")?,
        );
    }
    Ok(counts)
}

/// What a record must fulfil, with the values for its question marks.
struct Condition {
    sql: String,
    values: Vec<Sql>,
}

impl Condition {
    fn of(conn: &Connection, filter: &Filter) -> Result<Self, StoreError> {
        // Of several kinds the index by receipt has the order, and all of them; the plus keeps the one by kind out of it.
        let sql = if filter.kinds.len() == 1 && filter.order != Order::Due {
            "kind = ?".to_owned()
        } else {
            format!("+kind IN ({})", vec!["?"; filter.kinds.len()].join(", "))
        };
        let mut condition = Self {
            sql,
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
        if let Some(assigner) = &filter.assigner {
            condition.and("assigner = ?", [Sql::from(assigner.to_string())]);
        }
        if let Some(owner) = &filter.owner {
            condition.and("owner = ?", [Sql::from(owner.to_string())]);
        }
        if let Some(open) = filter.open {
            // In the words of the index on what is due.
            condition.and(if open { "open" } else { "NOT open" }, []);
        }
        if let Some(now) = filter.overdue {
            // In the words of the index on what is due.
            condition.and(&format!("open AND {DUE} < ?"), [Sql::from(now.0)]);
        }
        if filter.undated {
            condition.and("open AND due IS NULL", []);
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
            let (sql, values) = words::condition(conn, &filter.tokens)?;
            condition.and(sql, values);
        }
        Ok(condition)
    }

    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Sql>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}
