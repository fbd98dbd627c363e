//! `/api/sessions`: where one is signed in, ending what one does not know, and withdrawing a tablet that was lost.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lianxin_shared::hex;
use lianxin_shared::id::{Moment, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::Signed;
use super::second::{self, Sure};
use crate::app::App;
use crate::clock::now;
use crate::limits::Address;
use crate::problem::{Problem, Refused};
use crate::store::{Act, Deed, Session, TokenHash};

/// How many bytes of a token's hash name its session. It is of no use to anybody who would like to have the session.
const NAME: usize = 8;

/// A session as it is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct Shown {
    /// Its name.
    id: String,
    /// What kind of device, as `Android · Chrome`.
    device: String,
    /// From which part of the net, as `198.51.*`.
    place: String,
    /// The version of the app; empty for anything else.
    client: String,
    /// When it was opened.
    #[schema(value_type = i64)]
    opened_at: Moment,
    /// When it was last used, to a quarter of an hour.
    #[schema(value_type = i64)]
    seen_at: Moment,
    /// Whether it is the one that asks.
    own: bool,
}

/// One's own sessions, the one last used first.
pub async fn list(State(app): State<App>, signed: Signed) -> Result<Json<Vec<Shown>>, Problem> {
    let user = signed.principal.user.clone();
    Ok(Json(shown(&app, user, &signed).await?))
}

/// Ends one of one's own. Another than the one that asks is that of a device that is elsewhere, perhaps in other hands: what it
/// signed counts no more.
pub async fn end(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let session = found(&app, signed.principal.user.clone(), &id).await?;
    if session.token == signed.session.token {
        app.store.close_session(session.token, now()).await?;
    } else {
        app.store.end_session(session.token, None).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws one of one's own: that of a tablet which was lost. What was not sent from there is lost with it, so the session alone
/// is not enough.
pub async fn withdraw(
    State(app): State<App>,
    signed: Signed,
    address: Address,
    Path(id): Path<String>,
    Json(sure): Json<Sure>,
) -> Result<StatusCode, Refused> {
    second::is_sure(&app, &signed, address, sure.password).await?;
    withdraw_named(&app, signed.principal.user.clone(), &id, &signed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws the session of an account that has this name, and notes it. Not the one that asks.
pub(crate) async fn withdraw_named(
    app: &App,
    user: UserId,
    id: &str,
    signed: &Signed,
) -> Result<(), Problem> {
    let session = found(app, user.clone(), id).await?;
    if session.token == signed.session.token {
        return Err(Problem::SessionOwn);
    }
    let act = Act {
        words: session.contact.device,
        ..second::act(&signed.principal.user, Deed::DeviceWithdrawn, &user)
    };
    let is_withdrawn = app.store.withdraw_session(session.token, act).await?;
    is_withdrawn.then_some(()).ok_or(Problem::SessionUnknown)
}

/// The sessions of an account.
pub(crate) async fn shown(app: &App, user: UserId, signed: &Signed) -> Result<Vec<Shown>, Problem> {
    let sessions = app.store.sessions(Some(user), now()).await?;
    let own = signed.session.token;
    Ok(sessions
        .into_iter()
        .map(|session| Shown::of(session, own))
        .collect())
}

/// The session of an account that has this name.
pub(crate) async fn found(app: &App, user: UserId, id: &str) -> Result<Session, Problem> {
    let sessions = app.store.sessions(Some(user), now()).await?;
    let found = sessions.into_iter().find(|session| name(session.token) == id);
    found.ok_or(Problem::SessionUnknown)
}

fn name(token: TokenHash) -> String {
    hex::written(&token.0[..NAME])
}

impl Shown {
    fn of(session: Session, own: TokenHash) -> Self {
        Self {
            id: name(session.token),
            device: session.contact.device,
            place: session.contact.place,
            client: session.contact.client,
            opened_at: session.created_at,
            seen_at: session.contact.at,
            own: session.token == own,
        }
    }
}
