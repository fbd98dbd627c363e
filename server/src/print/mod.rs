//! `/print`: pages for paper, made on the server: a single record, and the report of a year. Plain HTML with a style sheet of
//! its own and no script, so that it looks the same on every printer; a browser opens them by a ticket.

mod page;
mod record;
mod report;

pub use page::style;
pub use record::record;
pub use report::year;
