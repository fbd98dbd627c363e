//! Who may do what, and who holds what. Pure functions over a record and a principal: the client runs them for instant
//! answers, the server enforces the very same.

mod attachments;
mod channel;
mod credits;
mod followed;
mod general;
mod links;
mod membership;
mod permit;
mod principal;
mod public;
mod refusal;
mod validate;

pub use attachments::{
    MAX_ATTACHMENTS, MAX_CAPTION, MAX_FILE, MAX_THUMB, fits, may_attach, takes_attachments,
};
pub use channel::{Channel, channels_of, channels_read_by, may_read, may_read_companion};
pub use credits::{Share, Subject, credits_of};
pub use followed::{Followed, followed, rating};
pub use general::is_general;
pub use links::{INTO, Link, links_of, names_work};
pub use membership::{MEMBERSHIP, Named, member};
pub use permit::{
    finishing, lacks_day, may_erase, may_start, may_write, missing, permit, places_for, steps_for,
};
pub use principal::{Principal, RESERVED, Role, SERVER, UnknownRole};
pub use public::{PublicStep, Published, published};
pub use refusal::{Refusal, RefusalCode};
pub use validate::{Completeness, Issue, IssueCode, validate};

#[cfg(test)]
mod tests;
