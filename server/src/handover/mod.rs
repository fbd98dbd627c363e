//! Work that others carry (`lianxin_shared::handover`).
//!
//! - [`register`]: `PUT /api/handover/key`: a device tells its key and learns the server's.
//! - [`deliver`]: `POST /api/handover`: envelopes of anybody's, from whoever comes by. What is in them goes through the one
//!   door as work of who sealed it; of a device that was withdrawn, into quarantine.

mod deliver;
mod key;

pub use deliver::{Delivered, Fault, MAX_BODY, deliver};
pub use key::register;
