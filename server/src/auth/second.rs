//! `/api/session/second`: a code besides the password, from an app on one's telephone (TOTP, RFC 6238: six digits, steps of
//! 30 seconds, one step early or late), and recovery codes for when that is lost. Each code counts once.

use lianxin_shared::hex;
use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{MatchedPath, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::{Principal, Role};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};
use utoipa::ToSchema;

use super::{Signed, password};
use crate::app::App;
use crate::clock::now;
use crate::limits::Address;
use crate::problem::{Problem, Refused};
use crate::store::{Act, CodeHash, Deed, Proof, Second, StoreError};

/// How many bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;

/// How many recovery codes there are, and of how many bytes each: they are guessed no faster than passwords.
const RECOVERY: usize = 10;
const RECOVERY_BYTES: usize = 6;

/// Who has to prove who they are by a code besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedOf {
    /// Nobody who does not want to.
    #[default]
    Nobody,
    /// Administrators.
    Admins,
    /// The office: clerks, supervisors, administrators.
    Office,
}

impl AskedOf {
    fn includes(self, principal: &Principal) -> bool {
        match self {
            Self::Nobody => false,
            Self::Admins => principal.is(Role::Admin),
            Self::Office => principal.in_office(),
        }
    }
}

/// Whether somebody has to set up a code before anything else.
pub(super) async fn is_owed(app: &App, principal: &Principal) -> Result<bool, StoreError> {
    let is_asked = app.second_asked_of.includes(principal);
    Ok(is_asked && app.store.second(principal.user.clone()).await?.is_none())
}

/// Lets nobody further who has to set up a code first, but to where that is done, and out.
pub(crate) async fn paid(app: &App, signed: &Signed, parts: &Parts) -> Result<(), Problem> {
    let path = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let is_way = path == "/api/session" || path.starts_with("/api/session/");
    if !is_way && is_owed(app, &signed.principal).await? {
        return Err(Problem::SecondOwed);
    }
    Ok(())
}

/// Whether one's sign-in asks for a code.
#[derive(Serialize, ToSchema)]
pub struct SecondState {
    on: bool,
    /// How many recovery codes are left.
    recovery: usize,
}

/// A secret to be taken over by an app.
#[derive(Serialize, ToSchema)]
pub struct Offered {
    /// In base 32, to be typed.
    secret: String,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    address: String,
}

/// What switches it on: the secret that was offered, a code that follows from it, and the password.
#[derive(Deserialize, ToSchema)]
pub struct Confirmed {
    secret: String,
    code: String,
    password: String,
}

/// That it is really whose session it is.
#[derive(Deserialize, ToSchema)]
pub struct Sure {
    pub(super) password: String,
}

/// The recovery codes, told once.
#[derive(Serialize, ToSchema)]
pub struct Codes {
    recovery: Vec<String>,
}

/// Whether it is on.
pub async fn state(State(app): State<App>, signed: Signed) -> Result<Json<SecondState>, Problem> {
    let second = app.store.second(signed.principal.user).await?;
    Ok(Json(SecondState {
        on: second.is_some(),
        recovery: second.map_or(0, |second| second.recovery.len()),
    }))
}

/// Offers a secret. Nothing is kept of it yet.
pub async fn offer(signed: Signed) -> Result<Json<Offered>, Problem> {
    let mut secret = [0; SECRET];
    getrandom::fill(&mut secret).map_err(internal)?;
    let named = Builder::new()
        .with_secret(secret)
        .with_account_name(signed.principal.user.as_str())
        .with_issuer(Some("Lianxin"));
    let totp = named.build().map_err(internal)?;
    Ok(Json(Offered {
        secret: Secret::from(secret).to_base32(),
        address: totp.to_url().map_err(internal)?,
    }))
}

