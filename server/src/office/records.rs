//! `GET /api/records` and `GET /api/records/counts`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Columns, Shape, Values, register};
use lianxin_shared::rules::Principal;
use lianxin_shared::search;
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::Parameters;
use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::store::{self, Listed, Row};

/// How many characters are shown before a hit.
const BEFORE_HIT: usize = 20;
/// How many are shown with it in all.
const AROUND_HIT: usize = 120;

/// Some records, in order.
#[derive(Serialize, ToSchema)]
pub struct Page {
    records: Vec<Shown>,
    next: Option<String>,
}

/// A record of a list.
#[derive(Serialize, ToSchema)]
struct Shown {
    #[schema(value_type = String)]
    id: DocId,
    kind: String,
    #[schema(value_type = Option<String>)]
    station: Option<DocId>,
    #[schema(value_type = String)]
    owner: UserId,
    #[schema(value_type = i64)]
    created_at: Moment,
    #[schema(value_type = i64)]
    received_at: Moment,
    #[schema(value_type = i64)]
    when: Moment,
    state: String,
    #[schema(value_type = Option<i64>)]
    state_since: Option<Moment>,
    title: String,
    #[schema(value_type = Option<String>)]
    theme: Option<DocId>,
    excerpt: String,
    number: Option<String>,
    open: bool,
    #[schema(value_type = Option<String>)]
    handler: Option<UserId>,
    #[schema(value_type = Option<String>)]
    assigner: Option<UserId>,
    #[schema(value_type = Option<i64>)]
    due: Option<Moment>,
    general: bool,
    setbacks: u32,
    /// All fields of reference data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    values: Option<Values>,
}

/// How many records there are.
#[derive(Serialize, ToSchema)]
pub struct Counts {
    total: u64,
    by_kind: BTreeMap<String, u64>,
    by_state: BTreeMap<String, u64>,
    #[schema(value_type = BTreeMap<String, u64>)]
    by_station: BTreeMap<DocId, u64>,
    #[schema(value_type = BTreeMap<String, u64>)]
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
            assigner: row.care.assigner,
            due: row.care.due,
            general: row.care.general,
            setbacks: row.care.setbacks,
            values: is_reference.then_some(row.values),
        }
    }
}

impl From<&store::Counts> for Counts {
    fn from(counts: &store::Counts) -> Self {
        Self {
            total: counts.total,
            by_kind: counts.by_kind.clone(),
            by_state: counts.by_state.clone(),
            by_station: counts.by_station.clone(),
            by_theme: counts.by_theme.clone(),
        }
    }
}

/// The office lists everything; a department, what is assigned to it.
fn allow(principal: &Principal, parameters: &Parameters) -> Result<(), Problem> {
    if principal.in_office() || parameters.is_handled_by(&principal.user) {
        Ok(())
    } else {
        Err(Problem::Forbidden)
    }
}

/// Records that fit the filters.
pub async fn records(
    State(app): State<App>,
    signed: Signed,
    Query(parameters): Query<Parameters>,
) -> Result<Json<Page>, Problem> {
    allow(&signed.principal, &parameters)?;
    let page = app
        .store
        .records(parameters.filter()?, parameters.mark()?, parameters.limit())
        .await?;
    let shown = |listed: Listed| {
        let hit = around_hit(&listed.row, parameters.words());
        let shown = Shown::from(listed);
        Shown {
            excerpt: hit.unwrap_or(shown.excerpt),
            ..shown
        }
    };
    let records = page.records.into_iter().map(shown).collect();
    Ok(Json(Page {
        records,
        next: page.next.map(|mark| mark.to_string()),
    }))
}

/// The words around the first that was found, where they stand in a field.
fn around_hit(row: &Row, query: &str) -> Option<String> {
    let fields = register(&row.kind)?.fields.iter();
    let prose = fields.filter(|field| matches!(field.shape, Shape::Prose { .. } | Shape::Line { .. }));
    let mut texts = prose.filter_map(|field| row.values.get(field.name)?.text());
    texts.find_map(|text| {
        let hit = search::found(text, query).into_iter().next()?;
        let before = text[..hit.start].char_indices().rev().nth(BEFORE_HIT);
        let from = before.map_or(0, |(at, _)| at);
        let words: String = text[from..].chars().take(AROUND_HIT).collect();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(if from == 0 { words } else { format!("…{words}") })
    })
}

/// How many fit them.
pub async fn counts(
    State(app): State<App>,
    signed: Signed,
    Query(parameters): Query<Parameters>,
) -> Result<Json<Counts>, Problem> {
    allow(&signed.principal, &parameters)?;
    let filter = parameters.filter()?;
    let counting = app.store.counts(filter.clone());
    let counts = app.counts.get(&*app.store, filter, counting).await?;
    Ok(Json(Counts::from(&*counts)))
}
