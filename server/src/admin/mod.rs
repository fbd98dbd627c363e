//! What those who administer do: accounts, removing documents for good, and the list of what was done.

pub mod accounts;
mod audit;
mod erase;

pub use audit::audit;
pub use erase::erase;

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
