//! Records as rows: written with each acceptance, queried by the office.
//!
//! A search asks for tokens that begin with its words. An index over arrays knows only whole elements, so a row keeps the
//! *beginnings* of its tokens (a pair of Han characters has two), and a search asks for rows that hold all of its words
//! among them: one look into the GIN index a word.

use std::collections::BTreeSet;

use deadpool_postgres::Object;
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::search::tokens_in;
use tokio_postgres::Row as Sql;
use tokio_postgres::types::ToSql;

use super::codec::{self, damaged, words};
use super::plan::Place;
use crate::store::listing::{compared, title_for};
use crate::store::{Care, Counts, Filter, Listed, Mark, Order, Page, Row, StoreError};

/// Puts [`Rows`] in place. A record keeps the moment at which it was first received, and its number.
pub(super) const PUT: &str = "
    INSERT INTO records (number, doc, kind, station, owner, created_at, received_at, happened_at, state, state_since,
                         theme, title, excerpt, fields, beginnings, case_number, receipt, open, handler, due, moved, general,
                         setbacks, assigner, waited)
    SELECT coalesce(number, nextval('record_numbers')), doc, kind, station, owner, created_at, received_at, happened_at,
           state, state_since, theme, title, excerpt, fields, string_to_array(beginnings, ' '), case_number,
           receipt, open, handler, due, moved, general, setbacks, assigner, waited
    FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
                $9::text[], $10::bigint[], $11::bytea[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::boolean[], $19::text[],
                $20::bigint[], $21::bigint[], $22::boolean[], $23::bigint[], $24::text[], $25::bigint[])
         AS new (number, doc, kind, station, owner, created_at, received_at, happened_at, state, state_since, theme, title,
                 excerpt, fields, beginnings, case_number, receipt, open, handler, due, moved, general, setbacks, assigner,
                 waited)
    ON CONFLICT (doc) DO UPDATE SET
        kind = excluded.kind, station = excluded.station, owner = excluded.owner, created_at = excluded.created_at,
        happened_at = excluded.happened_at, state = excluded.state, state_since = excluded.state_since,
        theme = excluded.theme, title = excluded.title, excerpt = excluded.excerpt, fields = excluded.fields,
        beginnings = excluded.beginnings, case_number = excluded.case_number, receipt = excluded.receipt,
        open = excluded.open, handler = excluded.handler, due = excluded.due, moved = excluded.moved,
        general = excluded.general, setbacks = excluded.setbacks, assigner = excluded.assigner,
        waited = excluded.waited";

/// What is read of a record.
pub(super) const COLUMNS: &str = "number, doc, kind, station, owner, created_at, received_at, happened_at, state, \
     state_since, theme, title, excerpt, fields, case_number, receipt, open, handler, due, moved, general, setbacks, assigner, waited";

/// When a record is due, in the words of the index on it; what is never due, after everything else.
const DUE: &str = "coalesce(due, 9000000000000000)";