/// Switches it on.
pub async fn confirm(
    State(app): State<App>,
    signed: Signed,
    address: Address,
    Json(confirmed): Json<Confirmed>,
) -> Result<Json<Codes>, Refused> {
    is_sure(&app, &signed, address, confirmed.password).await?;
    let secret = Secret::try_from_base32(&confirmed.secret).map_err(|_| Problem::RequestInvalid)?;
    let secret: Vec<u8> = secret.as_ref().to_vec();
    let totp = totp(&secret)
        .filter(|_| secret.len() == SECRET)
        .ok_or(Problem::RequestInvalid)?;
    let step = step(&totp, &confirmed.code, now()).ok_or(Problem::CodeWrong)?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY {
        let mut bytes = [0; RECOVERY_BYTES];
        getrandom::fill(&mut bytes).map_err(internal)?;
        codes.push(hex::written(&bytes));
    }
    let recovery = codes.iter().map(|code| hash(code)).collect::<BTreeSet<_>>();
    let second = Second {
        secret,
        step,
        recovery,
    };
    let act = act(&signed.principal.user, Deed::SecondSet, &signed.principal.user);
    let user = signed.principal.user;
    app.store.note_second(user, Some(second), act).await?;
    Ok(Json(Codes { recovery: codes }))
}

/// Switches it off.
pub async fn remove(
    State(app): State<App>,
    signed: Signed,
    address: Address,
    Json(sure): Json<Sure>,
) -> Result<StatusCode, Refused> {
    is_sure(&app, &signed, address, sure.password).await?;
    let user = signed.principal.user;
    let act = act(&user, Deed::SecondRemoved, &user);
    app.store.note_second(user, None, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is noted of it.
pub(crate) fn act(by: &UserId, deed: Deed, about: &UserId) -> Act {
    Act {
        at: now(),
        by: by.clone(),
        deed,
        about: about.to_string(),
        kind: None,
        words: String::new(),
    }
}

/// Takes the code of whoever signs in, where their account asks for one.
pub(super) async fn prove(app: &App, user: &UserId, code: Option<&str>) -> Result<(), Problem> {
    let Some(second) = app.store.second(user.clone()).await? else {
        return Ok(());
    };
    let code = code.map(plain).filter(|code| !code.is_empty());
    let code = code.ok_or(Problem::CodeNeeded)?;
    let of_time = totp(&second.secret).and_then(|totp| step(&totp, &code, now()));
    let proof = of_time.map_or(Proof::Recovery(hash(&code)), Proof::Step);
    if app.store.spend(user.clone(), proof).await? {
        Ok(())
    } else {
        Err(Problem::CodeWrong)
    }
}

/// The session alone is not enough: a tablet may lie about.
pub(super) async fn is_sure(
    app: &App,
    signed: &Signed,
    address: Address,
    password: String,
) -> Result<(), Refused> {
    let user = signed.principal.user.as_str();
    app.limits.try_password(user, address)?;
    let hashed = Some(signed.account.password.clone());
    let is_right = password::verify(password, hashed)
        .await
        .ok_or(Problem::Overloaded)?;
    if !is_right {
        // Not the session is at fault.
        return Err(Problem::PasswordWrong.into());
    }
    app.limits.right(user, address);
    Ok(())
}

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(secret).build().ok()
}

/// The step of time that a code belongs to, if it is one of those around now.
fn step(totp: &Totp, code: &str, at: Moment) -> Option<u64> {
    totp.check(&plain(code), u64::try_from(at.0 / 1_000).ok()?)
}

/// A code as it is meant: people write it in groups.
fn plain(code: &str) -> String {
    let signs = code.chars().filter(char::is_ascii_alphanumeric);
    signs.map(|sign| sign.to_ascii_lowercase()).collect()
}

fn hash(code: &str) -> CodeHash {
    Sha256::digest(code.as_bytes()).into()
}

fn internal(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "second.failed");
    Problem::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_that_of_rfc_6238_and_holds_one_step_early_or_late() {
        // The secret and two moments of appendix B, of whose eight digits ours are the last six.
        let totp = totp(b"12345678901234567890").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804")] {
            let at = |seconds: i64| step(&totp, code, Moment(seconds * 1_000));
            let own = seconds as u64 / 30;
            for (away, expected) in [
                (0, Some(own)),
                (30, Some(own)),
                (-30, Some(own)),
                (60, None),
                (-60, None),
            ] {
                let at = at(seconds + away);
                assert_eq!(at, expected, "{seconds} {away}");
            }
        }
        assert_eq!(step(&totp, "287 082", Moment(59_000)), Some(1));
        for wrong in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(step(&totp, wrong, Moment(59_000)), None, "{wrong}");
        }
    }
}
