//! Sync: the one door through which every change enters, and what a device lacks.
//!
//! - [`Door`] takes submissions: it judges them on what is stored (`admit`, pure), stores what passes in one transaction and
//!   answers only then.
//! - `opened` keeps a few documents at hand that were judged a moment ago.
//! - `pull` works out from the cursors what a device lacks.
//! - [`exchange`] is `POST /api/sync`: frames in, frames out.

mod admit;
mod door;
mod exchange;
mod opened;
mod pull;
mod receipt;
mod reconcile;
mod request;
mod submission;

pub(crate) use admit::open;
pub use door::Door;
pub use exchange::exchange;
pub use receipt::receipt;
pub use submission::{Answer, Changes, Submission};
