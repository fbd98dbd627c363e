//! What the office asks: lists over the projection, and single documents.

mod document;
mod filter;
mod links;
mod records;
mod twins;
mod year;

pub use document::{companion, document};
pub use links::links;
pub use records::{counts, records};
pub use twins::{Held, twins};
pub use year::year;
