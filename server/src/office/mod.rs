//! What the office asks: lists over the projection, and single documents.

mod document;
mod filter;
mod links;
mod records;
mod twins;
mod watch;
mod year;

pub use document::{companion, document};
pub use filter::Parameters;
pub(crate) use links::chain;
pub use links::{Chain, links};
pub use records::{Counts, Page, counts, records};
pub use twins::{Found, Held, twins};
pub use watch::watch;
pub(crate) use year::bounds;
pub use year::{Parameters as YearParameters, Year, year};
