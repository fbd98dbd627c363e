//! What those who administer do: removing documents for good, and the list of what was done.

mod audit;
mod erase;

pub use audit::audit;
pub use erase::erase;

/// The longest reason, in characters.
const MAX_REASON: usize = 500;
