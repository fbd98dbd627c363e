//! Who may do what, and who holds what. Pure functions over a record and a principal: the client runs them for instant
//! answers, the server enforces the very same.

mod channel;
mod permit;
mod principal;
mod refusal;
mod validate;

pub use channel::{Channel, channels_of, channels_read_by, may_read};
pub use permit::{may_write, permit, steps_for};
pub use principal::{Principal, Role, UnknownRole};
pub use refusal::{Refusal, RefusalCode};
pub use validate::{Completeness, Issue, IssueCode, validate};

#[cfg(test)]
mod tests;
