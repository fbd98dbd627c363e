//! What the office asks: lists over the projection, and single documents.

mod answers;
mod document;
mod filter;
mod links;
mod records;
mod twins;
mod waits;
mod watch;
mod year;

pub use answers::Answers;
pub use document::{companion, document};
pub(crate) use filter::DAY_MS;
pub use filter::Parameters;
pub(crate) use links::chain;
pub use links::{Chain, links};
pub use records::{Counts, Page, counts, records};
pub use twins::{Found, Held, twins};
pub use waits::{Parameters as WaitParameters, Waits, waits};
pub(crate) use waits::{Waited, counted};
pub(crate) use watch::watched;
pub use watch::{Watch, watch};
pub use year::{Parameters as YearParameters, Year, year};
pub(crate) use year::{bounds, figures};
