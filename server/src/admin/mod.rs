//! What those who administer do: accounts, removing documents for good, and the list of what was done.

pub mod accounts;
mod audit;
pub mod devices;
mod erase;

pub use audit::{Page, Parameters, audit};
pub use erase::{Why, erase};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
