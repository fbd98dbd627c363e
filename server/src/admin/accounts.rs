//! `/api/accounts`: who may sign in, and as what. Where somebody hosts and belongs is said in the records of stations and
//! groups: see [`crate::accounts`].

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::{Principal, RESERVED, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{self, Signed};
use crate::clock::now;
use crate::demo;
use crate::problem::Problem;
use crate::store::{Account, Act, Deed, StoreError};

/// The longest name, in characters.
const MAX_NAME: usize = 40;

/// The fewest characters of a password.
const MIN_PASSWORD: usize = 8;

/// The longest password, in bytes.
const MAX_PASSWORD: usize = 1_000;

/// An account, without its password.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub struct Shown {
    #[serde(flatten)]
    #[schema(value_type = serde_json::Value)]
    principal: Principal,
    name: String,
    disabled: bool,
    #[schema(value_type = i64)]
    created_at: Moment,
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewAccount)]
pub struct New {
    user: String,
    name: String,
    #[schema(value_type = Vec<String>)]
    roles: BTreeSet<Role>,
}

/// What an account is to be.
#[derive(Deserialize, ToSchema)]
#[schema(as = WantedAccount)]
pub struct Wanted {
    name: String,
    #[schema(value_type = Vec<String>)]
    roles: BTreeSet<Role>,
    disabled: bool,
}

/// A password to set; made up if there is none.
#[derive(Deserialize, ToSchema)]
pub struct Password {
    password: Option<String>,
}

/// A password that was made up. It is told once.
#[derive(Serialize, ToSchema)]
pub struct Told {
    password: Option<String>,
}

impl From<Account> for Shown {
    fn from(account: Account) -> Self {
        Self {
            principal: account.principal,
            name: account.name,
            disabled: account.disabled,
            created_at: account.created_at,
        }
    }
}

/// `GET /api/accounts`: all of them, by name.
pub async fn list(State(app): State<App>) -> Result<Json<Vec<Shown>>, Problem> {
    let accounts = app.store.accounts().await?;
    Ok(Json(accounts.into_iter().map(Shown::from).collect()))
}

/// `POST /api/accounts`: adds one with a password that is made up and told once, and a person's record if there is none.
pub async fn add(
    State(app): State<App>,
    signed: Signed,
    Json(new): Json<New>,
) -> Result<Json<Told>, Problem> {
    let user: UserId = new
        .user
        .trim()
        .to_lowercase()
        .parse()
        .map_err(|_| Problem::RequestInvalid)?;
    if RESERVED.contains(&user.as_str()) {
        return Err(Problem::AccountExists);
    }
    let principal = Principal::new(user.clone(), roles(new.roles)?);
    let name = name(&new.name)?;
    let password = auth::made_up().map_err(internal)?;
    let account = Account {
        principal: principal.clone(),
        name: name.clone(),
        password: auth::hash(password.clone()).await.map_err(internal)?,
        language: None,
        disabled: false,
        created_at: now(),
    };
    let act = act(&signed, Deed::AccountAdded, &user, &keys(&principal.roles, "+"));
    match app.store.note_account(account, act).await {
        Err(StoreError::Exists) => return Err(Problem::AccountExists),
        added => added?,
    }
    // Without it the account can be used all the same; a name in the lists is what it lacks.
    if let Err(error) = demo::add_person(&app, &principal, &name).await {
        tracing::error!(%error, "account.without_person");
    }
    app.members.renew().await?;
    Ok(Json(Told {
        password: Some(password),
    }))
}

/// `PUT /api/accounts/{user}`: changes name and roles, and lets in or shuts out. Whoever is shut out is signed out at once.
pub async fn change(
    State(app): State<App>,
    signed: Signed,
    Path(user): Path<String>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Shown>, Problem> {
    let before = known(&app, &user).await?;
    let after = Account {
        principal: Principal {
            roles: roles(wanted.roles)?,
            ..before.principal.clone()
        },
        name: name(&wanted.name)?,
        disabled: wanted.disabled,
        ..before.clone()
    };
    let is_own = before.principal.user == signed.principal.user;
    if is_own && (after.disabled || !after.principal.is(Role::Admin)) {
        // Somebody has to be left who can open the door again.
        return Err(Problem::AccountOwn);
    }
    let what = difference(&before, &after);
    if !what.is_empty() {
        let act = act(&signed, Deed::AccountChanged, &before.principal.user, &what);
        app.store.note_account(after.clone(), act).await?;
        app.members.renew().await?;
    }
    Ok(Json(after.into()))
}

/// `POST /api/accounts/{user}/password`: sets a password, and ends what was opened with the old one.
pub async fn set_password(
    State(app): State<App>,
    signed: Signed,
    Path(user): Path<String>,
    Json(wanted): Json<Password>,
) -> Result<Json<Told>, Problem> {
    let account = known(&app, &user).await?;
    let made_up = match &wanted.password {
        Some(_) => None,
        None => Some(auth::made_up().map_err(internal)?),
    };
    let password = wanted.password.or_else(|| made_up.clone()).unwrap_or_default();
    if password.chars().count() < MIN_PASSWORD || password.len() > MAX_PASSWORD {
        return Err(Problem::RequestInvalid);
    }
    if auth::is_weak(&password, &[account.principal.user.as_str(), &account.name]) {
        return Err(Problem::PasswordWeak);
    }
    let act = act(&signed, Deed::PasswordSet, &account.principal.user, &[]);
    let account = Account {
        password: auth::hash(password).await.map_err(internal)?,
        ..account
    };
    app.store.note_account(account, act).await?;
    app.members.renew().await?;
    Ok(Json(Told { password: made_up }))
}

pub(super) async fn known(app: &App, user: &str) -> Result<Account, Problem> {
    let user: UserId = user.parse().map_err(|_| Problem::AccountUnknown)?;
    app.store.account(user).await?.ok_or(Problem::AccountUnknown)
}

fn name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
    if fits {
        Ok(name.to_owned())
    } else {
        Err(Problem::RequestInvalid)
    }
}

/// Roles that an account can have.
fn roles(roles: BTreeSet<Role>) -> Result<BTreeSet<Role>, Problem> {
    if roles.is_empty() || roles.contains(&Role::Resident) {
        return Err(Problem::RequestInvalid);
    }
    Ok(roles)
}

/// What is different, by keys: what these are called stands in the catalogue.
fn difference(before: &Account, after: &Account) -> Vec<String> {
    let (old, new) = (&before.principal.roles, &after.principal.roles);
    let mut what = keys(new.difference(old), "+");
    what.extend(keys(old.difference(new), "-"));
    if before.name != after.name {
        what.push("name".to_owned());
    }
    if before.disabled != after.disabled {
        what.push(if after.disabled { "disabled" } else { "enabled" }.to_owned());
    }
    what
}

fn keys<'r>(roles: impl IntoIterator<Item = &'r Role>, sign: &str) -> Vec<String> {
    roles.into_iter().map(|role| format!("{sign}{role}")).collect()
}

pub(super) fn act(signed: &Signed, deed: Deed, about: &UserId, what: &[String]) -> Act {
    Act {
        at: now(),
        by: signed.principal.user.clone(),
        deed,
        about: about.to_string(),
        kind: None,
        words: what.join(" "),
    }
}

pub(super) fn internal(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "account.failed");
    Problem::Internal
}
