//! `/print`: pages for paper, made on the server: a single record, the report of a year, everybody's sheet of it, the sheet for a station's wall. Plain HTML with a style sheet of
//! its own and no script, so that it looks the same on every printer; a browser opens them by a ticket.

mod page;
mod record;
mod report;
mod sheet;
mod station;

pub use page::style;
pub use record::record;
pub use report::year;
pub use sheet::sheet;
pub use station::station;
