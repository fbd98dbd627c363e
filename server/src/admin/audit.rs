//! `GET /api/audit`: what those who administer did.

use axum::Json;
use axum::extract::{Query, State};
use lianxin_shared::id::{Moment, UserId};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::problem::Problem;
use crate::store::Act;

/// The parameters of a page.
#[derive(Deserialize)]
pub struct Parameters {
    /// The `next` of the page before.
    before: Option<u64>,
    /// How many at most, up to 500.
    limit: Option<u32>,
}

/// Some acts, the latest first.
#[derive(Serialize)]
pub struct Page {
    acts: Vec<Shown>,
    next: Option<u64>,
}

/// An act.
#[derive(Serialize)]
struct Shown {
    at: Moment,
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
