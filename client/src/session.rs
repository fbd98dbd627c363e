//! Who is here.

use std::rc::Rc;

use lianxin_shared::rules::Principal;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

/// A signed-in user, as the device remembers it. It outlives its token: with the token gone the user goes on writing,
/// and signs in again when there is a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// What proves to the server who asks; none after it expired.
    pub token: Option<String>,
    /// The user, the roles, the stations.
    pub principal: Principal,
    /// The language chosen, `zh` or `en`.
    pub language: String,
}

/// The session of this page. Only below the signed-in shell.
#[hook]
pub fn use_session() -> Option<Rc<Session>> {
    use_context::<Rc<Session>>()
}
