//! Who is here.

use std::rc::Rc;

use lianxin_shared::document::{Actor, Author};
use lianxin_shared::id::DeviceId;
use lianxin_shared::rules::{Principal, Role};
use lianxin_shared::texts::Lang;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::api::{Api, ApiError};

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
}

#[derive(Serialize)]
struct Credentials<'a> {
    user: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

#[derive(Deserialize)]
struct Granted {
    token: String,
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
        let door = Api::new(None, language.as_str());
        let Granted { token } = door.post("/api/session", &credentials).await?;
        let account: Account = Api::new(Some(&token), language.as_str())
            .get("/api/session")
            .await?;
        Ok(Self {
            token: Some(token),
            principal: account.principal,
            language: account.language,
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
    /// Signs out. What is unsent stays on the tablet.
    pub sign_out: Callback<()>,
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
