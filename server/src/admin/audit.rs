//! `GET /api/audit`: what those who administer did.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use lianxin_shared::id::{Moment, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::audit::{self, AuditError, Form};
use crate::export;
use crate::problem::Problem;
use crate::store::Act;

/// The parameters of a page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// The `next` of the page before.
    before: Option<u64>,
    /// How many at most, up to 500.
    limit: Option<u32>,
}

/// Some acts, the latest first.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditPage)]
pub struct Page {
    acts: Vec<Shown>,
    next: Option<u64>,
}

/// An act.
#[derive(Serialize, ToSchema)]
#[schema(as = Act)]
struct Shown {
    #[schema(value_type = i64)]
    at: Moment,
    #[schema(value_type = String)]
    by: UserId,
    deed: &'static str,
    about: String,
    kind: Option<String>,
    words: String,
}

impl From<Act> for Shown {
    fn from(act: Act) -> Self {
        Self {
            at: act.at,
            by: act.by,
            deed: act.deed.as_str(),
            about: act.about,
            kind: act.kind,
            words: act.words,
        }
    }
}

/// A page of them.
pub async fn audit(
    State(app): State<App>,
    Query(Parameters { before, limit }): Query<Parameters>,
) -> Result<Json<Page>, Problem> {
    let page = app.store.acts(before, limit.unwrap_or(50).clamp(1, 500)).await?;
    Ok(Json(Page {
        acts: page.acts.into_iter().map(Shown::from).collect(),
        next: page.next,
    }))
}

/// What looking through all of them found.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditVerified)]
pub struct Verified {
    /// How many acts there are.
    acts: u64,
    /// What was changed or taken out; nothing, as it should be.
    breaks: Vec<String>,
}

/// Looks whether anything of it was changed or taken out.
pub async fn verify(State(app): State<App>) -> Result<Json<Verified>, Problem> {
    let found = audit::verify(&*app.store).await?;
    Ok(Json(Verified {
        acts: found.acts,
        breaks: found.breaks.iter().map(ToString::to_string).collect(),
    }))
}

/// All of them with their hashes, for a spreadsheet.
pub async fn csv(State(app): State<App>) -> Result<Response, Problem> {
    let acts = taken(&app, Form::Csv).await?;
    Ok(file("lianxin-audit.csv", export::CSV, acts))
}

/// The same for programs.
pub async fn json(State(app): State<App>) -> Result<Response, Problem> {
    let acts = taken(&app, Form::Json).await?;
    Ok(file("lianxin-audit.json", "application/json", acts))
}

async fn taken(app: &App, form: Form) -> Result<Vec<u8>, Problem> {
    audit::take(&*app.store, form).await.map_err(|error| match error {
        AuditError::Store(error) => error.into(),
        AuditError::Written(error) => {
            tracing::error!(%error, "audit.failed");
            Problem::Internal
        }
    })
}

fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}
