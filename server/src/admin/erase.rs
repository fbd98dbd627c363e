//! `DELETE /api/documents/{id}`: removes a record for good, with what accompanies it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Record, Register};
use lianxin_shared::rules::{Principal, Role, may_erase, may_read};
use serde::Deserialize;
use utoipa::ToSchema;

use super::MAX_REASON;
use crate::app::App;
use crate::auth::Signed;
use crate::clock::now;
use crate::files::sweep;
use crate::problem::Problem;
use crate::store::{Act, Deed, Erasure};
use crate::sync::open;

/// Why it is removed. Without a reason nothing is.
#[derive(Deserialize, ToSchema)]
pub struct Why {
    reason: String,
}

impl Why {
    /// The reason, if one is given, and it is no longer than it may be.
    pub(super) fn given(&self) -> Result<&str, Problem> {
        let reason = self.reason.trim();
        let is_given = !reason.is_empty() && reason.chars().count() <= MAX_REASON;
        is_given.then_some(reason).ok_or(Problem::RequestInvalid)
    }
}

/// Removes it. One that the caller neither may remove nor read is as unknown as one that is not there.
pub async fn erase(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Json(why): Json<Why>,
) -> Result<StatusCode, Problem> {
    let reason = why.given()?;
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    let content = app.store.content(id).await?.ok_or(Problem::DocumentUnknown)?;
    let read = tokio::task::spawn_blocking(move || {
        let mut document = open(&content).ok()?;
        Some((document.record().ok()?, document.files_of_all_time()))
    });
    let (record, files) = read.await.map_err(|_| Problem::Internal)?.unzip();
    judge(&signed.principal, record.as_ref())?;

    let register = record.as_ref().and_then(Record::register);
    let companion = register.and_then(Register::companion);
    let companion = companion.map(|other| id.companion(other.kind));
    let docs: Vec<_> = [id].into_iter().chain(companion).collect();
    let moved = app
        .store
        .erase(Erasure {
            docs: docs.clone(),
            act: Act {
                at: now(),
                by: signed.principal.user,
                deed: Deed::Erased,
                about: id.to_string(),
                kind: record.map(|record| record.envelope.kind),
                words: reason.to_owned(),
            },
        })
        .await?;
    tracing::info!(doc = %id, "document.erased");
    if let Err(error) = sweep::erase(&app.files, &*app.store, files.unwrap_or_default()).await {
        // The record is gone, and what no record names goes with the next sweep at the latest.
        tracing::error!(%error, doc = %id, "erasure.files_left");
    }
    app.door.forget(&docs);
    app.live.moved(moved);
    app.members.moved();
    app.erased.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

/// A document that cannot be read as a record any more can be removed by an administrator.
fn judge(principal: &Principal, record: Option<&Record>) -> Result<(), Problem> {
    match record {
        Some(record) if may_erase(principal, record) => Ok(()),
        None if principal.is(Role::Admin) => Ok(()),
        Some(record) if may_read(principal, record) => Err(Problem::Forbidden),
        _ => Err(Problem::DocumentUnknown),
    }
}
