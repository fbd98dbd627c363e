//! The sync messages and how they travel.
//!
//! One exchange is one request, `POST /api/sync`, with frames up and frames down:
//!
//! ```text
//! up     Hello · Push … · End
//! down   Welcome · Result … · Pull … · Left … · Cursors · … · End
//! ```
//!
//! A frame carries a few messages, compressed together. The server makes a frame's pushes durable before it answers them;
//! the device commits each frame that comes down in one transaction, and `Cursors` in the same frame say how far that
//! brought it. So a cut at any byte costs one frame, and a repeat is harmless: changes are named by their hash.

mod frame;
mod message;

pub use frame::{FRAME_TARGET, FrameError, FrameReader, MAX_FRAME, MAX_REQUEST, encode_frame};
pub use message::{
    Cursor, Cursors, Down, FaultCode, Hello, MAX_WANTS, Outcome, PROTOCOL, Pull, Push, Receipt, Up, Welcome,
};
