//! `GET /api/watch`: what is overdue, stalled, answered in general words or found wanting, by who handles it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use lianxin_shared::id::UserId;
use lianxin_shared::records::{Columns, REGISTERS};
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::{STALLED_DAYS, minute, stalled};
use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;
use crate::store::Watched;

/// All of it.
#[derive(Serialize, ToSchema)]
pub struct Watch {
    /// After how many days without a step an open record counts as stalled.
    stalled_days: i64,
    /// By who handles it: by name, what is assigned to nobody last.
    handlers: Vec<Handled>,
}

/// What one user handles. Each count is that of the list with the filter of its name and this handler.
#[derive(Serialize, ToSchema)]
struct Handled {
    #[schema(value_type = Option<String>)]
    handler: Option<UserId>,
    open: u64,
    overdue: u64,
    stalled: u64,
    general: u64,
    wanting: u64,
}

/// What there is to watch over, in all records of work.
pub async fn watch(State(app): State<App>) -> Result<Json<Watch>, Problem> {
    let handlers = watched(&app).await?;
    Ok(Json(Watch {
        stalled_days: STALLED_DAYS,
        handlers: handlers.iter().map(Handled::from).collect(),
    }))
}

/// What everybody handles.
pub(crate) async fn watched(app: &App) -> Result<Arc<Vec<Watched>>, Problem> {
    let now = minute(now());
    let work = REGISTERS
        .iter()
        .filter(|register| register.columns == Columns::Work);
    let kinds = work.map(|register| register.kind.to_owned()).collect();
    let watching = app.store.watch(kinds, now, stalled(now));
    Ok(app.watched.get(&*app.store, now, watching).await?)
}

impl From<&Watched> for Handled {
    fn from(watched: &Watched) -> Self {
        Self {
            handler: watched.handler.clone(),
            open: watched.open,
            overdue: watched.overdue,
            stalled: watched.stalled,
            general: watched.general,
            wanting: watched.wanting,
        }
    }
}