/// Rows as columns.
#[derive(Default)]
pub(super) struct Rows<'a> {
    numbers: Vec<Option<i64>>,
    docs: Vec<&'a [u8]>,
    kinds: Vec<&'a str>,
    stations: Vec<Option<&'a [u8]>>,
    owners: Vec<&'a str>,
    created_at: Vec<i64>,
    received_at: Vec<i64>,
    happened_at: Vec<i64>,
    states: Vec<&'a str>,
    state_since: Vec<Option<i64>>,
    themes: Vec<Option<&'a [u8]>>,
    titles: Vec<String>,
    excerpts: Vec<String>,
    fields: Vec<String>,
    beginnings: Vec<String>,
    case_numbers: Vec<Option<&'a str>>,
    receipts: Vec<Option<&'a str>>,
    open: Vec<bool>,
    handlers: Vec<Option<&'a str>>,
    due: Vec<Option<i64>>,
    moved: Vec<Option<i64>>,
    general: Vec<bool>,
    setbacks: Vec<i64>,
    assigners: Vec<Option<&'a str>>,
    waited: Vec<Option<i64>>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(places: &'a [Place<'a>]) -> Result<Self, StoreError> {
        let mut rows = Self::default();
        for place in places {
            let row = place.row;
            rows.numbers.push(place.number);
            rows.docs.push(&place.doc.0);
            rows.kinds.push(&row.kind);
            rows.stations
                .push(row.station.as_ref().map(|station| &station.0[..]));
            rows.owners.push(row.owner.as_str());
            rows.created_at.push(row.created_at.0);
            rows.received_at.push(place.received_at.0);
            rows.happened_at.push(row.when.0);
            rows.states.push(&row.state);
            rows.state_since.push(row.state_since.map(|since| since.0));
            rows.themes.push(row.theme.as_ref().map(|theme| &theme.0[..]));
            rows.titles.push(words(&row.title).into_owned());
            rows.excerpts.push(words(&row.excerpt).into_owned());
            let fields = serde_json::to_string(&row.values).map_err(|_| damaged("fields"))?;
            rows.fields.push(fields);
            rows.beginnings.push(beginnings(&row.words));
            rows.case_numbers.push(row.number.as_deref());
            rows.receipts.push(row.receipt.as_deref());
            rows.open.push(row.care.open);
            rows.handlers.push(row.care.handler.as_ref().map(UserId::as_str));
            rows.due.push(row.care.due.map(|due| due.0));
            rows.moved.push(row.care.moved.map(|moved| moved.0));
            rows.general.push(row.care.general);
            rows.setbacks.push(row.care.setbacks.into());
            rows.assigners
                .push(row.care.assigner.as_ref().map(UserId::as_str));
            rows.waited.push(row.care.waited);
        }
        Ok(rows)
    }

    /// The documents.
    pub(super) fn docs(&self) -> &(dyn ToSql + Sync) {
        &self.docs
    }

    pub(super) fn values(&self) -> [&(dyn ToSql + Sync); 25] {
        [
            &self.numbers,
            &self.docs,
            &self.kinds,
            &self.stations,
            &self.owners,
            &self.created_at,
            &self.received_at,
            &self.happened_at,
            &self.states,
            &self.state_since,
            &self.themes,
            &self.titles,
            &self.excerpts,
            &self.fields,
            &self.beginnings,
            &self.case_numbers,
            &self.receipts,
            &self.open,
            &self.handlers,
            &self.due,
            &self.moved,
            &self.general,
            &self.setbacks,
            &self.assigners,
            &self.waited,
        ]
    }
}

/// The beginnings of the tokens of normalised words, each once, with blanks between them, which no token has.
fn beginnings(words: &str) -> String {
    let mut beginnings = BTreeSet::new();
    for token in tokens_in(words) {
        let token = compared(token);
        let ends = token.char_indices().map(|(i, c)| i + c.len_utf8());
        beginnings.extend(ends.map(|end| &token[..end]));
    }
    Vec::from_iter(beginnings).join(" ")
}

