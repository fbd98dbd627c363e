//! `GET /api/records` and `GET /api/records/counts`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Columns, Values, register};
use serde::Serialize;

use super::filter::Parameters;
use crate::app::App;
use crate::problem::Problem;
use crate::store::Listed;

/// Some records, the latest received first.
#[derive(Serialize)]
pub struct Page {
    records: Vec<Shown>,
    next: Option<String>,
}

/// A record of a list.
#[derive(Serialize)]
struct Shown {
    id: DocId,
    kind: String,
    station: Option<DocId>,
    owner: UserId,
    created_at: Moment,
    received_at: Moment,
    when: Moment,
    state: String,
    state_since: Option<Moment>,
    title: String,
    theme: Option<DocId>,
    excerpt: String,
    number: Option<String>,
    open: bool,
    handler: Option<UserId>,
    due: Option<Moment>,
    general: bool,
    setbacks: u32,
    /// All fields of reference data.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Values>,
}

/// How many records there are.
#[derive(Serialize)]
pub struct Counts {
    total: u64,
    by_kind: BTreeMap<String, u64>,
    by_state: BTreeMap<String, u64>,
    by_station: BTreeMap<DocId, u64>,
    by_theme: BTreeMap<DocId, u64>,
}

impl From<Listed> for Shown {
    fn from(
        Listed {
            doc,
            received_at,
            row,
        }: Listed,
    ) -> Self {
        let is_reference = register(&row.kind).is_some_and(|r| r.columns == Columns::Reference);
        Self {
            id: doc,
            kind: row.kind,
            station: row.station,
            owner: row.owner,
            created_at: row.created_at,
            received_at,
            when: row.when,
            state: row.state,
            state_since: row.state_since,
            title: row.title,
            theme: row.theme,
            excerpt: row.excerpt,
            number: row.number,
            open: row.care.open,
            handler: row.care.handler,
            due: row.care.due,
            general: row.care.general,
            setbacks: row.care.setbacks,
            values: is_reference.then_some(row.values),
        }
    }
}

/// Records that fit the filters.
pub async fn records(
    State(app): State<App>,
    Query(parameters): Query<Parameters>,
) -> Result<Json<Page>, Problem> {
    let page = app
        .store
        .records(parameters.filter()?, parameters.mark()?, parameters.limit())
        .await?;
    let records = page.records.into_iter().map(Shown::from).collect();
    Ok(Json(Page {
        records,
        next: page.next.map(|mark| mark.to_string()),
    }))
}

/// How many fit them.
pub async fn counts(
    State(app): State<App>,
    Query(parameters): Query<Parameters>,
) -> Result<Json<Counts>, Problem> {
    let counts = app.store.counts(parameters.filter()?).await?;
    Ok(Json(Counts {
        total: counts.total,
        by_kind: counts.by_kind,
        by_state: counts.by_state,
        by_station: counts.by_station,
        by_theme: counts.by_theme,
    }))
}
