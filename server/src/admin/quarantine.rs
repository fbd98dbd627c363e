//! `/api/quarantine/{doc}/{user}/{digest}`: what was refused, and what becomes of it. Nothing of it goes round the door: to release
//! it is to have it judged once more, by what its author may now.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianxin_shared::id::{DocId, UserId};
use lianxin_shared::rules::RefusalCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::erase::Why;
use crate::app::App;
use crate::auth::Signed;
use crate::clock::now;
use crate::problem::Problem;
use crate::store::{Act, Deed, Digest, Refused};
use crate::sync::{Answer, Submission};

/// What the door says of it now.
#[derive(Serialize, ToSchema)]
pub struct Judged {
    /// Why it is refused again; nothing where it is accepted.
    #[schema(value_type = Option<String>)]
    code: Option<&'static str>,
}

/// Has it judged once more. What is accepted waits no more.
pub async fn release(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
) -> Result<Json<Judged>, Problem> {
    let which = named(path)?;
    let kept = app.store.quarantined(which.clone()).await?;
    let kept = kept.ok_or(Problem::DocumentUnknown)?;
    let author = app.store.account(kept.by.user.clone()).await?;
    let author = author.ok_or(Problem::AccountUnknown)?;
    if author.disabled {
        // Whoever is shut out may nothing, whatever roles the account had.
        let code = Some(RefusalCode::Withdrawn.as_str());
        return Ok(Json(Judged { code }));
    }
    let submission = Submission::of_parts(kept.doc, kept.changes);
    let judged = app
        .door
        .accept(&author.principal, kept.by.device, vec![submission]);
    match judged.await?.pop() {
        Some(Answer::Accepted { .. }) => {
            let words = RefusalCode::as_str(kept.refusal.code).to_owned();
            settle(&app, which, signed, Deed::PushReleased, words).await?;
            Ok(Json(Judged { code: None }))
        }
        Some(Answer::Refused(refusal)) => Ok(Json(Judged {
            code: Some(refusal.code.as_str()),
        })),
        Some(Answer::Busy) | None => Err(Problem::Unavailable),
    }
}

/// Forgets it for good, with a reason.
pub async fn forget(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String, String)>,
    Json(why): Json<Why>,
) -> Result<StatusCode, Problem> {
    let which = named(path)?;
    let reason = why.given()?;
    if settle(&app, which, signed, Deed::PushForgotten, reason.to_owned()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::DocumentUnknown)
    }
}

async fn settle(
    app: &App,
    which: Refused,
    signed: Signed,
    deed: Deed,
    words: String,
) -> Result<bool, Problem> {
    let act = Act {
        at: now(),
        by: signed.principal.user,
        deed,
        about: which.doc.to_string(),
        kind: None,
        words,
    };
    Ok(app.store.settle(which, act).await?)
}

fn named((doc, user, digest): (String, String, String)) -> Result<Refused, Problem> {
    let unknown = || Problem::DocumentUnknown;
    let doc: DocId = doc.parse().map_err(|_| unknown())?;
    let user: UserId = user.parse().map_err(|_| unknown())?;
    let digest = Digest::read(&digest).ok_or_else(unknown)?;
    Ok(Refused { doc, user, digest })
}