pub(super) async fn page(
    client: &Object,
    filter: &Filter,
    after: Option<Mark>,
    limit: u32,
) -> Result<Page, StoreError> {
    let mut condition = Condition::of(filter);
    let rank = condition.rank(filter);
    if let Some(after) = after {
        let (at, number) = (condition.put(after.received_at.0), condition.put(after.number));
        if filter.order == Order::Received {
            condition.and(&format!("(received_at, number) < ({at}, {number})"));
        } else {
            let above = condition.put(after.rank);
            condition.and(&format!(
                "({rank}, received_at, number) < ({above}, {at}, {number})"
            ));
        }
        if filter.order == Order::Due {
            // The same once more, as the index knows it.
            condition.fulfil(&format!("{DUE} >="), -after.rank);
        }
    }
    let order = match filter.order {
        Order::Received => "received_at DESC, number DESC".to_owned(),
        Order::Due => format!("{DUE}, received_at DESC, number DESC"),
        Order::Words => "rank DESC, received_at DESC, number DESC".to_owned(),
    };
    // One more than asked for tells whether there is a next page.
    let last = condition.put(i64::from(limit) + 1);
    let sql = format!(
        "SELECT rank, {COLUMNS}
         FROM (SELECT {rank} AS rank, number FROM records WHERE {} ORDER BY {order} LIMIT {last}) AS place
              JOIN records USING (number)
         ORDER BY rank DESC, received_at DESC, number DESC",
        condition.sql
    );
    let statement = client.prepare_cached(&sql).await?;
    let rows = client.query(&statement, &condition.values()).await?;
    let shown = &rows[..rows.len().min(limit as usize)];
    let next = shown.last().filter(|_| rows.len() > shown.len());
    Ok(Page {
        records: shown.iter().map(listed).collect::<Result<_, _>>()?,
        next: next
            .map(|row| {
                Ok::<_, StoreError>(Mark {
                    rank: codec::get(row, "rank")?,
                    ..mark(row)?
                })
            })
            .transpose()?,
    })
}

/// The records of these documents, those that there are, in the same order.
pub(super) async fn listed_of(client: &Object, docs: &[DocId]) -> Result<Vec<Listed>, StoreError> {
    let ids: Vec<_> = docs.iter().map(|doc| &doc.0[..]).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM records WHERE doc = ANY($1::bytea[]) ORDER BY array_position($1::bytea[], doc)"
    );
    let statement = client.prepare_cached(&sql).await?;
    client
        .query(&statement, &[&ids])
        .await?
        .iter()
        .map(listed)
        .collect()
}

pub(super) async fn counts(client: &Object, filter: &Filter) -> Result<Counts, StoreError> {
    let condition = Condition::of(filter);
    let sql = format!(
        "SELECT kind, state, station, theme, count(*) AS n FROM records WHERE {} GROUP BY 1, 2, 3, 4",
        condition.sql
    );
    let statement = client.prepare_cached(&sql).await?;
    let mut counts = Counts::default();
    for row in client.query(&statement, &condition.values()).await? {
        counts.add(
            codec::get(&row, "kind")?,
            codec::get(&row, "state")?,
            codec::doc_or_none(&row, "station")?,
            codec::doc_or_none(&row, "theme")?,
            codec::count(&row, "n")?,
        );
    }
    Ok(counts)
}

/// A record's place in lists.
pub(super) fn mark(row: &Sql) -> Result<Mark, StoreError> {
    Ok(Mark {
        rank: 0,
        received_at: Moment(codec::get(row, "received_at")?),
        number: codec::get(row, "number")?,
    })
}

/// A record.
pub(super) fn listed(row: &Sql) -> Result<Listed, StoreError> {
    Ok(Listed {
        doc: codec::doc(row, "doc")?,
        received_at: Moment(codec::get(row, "received_at")?),
        row: Row {
            kind: codec::get(row, "kind")?,
            station: codec::doc_or_none(row, "station")?,
            owner: codec::user(row, "owner")?,
            created_at: Moment(codec::get(row, "created_at")?),
            when: Moment(codec::get(row, "happened_at")?),
            state: codec::get(row, "state")?,
            state_since: codec::get::<Option<i64>>(row, "state_since")?.map(Moment),
            theme: codec::doc_or_none(row, "theme")?,
            title: codec::get(row, "title")?,
            excerpt: codec::get(row, "excerpt")?,
            values: serde_json::from_str(codec::get(row, "fields")?).map_err(|_| damaged("fields"))?,
            number: codec::get(row, "case_number")?,
            receipt: codec::get(row, "receipt")?,
            care: Care {
                open: codec::get(row, "open")?,
                handler: codec::user_or_none(row, "handler")?,
                assigner: codec::user_or_none(row, "assigner")?,
                due: codec::get::<Option<i64>>(row, "due")?.map(Moment),
                moved: codec::get::<Option<i64>>(row, "moved")?.map(Moment),
                general: codec::get(row, "general")?,
                setbacks: codec::get::<i64>(row, "setbacks")?.try_into().unwrap_or(u32::MAX),
                waited: codec::get(row, "waited")?,
            },
            words: String::new(),
            links: BTreeSet::new(),
            files: BTreeSet::new(),
            credits: BTreeSet::new(),
            sketch: None,
        },
    })
}

