//! What is seen, one file a page.

pub mod access;
pub mod admin;
pub mod bar;
pub mod carry;
mod chain;
pub mod drafts;
pub mod form;
mod give_up;
pub mod handover;
mod keeper;
pub mod link;
mod lock;
pub mod lost;
pub mod more;
pub mod office;
pub mod people;
pub mod places;
pub mod receipt;
pub mod record;
pub mod records;
pub mod room;
pub mod row;
pub mod safe;
mod sessions;
pub mod shell;
pub mod sign_in;
pub mod start;
mod text_size;
pub mod today;
pub mod update;
mod welcome;
pub mod year;

pub use lock::{ChoosePin, Idle, Locked, Withdrawn};
pub use shell::Shell;
