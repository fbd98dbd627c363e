//! Who is here.

use std::rc::Rc;

use lianxin_shared::document::{Actor, Author};
use lianxin_shared::id::DeviceId;
use lianxin_shared::rules::{Principal, Role};
use lianxin_shared::texts::Lang;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::api::{Api, ApiError};
use crate::vault::Recovery;

/// A signed-in user, as the device remembers it. It outlives its token: with the token gone the user goes on writing,
/// and signs in again when there is a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// What proves to the server who asks; none after it expired.
    pub token: Option<String>,
    /// The user, the roles, the stations.
    pub principal: Principal,
    /// The language chosen.
    pub language: Lang,
    /// The name that people know.
    #[serde(default)]
    pub name: String,
    /// Whether the district asks for a code besides the password, and there is none yet: until then the server does nothing else.
    #[serde(default)]
    pub second_owed: bool,
    /// What opens the vault when the PIN is forgotten; none before the first sign-in that brought it.
    #[serde(default)]
    pub recovery: Option<Recovery>,
}

/// What the server says of a user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Account {
    /// The user, the roles, the stations.
    #[serde(flatten)]
    pub principal: Principal,
    /// The language chosen.
    #[serde(default)]
    pub language: Lang,
    /// The name that people know.
    #[serde(default)]
    pub name: String,
    /// Whether a code besides the password has to be set up first.
    #[serde(default)]
    pub second_owed: bool,
}

#[derive(Serialize)]
struct Credentials<'a> {
    user: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

#[derive(Serialize)]
struct GivenCode<'a> {
    code: &'a str,
}

#[derive(Deserialize)]
struct Granted {
    token: String,
    recovery: Option<Recovery>,
}

impl Session {
    /// Asks the server for a session.
    pub async fn ask(
        user: &str,
        password: &str,
        code: Option<&str>,
        language: Lang,
    ) -> Result<Self, ApiError> {
        let credentials = Credentials { user, password, code };
        Self::ask_at("/api/session", &credentials, language).await
    }

    /// Asks for a session by a code that the office gave.
    pub async fn ask_by_code(code: &str, language: Lang) -> Result<Self, ApiError> {
        Self::ask_at("/api/session/code", &GivenCode { code }, language).await
    }

    async fn ask_at(path: &str, shown: &impl Serialize, language: Lang) -> Result<Self, ApiError> {
        let door = Api::new(None, language.as_str());
        let Granted { token, recovery } = door.post(path, shown).await?;
        let account: Account = Api::new(Some(&token), language.as_str())
            .get("/api/session")
            .await?;
        Ok(Self {
            token: Some(token),
            principal: account.principal,
            language: account.language,
            name: account.name,
            second_owed: account.second_owed,
            recovery,
        })
    }

    /// The way to the server for this user.
    pub fn api(&self) -> Api {
        Api::new(self.token.as_deref(), self.language.as_str())
    }

    /// Whether this user's place is the desk: an office's role, or a department's and no other; and no station to write for.
    pub fn starts_in_office(&self) -> bool {
        let is_department = self.principal.roles.iter().eq([&Role::Handler]);
        let is_desk = self.principal.in_office() || is_department;
        is_desk && self.principal.stations().next().is_none()
    }
}

/// The signed-in user with what the pages do in that name.
#[derive(Clone, PartialEq)]
pub struct Here {
    /// The session.
    pub session: Rc<Session>,
    /// This tablet.
    pub device: DeviceId,
    /// The actor of this start of the app.
    pub actor: Actor,
    /// Locks the vault, in all windows. What is half written stays in it.
    pub lock: Callback<()>,
    /// Locks, and gives the session back. What is unsent stays on the tablet.
    pub sign_out: Callback<()>,
    /// Minutes without a touch after which it locks.
    pub idle_minutes: u32,
    /// Chooses another number.
    pub set_idle_minutes: Callback<u32>,
    /// So many records wait to be sent: kept where it can be seen while the vault is locked.
    pub note_waiting: Callback<u32>,
    /// Changes the language, here and for the user.
    pub speak: Callback<Lang>,
    /// A write failed: whatever is written next goes under a fresh actor.
    pub start_anew: Callback<()>,
}

impl Here {
    /// Who writes now.
    pub fn author(&self) -> Author {
        Author {
            user: self.session.principal.user.clone(),
            actor: self.actor,
            at: crate::i18n::when::now(),
        }
    }
}

/// Who is here; nobody outside of the signed-in shell.
#[hook]
pub fn use_here() -> Option<Here> {
    use_context::<Here>()
}

/// The session; none outside of the signed-in shell.
#[hook]
pub fn use_session() -> Option<Rc<Session>> {
    use_context::<Here>().map(|here| here.session)
}
