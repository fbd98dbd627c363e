//! What the office asks: lists over the projection, and single documents.

mod document;
mod filter;
mod records;

pub use document::document;
pub use filter::Parameters;
pub use records::{counts, records};
