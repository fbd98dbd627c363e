//! What those who administer do: accounts, removing documents for good, sessions of others, what was refused, and the list of what was done.

pub mod accounts;
mod audit;
pub mod devices;
mod erase;
pub mod quarantine;
pub mod sessions;
mod state;

pub use audit::{
    Page, Parameters, Verified, audit, csv as audit_csv, json as audit_json, verify as audit_verify,
};
pub use erase::{Why, erase};
pub use state::{Shown as ServerState, Since, state};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
