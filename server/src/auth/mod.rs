//! Who asks: passwords, sessions, and what a route may demand of its caller.

pub(crate) mod code;
mod contact;
mod password;
pub mod second;
mod session;
mod sessions;
mod ticket;
mod token;

use axum::extract::{FromRequestParts, Query};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use lianxin_shared::id::Moment;
use lianxin_shared::rules::Principal;
use lianxin_shared::texts::Lang;
use serde::Deserialize;

pub use password::{PasswordError, hash, is_weak, made_up};
pub use session::{Credentials, GivenCode, Me, Opened, Speak, close, open, open_by_code, show, speak};
pub(crate) use sessions::{
    Shown as ShownSession, found as found_session, shown as shown_sessions, withdraw_named,
};
pub use sessions::{end as end_session, list as list_sessions, withdraw as withdraw_session};
pub(crate) use ticket::redeem;
pub use ticket::{Spent, Ticketed, Wanted, issue};

use crate::app::App;
use crate::clock::now;
use crate::problem::{Problem, language};
use crate::store::{Account, Contact, Session};

/// How long a session lives without being used: a tablet may be offline for weeks.
const LIFE_MS: i64 = 90 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How often it is put down that a session is used: each time would be a write a request.
const CONTACT_MS: i64 = 15 * 60 * 1000;

/// A caller with a session. As an argument of a handler it demands one.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who it is, as of now: roles and stations are read anew with each request.
    pub principal: Principal,
    /// The account.
    pub account: Account,
    /// The session.
    pub session: Session,
}

impl Signed {
    /// The language that the user chose, or else the one that the browser asks for.
    pub(crate) fn language(&self, headers: &HeaderMap) -> Lang {
        let chosen = self.account.language.as_deref();
        chosen
            .and_then(|lang| lang.parse().ok())
            .unwrap_or_else(|| language(headers))
    }

    /// Whose token it is. The session lives on from now; `contact` is how it is used, where something is known of that.
    pub(crate) async fn by_token(app: &App, token: &str, contact: Option<Contact>) -> Result<Self, Problem> {
        let token = token::hash(token).ok_or(Problem::SignInNeeded)?;
        let at = now();
        let Some((session, account)) = app.store.session(token, at).await? else {
            let is_withdrawn = app.store.withdrawn(token, at).await?;
            return Err(if is_withdrawn {
                Problem::Withdrawn
            } else {
                Problem::SignInNeeded
            });
        };
        let last = &session.contact;
        let contact = contact.unwrap_or_else(|| Contact { at, ..last.clone() });
        if at.0 - last.at.0 > CONTACT_MS || contact.client != last.client {
            let end = Moment(at.0 + LIFE_MS);
            app.store.extend_session(token, end, contact).await?;
        }
        Ok(Self {
            principal: account.principal.clone(),
            account,
            session,
        })
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Who came with a ticket has spent it at the guard.
        if let Some(signed) = parts.extensions.get::<Self>() {
            return Ok(signed.clone());
        }
        let bearer = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let bearer = bearer
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(Problem::SignInNeeded)?;
        let token = bearer.trim().to_owned();
        let contact = contact::of(parts, app).await;
        Self::by_token(app, &token, Some(contact)).await
    }
}

/// A caller whose token stands in the address, for clients that can set nothing else. Queries are never logged.
#[derive(Debug, Clone, Deserialize)]
pub struct TokenInQuery {
    /// The token.
    pub token: String,
}

impl FromRequestParts<App> for TokenInQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let query = Query::try_from_uri(&parts.uri).map_err(|_| Problem::SignInNeeded)?;
        Ok(query.0)
    }
}
