//! `GET /api/state`: how the server and what belongs to it are, for whoever looks after them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::rules::RefusalCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::backup;
use crate::clock::now;
use crate::metrics;
use crate::problem::Problem;

/// How many of what was refused are listed, the latest first.
const REFUSED: u32 = 100;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What counts as away.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// Devices that have not come for so many days are listed; 14 if nothing is said.
    days: Option<u16>,
}

/// How it is.
#[derive(Serialize, ToSchema)]
#[schema(as = ServerState)]
pub struct Shown {
    /// The server's version.
    version: &'static str,
    /// How many sessions there are by the version of the app that they use; empty where none was said.
    clients: BTreeMap<String, u64>,
    /// Devices that have not come for long, the longest first.
    away: Vec<Away>,
    /// What was refused and is kept, the latest first.
    refused: Vec<Kept>,
    /// What the database takes, in bytes.
    database: u64,
    /// What is left on the disk of the data folder, in bytes; nothing where the server has no folder.
    free: Option<u64>,
    /// When the last backup was made; nothing where none is known of.
    #[schema(value_type = Option<i64>)]
    backup: Option<Moment>,
}

/// A device that has not come for long.
#[derive(Serialize, ToSchema)]
#[schema(as = DeviceAway)]
struct Away {
    #[schema(value_type = String)]
    user: UserId,
    device: String,
    client: String,
    #[schema(value_type = i64)]
    seen_at: Moment,
}

/// Something that was refused.
#[derive(Serialize, ToSchema)]
#[schema(as = RefusedPush)]
struct Kept {
    #[schema(value_type = String)]
    doc: DocId,
    #[schema(value_type = String)]
    by: UserId,
    /// Which of its changes: with document and user it names what was refused.
    digest: String,
    /// The refusal's code.
    #[schema(value_type = String)]
    code: &'static str,
    #[schema(value_type = i64)]
    at: Moment,
}

/// How it is now.
pub async fn state(State(app): State<App>, Query(since): Query<Since>) -> Result<Json<Shown>, Problem> {
    let at = now();
    let days = i64::from(since.days.unwrap_or(14));
    let mut sessions = app.store.sessions(None, at).await?;
    let mut clients = BTreeMap::new();
    for session in &sessions {
        *clients.entry(session.contact.client.clone()).or_default() += 1;
    }
    sessions.retain(|session| at.0 - session.contact.at.0 > days * DAY_MS);
    sessions.sort_by_key(|session| session.contact.at);
    let away = sessions.into_iter().map(|session| Away {
        user: session.user,
        device: session.contact.device,
        client: session.contact.client,
        seen_at: session.contact.at,
    });
    let refused = app.store.refused(REFUSED).await?.into_iter();
    let refused = refused.map(|waiting| Kept {
        doc: waiting.which.doc,
        by: waiting.which.user,
        digest: waiting.which.digest.to_string(),
        code: RefusalCode::as_str(waiting.code),
        at: waiting.at,
    });
    Ok(Json(Shown {
        version: env!("CARGO_PKG_VERSION"),
        clients,
        away: away.collect(),
        refused: refused.collect(),
        database: app.store.size().await?,
        free: app.data.as_deref().and_then(metrics::free),
        backup: backup::last(&*app.store, app.data.as_deref()).await?,
    }))
}
