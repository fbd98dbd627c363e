//! Accounts and sessions.

use lianxin_shared::id::{Moment, UserId};
use lianxin_shared::rules::Principal;

/// Who may sign in, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name, roles and stations.
    pub principal: Principal,
    /// The name that people know.
    pub name: String,
    /// The password's argon2id hash in PHC form.
    pub password: String,
    /// The language the user chose; none before the first choice.
    pub language: Option<String>,
    /// Whether it is shut out.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Moment,
}

/// The SHA-256 of a session's token. The token itself is never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// A sign-in that was withdrawn: its device destroys the key of the user's vault when it comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// When it was.
    pub at: Moment,
    /// When the device came and was told; none as long as it has not.
    pub told_at: Option<Moment>,
}

/// When a session was last used, and from where, as far as it helps its owner to know it again: no address, no name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// When, to a quarter of an hour.
    pub at: Moment,
    /// What kind of device, as `Android · Chrome`.
    pub device: String,
    /// From which part of the net, as `198.51.*`.
    pub place: String,
    /// The version of the app on the device; empty for anything else.
    pub client: String,
}

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What the token hashes to.
    pub token: TokenHash,
    /// Whose it is.
    pub user: UserId,
    /// When it was opened.
    pub created_at: Moment,
    /// When it ends unless it is used before.
    pub expires_at: Moment,
    /// The last that was heard of it.
    pub contact: Contact,
}
