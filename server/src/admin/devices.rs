//! An account's devices: a code that takes a tablet in, and withdrawing them all when one is lost.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianxin_shared::id::Moment;
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::{act, internal, known};
use crate::app::App;
use crate::auth::{Signed, code};
use crate::clock::now;
use crate::problem::Problem;
use crate::store::{Deed, Withdrawal};

/// A code, told once.
#[derive(Serialize, ToSchema)]
pub struct Code {
    code: String,
    /// Until when it is good, in milliseconds since 1970 UTC.
    #[schema(value_type = i64)]
    expires_at: Moment,
}

/// A device whose sign-in was withdrawn.
#[derive(Serialize, ToSchema)]
pub struct Withdrawn {
    #[schema(value_type = i64)]
    at: Moment,
    /// When it came and was told to destroy its key; none as long as it has not come.
    #[schema(value_type = Option<i64>)]
    told_at: Option<Moment>,
}

impl From<Withdrawal> for Withdrawn {
    fn from(Withdrawal { at, told_at }: Withdrawal) -> Self {
        Self { at, told_at }
    }
}

/// `POST /api/accounts/{user}/code`: a code by which a tablet is taken in once, instead of the password.
pub async fn give_code(
    State(app): State<App>,
    signed: Signed,
    Path(user): Path<String>,
) -> Result<Json<Code>, Problem> {
    let account = known(&app, &user).await?;
    let (code, hash) = code::fresh().map_err(internal)?;
    let expires_at = Moment(now().0 + code::LIFE_MS);
    let user = account.principal.user.clone();
    let act = act(&signed, Deed::CodeGiven, &user, &[]);
    app.store.note_account(account, act).await?;
    app.store.put_code(hash, user, expires_at).await?;
    Ok(Json(Code { code, expires_at }))
}

/// `POST /api/accounts/{user}/withdraw`: ends everything that was opened in this name; each device destroys its key of the
/// user's vault when it comes next.
pub async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    Path(user): Path<String>,
) -> Result<StatusCode, Problem> {
    let account = known(&app, &user).await?;
    if account.principal.user == signed.principal.user {
        // Whoever withdraws goes on working.
        return Err(Problem::AccountOwn);
    }
    let act = act(&signed, Deed::DevicesWithdrawn, &account.principal.user, &[]);
    app.store.note_account(account, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/accounts/{user}/withdrawn`: the devices that were withdrawn, and which of them have heard of it.
pub async fn withdrawn(
    State(app): State<App>,
    Path(user): Path<String>,
) -> Result<Json<Vec<Withdrawn>>, Problem> {
    let account = known(&app, &user).await?;
    let withdrawals = app.store.withdrawals(account.principal.user).await?;
    Ok(Json(withdrawals.into_iter().map(Withdrawn::from).collect()))
}
