//! `GET /api/records/{id}/links`: what a record rests on and what came of it.

use axum::Json;
use axum::extract::{Path, State};
use lianxin_shared::id::DocId;
use lianxin_shared::rules::may_read;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::store::{Links, Listed};
use crate::sync::open;

/// Both ways.
#[derive(Serialize, ToSchema)]
pub struct Chain {
    /// What it names.
    to: Vec<Linked>,
    /// What names it.
    from: Vec<Linked>,
}

/// A record at the other end of a link.
#[derive(Serialize, ToSchema)]
struct Linked {
    field: String,
    #[schema(value_type = String)]
    id: DocId,
    kind: String,
    title: String,
    state: String,
    number: Option<String>,
}

/// The links of a record that the caller may read. Others than the office see those records alone that they may read too.
pub async fn links(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Json<Chain>, Problem> {
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    if !readable(&app, &signed, id).await? {
        return Err(Problem::DocumentUnknown);
    }
    let Links { to, from } = chain(&app, &signed, id).await?;
    Ok(Json(Chain {
        to: to.into_iter().map(Linked::from).collect(),
        from: from.into_iter().map(Linked::from).collect(),
    }))
}

/// The links of a record, as far as the caller may read what is at their other ends.
pub(crate) async fn chain(app: &App, signed: &Signed, id: DocId) -> Result<Links, Problem> {
    let Links { to, from } = app.store.links(id).await?;
    Ok(Links {
        to: only_readable(app, signed, to).await?,
        from: only_readable(app, signed, from).await?,
    })
}

async fn only_readable(
    app: &App,
    signed: &Signed,
    links: Vec<(String, Listed)>,
) -> Result<Vec<(String, Listed)>, Problem> {
    let mut shown = Vec::new();
    for (field, listed) in links {
        if signed.principal.in_office() || readable(app, signed, listed.doc).await? {
            shown.push((field, listed));
        }
    }
    Ok(shown)
}

impl From<(String, Listed)> for Linked {
    fn from((field, Listed { doc, row, .. }): (String, Listed)) -> Self {
        Self {
            field,
            id: doc,
            kind: row.kind,
            title: row.title,
            state: row.state,
            number: row.number,
        }
    }
}

async fn readable(app: &App, signed: &Signed, id: DocId) -> Result<bool, Problem> {
    let Some(content) = app.store.content(id).await? else {
        return Ok(false);
    };
    let record = open(&content).and_then(|document| document.record());
    let record = record.map_err(|error| {
        tracing::error!(%error, doc = %id, "document.unreadable");
        Problem::Internal
    })?;
    Ok(may_read(&signed.principal, &record))
}