/// What a record must fulfil, with the values that it names by number.
struct Condition {
    sql: String,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Condition {
    fn of(filter: &Filter) -> Self {
        let mut condition = Self {
            sql: "kind = ANY($1)".to_owned(),
            values: vec![Box::new(filter.kinds.clone())],
        };
        if let Some(station) = filter.station {
            condition.fulfil("station =", station.0.to_vec());
        }
        if let Some(state) = &filter.state {
            condition.fulfil("state =", words(state).into_owned());
        }
        if let Some(theme) = filter.theme {
            condition.fulfil("theme =", theme.0.to_vec());
        }
        if let Some(from) = filter.from {
            condition.fulfil("happened_at >=", from.0);
        }
        if let Some(before) = filter.before {
            condition.fulfil("happened_at <", before.0);
        }
        if let Some(handler) = &filter.handler {
            condition.fulfil("handler =", handler.to_string());
        }
        if filter.unassigned {
            condition.and("handler IS NULL");
        }
        if let Some(assigner) = &filter.assigner {
            condition.fulfil("assigner =", assigner.to_string());
        }
        if let Some(owner) = &filter.owner {
            condition.fulfil("owner =", owner.to_string());
        }
        if let Some(open) = filter.open {
            // In the words of the index on what is due.
            condition.and(if open { "open" } else { "NOT open" });
        }
        if let Some(now) = filter.overdue {
            // In the words of the index on it.
            condition.fulfil("open AND due IS NOT NULL AND due <", now.0);
        }
        if filter.undated {
            condition.and("open AND due IS NULL");
        }
        if let Some(since) = filter.stalled {
            condition.fulfil("open AND moved <", since.0);
        }
        if filter.general {
            condition.and("general");
        }
        if filter.wanting {
            condition.and("setbacks > 0");
        }
        if let Some(credit) = &filter.credit {
            let figure = condition.put(credit.figure.clone());
            let subjects = condition.put(credit.subjects.clone());
            condition.and(&format!(
                "doc IN (SELECT doc FROM credits WHERE figure = {figure} AND subject = ANY({subjects}))"
            ));
        }
        if !filter.tokens.is_empty() {
            let tokens = filter
                .tokens
                .iter()
                .map(|token| words(compared(token)).into_owned());
            condition.fulfil("beginnings @>", Vec::from_iter(tokens));
        }
        condition
    }

    /// How far up a record stands.
    fn rank(&mut self, filter: &Filter) -> String {
        match filter.order {
            Order::Received => "0::bigint".to_owned(),
            Order::Due => format!("-{DUE}"),
            Order::Words => {
                let mut rank = "0::bigint".to_owned();
                for token in &filter.tokens {
                    let (title, token) = (title_for(token), words(compared(token)).into_owned());
                    let token = self.put(token);
                    rank.push_str(&format!(" + (strpos({title}, {token}) > 0)::int"));
                }
                rank
            }
        }
    }

    fn fulfil(&mut self, comparison: &str, value: impl ToSql + Sync + Send + 'static) {
        let number = self.put(value);
        self.and(&format!("{comparison} {number}"));
    }

    fn and(&mut self, sql: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
    }

    /// Adds a value; answers what stands for it.
    fn put(&mut self, value: impl ToSql + Sync + Send + 'static) -> String {
        self.values.push(Box::new(value));
        format!("${}", self.values.len())
    }

    fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| &**value as _).collect()
    }
}
