//! `GET /api/records/export.csv` and `.xlsx`: what a list of the office shows, all of it, as a table to take along.
//!
//! The parameters are those of `GET /api/records`; a page's `after` and `limit` do not count. One kind comes with its fields
//! as columns, by their declaration; several with what they have in common. Names stand in the place of ids. Whatever is a
//! companion (residents' contacts) is in no list and so in no export.
//!
//! Neither form is ever whole in memory: rows are read page by page, into the answer or into a file on the way to it.

mod column;
mod csv;
mod figures;
mod xlsx;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use lianxin_shared::records::{Field, register};
use lianxin_shared::rules::names_work;

use crate::app::App;
use crate::auth::Signed;
use crate::clock;
use crate::office::Parameters;
use crate::problem::Problem;
use crate::reading::{Cell, Reading, Titles};
use crate::store::{Filter, Listed, Mark, Store, StoreError};
use column::Column;

pub(crate) use csv::{TYPE as CSV, plain as lines};
pub use figures::{watch, year};
pub(crate) use xlsx::TYPE as XLSX;

/// The most records of an export: what a sheet of Excel takes below its headings.
const MAX_ROWS: u64 = 1_048_575;

/// How many rows are read at once.
const PAGE: u32 = 500;

/// What to export: its columns, and how its rows are read.
struct Table {
    store: Arc<dyn Store>,
    filter: Filter,
    columns: Vec<Column>,
    reading: Reading,
}

/// One record with what its row does not hold.
struct Entry {
    listed: Listed,
    /// The titles of the other work that it names.
    titles: Titles,
}

/// The records as CSV (RFC 4180).
pub async fn csv(
    State(app): State<App>,
    signed: Signed,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let table = Table::new(&app, &signed, &parameters, &headers).await?;
    Ok((download("csv", csv::TYPE), csv::body(table)).into_response())
}

/// The records as a workbook (Office Open XML).
pub async fn xlsx(
    State(app): State<App>,
    signed: Signed,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let table = Table::new(&app, &signed, &parameters, &headers).await?;
    let body = xlsx::body(table).await?;
    Ok((download("xlsx", xlsx::TYPE), body).into_response())
}

impl Table {
    async fn new(
        app: &App,
        signed: &Signed,
        parameters: &Parameters,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let filter = parameters.filter()?;
        if app.store.counts(filter.clone()).await?.total > MAX_ROWS {
            return Err(Problem::ExportTooLarge);
        }
        let reading = Reading::load(&*app.store, signed.language(headers)).await?;
        Ok(Self {
            store: app.store.clone(),
            columns: column::columns(&filter.kinds, &reading.texts),
            filter,
            reading,
        })
    }

    fn headings(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.heading.as_str())
    }

    fn cells<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = Cell> + 'a {
        self.columns
            .iter()
            .map(|column| column.cell(&self.reading, entry))
    }
}

/// All records that fit, page by page, the latest received first.
fn pages(
    store: Arc<dyn Store>,
    filter: Filter,
) -> impl Stream<Item = Result<Vec<Entry>, StoreError>> + Send + 'static {
    /// Where to go on; nothing after the last page.
    type Place = Option<Option<Mark>>;
    try_unfold(Some(None), move |place: Place| {
        let (store, filter) = (store.clone(), filter.clone());
        async move {
            let Some(after) = place else {
                return Ok(None);
            };
            let page = store.records(filter, after, PAGE).await?;
            let mut entries = Vec::new();
            for listed in page.records {
                let titles = titles(&*store, &listed).await?;
                entries.push(Entry { listed, titles });
            }
            Ok(Some((entries, page.next.map(Some))))
        }
    })
}

async fn titles(store: &dyn Store, listed: &Listed) -> Result<Titles, StoreError> {
    let fields = register(&listed.row.kind).map_or(&[][..], |register| register.fields);
    let names_any = |field: &Field| names_work(field) && listed.row.values.contains_key(field.name);
    if !fields.iter().any(names_any) {
        return Ok(Titles::new());
    }
    let links = store.links(listed.doc).await?.to.into_iter();
    Ok(links.map(|(_, other)| (other.doc, other.row.title)).collect())
}

/// What tells a browser to save an answer as a file. No cache keeps it: it is full of names.
fn download(ending: &str, kind: &'static str) -> [(HeaderName, String); 3] {
    let day = clock::wall(clock::now()).map_or_else(String::new, |now| format!("-{}", now.date()));
    [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"lianxin{day}.{ending}\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ]
}
