//! `/api/accounts/{user}/sessions`: where somebody is signed in, and ending or withdrawing that: a tablet that was lost.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianxin_shared::id::UserId;

use crate::app::App;
use crate::auth::{self, ShownSession, Signed};
use crate::clock::now;
use crate::problem::Problem;
use crate::store::{Act, Deed};

/// The sessions of an account, the one last used first.
pub async fn list(
    State(app): State<App>,
    signed: Signed,
    Path(user): Path<String>,
) -> Result<Json<Vec<ShownSession>>, Problem> {
    let user = known(&app, &user).await?;
    Ok(Json(auth::shown_sessions(&app, user, &signed).await?))
}

/// Ends one of them.
pub async fn end(
    State(app): State<App>,
    signed: Signed,
    Path((user, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let user = known(&app, &user).await?;
    let session = auth::found_session(&app, user.clone(), &id).await?;
    let act = Act {
        at: now(),
        by: signed.principal.user,
        deed: Deed::SessionEnded,
        about: user.to_string(),
        kind: None,
        words: session.contact.device,
    };
    app.store.end_session(session.token, Some(act)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws one of them: that device alone destroys its key of the user's vault when it comes next.
pub async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path((user, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let user = known(&app, &user).await?;
    auth::withdraw_named(&app, user, &id, &signed).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn known(app: &App, user: &str) -> Result<UserId, Problem> {
    let user: UserId = user.parse().map_err(|_| Problem::AccountUnknown)?;
    let account = app.store.account(user.clone()).await?;
    account.map(|_| user).ok_or(Problem::AccountUnknown)
}

/// Has an account ask for no code any more besides its password: somebody lost the telephone and the recovery codes.
pub async fn remove_second(
    State(app): State<App>,
    signed: Signed,
    Path(user): Path<String>,
) -> Result<StatusCode, Problem> {
    let user = known(&app, &user).await?;
    let act = auth::second::act(&signed.principal.user, Deed::SecondRemoved, &user);
    app.store.note_second(user, None, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
