//! `GET /api/year`: what was done in a year, each figure the sum of records.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use jiff::civil::Date;
use lianxin_shared::id::Moment;
use lianxin_shared::rules::{Principal, Subject};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::filter::beginning;
use crate::app::App;
use crate::auth::Signed;
use crate::clock::{now, year_of};
use crate::problem::Problem;
use crate::store;

/// Which year, and whose.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Parameters {
    /// The year; without it, the present one in UTC+8.
    year: Option<i16>,
    /// Everybody's, for the office; otherwise the caller's own and those of the caller's groups and stations.
    all: bool,
}

/// The figures of a year.
#[derive(Serialize, ToSchema)]
pub struct Year {
    year: i16,
    /// When they were counted.
    #[schema(value_type = i64)]
    counted_at: Moment,
    figures: Vec<Figure>,
}

/// One figure.
#[derive(Serialize, ToSchema)]
struct Figure {
    subject: String,
    figure: String,
    amount: u64,
    records: u64,
    #[schema(value_type = i64)]
    last: Moment,
}

/// The figures of a year: the caller's own, or everybody's for the office.
pub async fn year(
    State(app): State<App>,
    signed: Signed,
    Query(parameters): Query<Parameters>,
) -> Result<Json<Year>, Problem> {
    let principal = &signed.principal;
    if parameters.all && !principal.in_office() {
        return Err(Problem::Forbidden);
    }
    let counted_at = now();
    let own = own(principal);
    let (year, figures) = figures(&app, &parameters).await?;
    let shown = figures
        .iter()
        .filter(|figure| parameters.all || own.contains(&figure.subject));
    Ok(Json(Year {
        year,
        counted_at,
        figures: shown.map(Figure::from).collect(),
    }))
}

/// Everybody's figures of the year that is asked for, with that year.
pub(crate) async fn figures(
    app: &App,
    parameters: &Parameters,
) -> Result<(i16, Arc<Vec<store::Figure>>), Problem> {
    let year = parameters.year.unwrap_or_else(|| year_of(now()));
    let (from, before) = bounds(year)?;
    let figuring = app.store.figures(from, before);
    let figures = app.figures.get(&*app.store, year, figuring).await?;
    Ok((year, figures))
}

/// Who counts as the caller.
fn own(principal: &Principal) -> BTreeSet<Subject> {
    let user = [Subject::User(principal.user.clone())];
    let person = principal.person.map(Subject::Person);
    let groups = principal.groups().map(Subject::Group);
    let stations = principal.stations().map(Subject::Station);
    user.into_iter()
        .chain(person)
        .chain(groups)
        .chain(stations)
        .collect()
}

/// When a year begins and ends in the district's time.
pub(crate) fn bounds(year: i16) -> Result<(Moment, Moment), Problem> {
    let first = |year| Date::new(year, 1, 1).map_err(|_| Problem::RequestInvalid);
    let next = year.checked_add(1).ok_or(Problem::RequestInvalid)?;
    Ok((beginning(first(year)?)?, beginning(first(next)?)?))
}

impl From<&store::Figure> for Figure {
    fn from(figure: &store::Figure) -> Self {
        Self {
            subject: figure.subject.to_string(),
            figure: figure.figure.clone(),
            amount: figure.amount,
            records: figure.records,
            last: figure.last,
        }
    }
}
