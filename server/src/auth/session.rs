//! `/api/session`: signing in and out, and who one is.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::Principal;
use lianxin_shared::texts::Lang;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LIFE_MS, Signed, password, token};
use crate::app::App;
use crate::clock::now;
use crate::problem::{self, Problem};
use crate::store::{Account, Session};

/// The longest password, in bytes.
const MAX_PASSWORD: usize = 1_000;

/// What signing in takes.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    user: String,
    password: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Name at sign-in, roles, stations and groups.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    principal: Principal,
    /// The name that people know.
    name: String,
    /// `zh` or `en`.
    #[schema(value_type = String)]
    language: Lang,
}

/// A session, with what proves it.
#[derive(Serialize, ToSchema)]
pub struct Opened {
    token: String,
    #[serde(flatten)]
    me: Me,
}

/// The language to speak.
#[derive(Deserialize, ToSchema)]
pub struct Speak {
    /// `zh` or `en`.
    #[schema(value_type = String, pattern = "^(zh|en)$")]
    language: Lang,
}

impl Me {
    /// With the language that was chosen, or else the one in which was asked.
    fn new(account: Account, headers: &HeaderMap) -> Self {
        let chosen = account.language.and_then(|language| language.parse().ok());
        Self {
            principal: account.principal,
            name: account.name,
            language: chosen.unwrap_or_else(|| problem::language(headers)),
        }
    }
}

/// `POST /api/session`: signs in.
pub async fn open(
    State(app): State<App>,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Json<Opened>, Problem> {
    let Credentials { user, password } = credentials;
    let at = now();
    if password.len() > MAX_PASSWORD {
        return Err(Problem::CredentialsWrong);
    }
    let user: Option<UserId> = user.trim().to_lowercase().parse().ok();
    let name = user.as_ref().map_or("", UserId::as_str).to_owned();
    if !app.attempts.may_try(&name, at) {
        return Err(Problem::TooManyAttempts);
    }
    let account = match user {
        Some(user) => app.store.account(user).await?,
        None => None,
    };
    let is_right = password::verify(password, account.as_ref().map(|account| account.password.clone())).await;
    let Some(account) = account.filter(|account| is_right && !account.disabled) else {
        app.attempts.wrong(&name, at);
        return Err(Problem::CredentialsWrong);
    };
    app.attempts.right(&name);
    let (token, hash) = token::fresh().map_err(|error| {
        tracing::error!(%error, "token.failed");
        Problem::Internal
    })?;
    let user = account.principal.user.clone();
    let session = Session {
        token: hash,
        user,
        created_at: at,
        expires_at: Moment(at.0 + LIFE_MS),
    };
    app.store.open_session(session).await?;
    Ok(Json(Opened {
        token,
        me: Me::new(account, &headers),
    }))
}

/// `GET /api/session`: who is signed in.
pub async fn show(signed: Signed, headers: HeaderMap) -> Json<Me> {
    Json(Me::new(signed.account, &headers))
}

/// `DELETE /api/session`: signs out.
pub async fn close(State(app): State<App>, signed: Signed) -> Result<StatusCode, Problem> {
    app.store.close_session(signed.session.token, now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/session/language`: keeps the language chosen.
pub async fn speak(
    State(app): State<App>,
    signed: Signed,
    Json(speak): Json<Speak>,
) -> Result<StatusCode, Problem> {
    app.store
        .set_language(signed.principal.user, speak.language.as_str().to_owned())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
