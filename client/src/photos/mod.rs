//! Pictures and papers on records: taken, shown, taken off again.
//!
//! - [`take`]: what the camera or the gallery gives is turned right, made smaller and freed of all it says beside the picture.
//! - [`place`]: where a picture was taken, if the user wants that kept.
//! - [`shown`]: a file's bytes for the page: from the vault, or fetched when it is looked at.
//! - [`panel`]: what hangs on a record, in forms and on its page. [`thumb`]: in lists.

mod panel;
mod place;
mod shown;
mod take;
mod thumb;

pub use panel::{Photos, use_waiting};
pub use shown::address;
pub use thumb::Thumb;
