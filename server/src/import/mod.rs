//! `POST /api/import/{what}`: members, stations and the ledger of rectification, brought in from a workbook.
//!
//! A file is read as a whole before anything of it is written. Each row and column that will not do is named; if there is
//! one, nothing is written, and with `dry=true` never. What is already there under its name is left as it is, so the same
//! file brought in again changes nothing, and one that was cut off half-way is finished by bringing it in again. Where it is
//! there with other content, that is named too: people decide in the app which is right.
//!
//! Records enter by the one door, as those of the user who brings them in.

mod column;
mod deadline;
mod fault;
mod known;
mod ledger;
mod list;
mod template;
mod workbook;
mod write;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use lianxin_shared::rules::{Principal, Role};
use lianxin_shared::texts::Texts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use fault::{Fault, Faults};
use known::Known;
use write::New;

pub use template::template;

/// The largest file.
pub(crate) const MAX_FILE: usize = 5 * 1024 * 1024;

/// One import at a time on a node: each looks up what is there before it writes.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What can be brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum What {
    /// People.
    Members,
    /// Stations.
    Stations,
    /// The ledger of rectification with its measures.
    Rectification,
}

/// How to bring it in.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Parameters {
    /// Only looks, and writes nothing.
    dry: bool,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// How many rows it has below its headings.
    rows: u64,
    /// How many records are made of it.
    created: u64,
    /// How many are there already.
    unchanged: u64,
    /// What will not do. Nothing was written if there is any.
    problems: Vec<Fault>,
}

/// What a file comes to.
#[derive(Default)]
struct Plan {
    new: Vec<New>,
    unchanged: u64,
    faults: Faults,
}

/// Brings a file in.
pub async fn bring_in(
    State(app): State<App>,
    signed: Signed,
    Path(what): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Report>, Problem> {
    let what = What::allowed(&what, &signed.principal)?;
    let _alone = ONE_AT_A_TIME.lock().await;
    let sheet = tokio::task::spawn_blocking(move || workbook::read(&body)).await;
    // A library that panics on a file has not read it.
    let sheet = sheet.map_err(|_| Problem::WorkbookUnreadable)?.map_err(|error| {
        tracing::info!(%error, "import.unreadable");
        Problem::WorkbookUnreadable
    })?;
    let texts = Texts::of(signed.language(&headers));
    let known = Known::load(&*app.store, what.kinds()).await?;
    let plan = match what {
        What::Members => list::plan(&sheet, "person", &known, &signed.principal),
        What::Stations => list::plan(&sheet, "station", &known, &signed.principal),
        What::Rectification => ledger::plan(&sheet, &known, &signed.principal),
    };
    let many = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let report = Report {
        rows: many(sheet.rows.len()),
        created: many(plan.new.len()),
        unchanged: plan.unchanged,
        problems: plan.faults.in_words(&texts),
    };
    if !parameters.dry && report.problems.is_empty() {
        write::write(&app, &signed.principal, plan.new).await?;
    }
    Ok(Json(report))
}

impl What {
    /// What is named so, if the user may bring it in. Members and stations are the administrators', the ledger is the
    /// clerks'.
    fn allowed(name: &str, principal: &Principal) -> Result<Self, Problem> {
        let (what, role) = match name {
            "members" => (Self::Members, Role::Admin),
            "stations" => (Self::Stations, Role::Admin),
            "rectification" => (Self::Rectification, Role::Clerk),
            _ => return Err(Problem::AddressUnknown),
        };
        if principal.is(role) {
            Ok(what)
        } else {
            Err(Problem::Forbidden)
        }
    }

    /// The kinds whose records are looked up.
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Members => &["person"],
            Self::Stations => &["station", "person"],
            Self::Rectification => &["rectification", "measure", "person", "group"],
        }
    }
}
