//! `/api/session`: signing in and out, and who one is.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use lianxin_shared::hex;
use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::Principal;
use lianxin_shared::texts::Lang;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use super::contact::Used;
use super::{LIFE_MS, Signed, code, password, second, token};
use crate::app::App;
use crate::clock::now;
use crate::limits::Address;
use crate::problem::{self, Problem, Refused};
use crate::store::{Account, Contact, Life, Session};

/// The longest password, in bytes.
const MAX_PASSWORD: usize = 1_000;

/// What signing in takes.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    user: String,
    password: String,
    /// Where the account asks for one: the code of now, or a recovery code.
    code: Option<String>,
}

/// A code that the office gave.
#[derive(Deserialize, ToSchema)]
pub struct GivenCode {
    code: String,
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
    /// Whether a code besides the password has to be set up before anything else is done.
    second_owed: bool,
}

/// A session, with what proves it.
#[derive(Serialize, ToSchema)]
pub struct Opened {
    token: String,
    /// What opens the user's vaults where a PIN was forgotten: 32 bytes in hexadecimal, the same for all devices, told to
    /// nobody but who came with the password or a code. Docs: docs/threat-model.md.
    recovery: String,
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
    async fn of(app: &App, account: Account, headers: &HeaderMap) -> Result<Self, Problem> {
        let second_owed = second::is_owed(app, &account.principal).await?;
        let chosen = account.language.and_then(|language| language.parse().ok());
        Ok(Self {
            principal: account.principal,
            name: account.name,
            language: chosen.unwrap_or_else(|| problem::language(headers)),
            second_owed,
        })
    }
}

/// `POST /api/session`: signs in.
pub async fn open(
    State(app): State<App>,
    address: Address,
    Used(contact): Used,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Json<Opened>, Refused> {
    let Credentials { user, password, code } = credentials;
    let at = now();
    if password.len() > MAX_PASSWORD {
        return Err(Problem::CredentialsWrong.into());
    }
    let user: Option<UserId> = user.trim().to_lowercase().parse().ok();
    let name = user.as_ref().map_or("", UserId::as_str).to_owned();
    app.limits.try_password(&name, address)?;
    let account = match user {
        Some(user) => app.store.account(user).await?,
        None => None,
    };
    let hashed = account.as_ref().map(|account| account.password.clone());
    let is_right = password::verify(password, hashed)
        .await
        .ok_or(Problem::Overloaded)?;
    let Some(account) = account.filter(|account| is_right && !account.disabled) else {
        return Err(Problem::CredentialsWrong.into());
    };
    second::prove(&app, &account.principal.user, code.as_deref()).await?;
    app.limits.right(&name, address);
    Ok(begin(&app, account, contact, at, &headers).await?)
}

/// `POST /api/session/code`: signs in a device by a code that the office gave, once.
pub async fn open_by_code(
    State(app): State<App>,
    Used(contact): Used,
    headers: HeaderMap,
    Json(GivenCode { code }): Json<GivenCode>,
) -> Result<Json<Opened>, Problem> {
    let at = now();
    let hash = code::hash(&code).ok_or(Problem::DeviceCodeWrong)?;
    let user = app
        .store
        .take_code(hash, at)
        .await?
        .ok_or(Problem::DeviceCodeWrong)?;
    let account = app.store.account(user).await?.filter(|account| !account.disabled);
    begin(
        &app,
        account.ok_or(Problem::DeviceCodeWrong)?,
        contact,
        at,
        &headers,
    )
    .await
}

/// Opens a session for whoever has shown who they are.
async fn begin(
    app: &App,
    account: Account,
    contact: Contact,
    at: Moment,
    headers: &HeaderMap,
) -> Result<Json<Opened>, Problem> {
    let (token, hash) = token::fresh().map_err(|error| {
        tracing::error!(%error, "token.failed");
        Problem::Internal
    })?;
    let user = account.principal.user.clone();
    let recovery = recovery(&app.life, &user).ok_or(Problem::Internal)?;
    let session = Session {
        token: hash,
        user,
        created_at: at,
        expires_at: Moment(at.0 + LIFE_MS),
        contact,
    };
    app.store.open_session(session).await?;
    Ok(Json(Opened {
        token,
        recovery,
        me: Me::of(app, account, headers).await?,
    }))
}

/// A user's key of recovery: a MAC (RFC 2104) over the name. It lives as long as the database's key.
fn recovery(life: &Life, user: &UserId) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&life.receipt_key).ok()?;
    // Receipts and tickets are made with the same key: this beginning keeps them apart.
    mac.update(b"lianxin vault recovery\0");
    mac.update(user.as_str().as_bytes());
    Some(hex::written(&mac.finalize().into_bytes()))
}

/// `GET /api/session`: who is signed in.
pub async fn show(State(app): State<App>, signed: Signed, headers: HeaderMap) -> Result<Json<Me>, Problem> {
    Ok(Json(Me::of(&app, signed.account, &headers).await?))
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
