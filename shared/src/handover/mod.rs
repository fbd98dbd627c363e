//! Unsent work that others carry: sealed and signed by the device it was written on, opened by the server, and read or
//! altered by nobody in between. docs/protocol.md has the bytes.
//!
//! 1. [`Introduction`]: how device and server get to know each other's keys, while there is a line.
//! 2. [`Envelope`]: pushes as `POST /api/sync` takes them, sealed to the server's key and signed by the device's.
//! 3. [`parcel`]: envelopes one after the other: a file, or the body of `POST /api/handover`.
//! 4. [`pieces`]: a small parcel as a row of texts, each for one QR code.

mod chance;
mod envelope;
mod introduction;
mod keys;
pub mod parcel;
pub mod pieces;

pub use envelope::{Envelope, EnvelopeError};
pub use introduction::{Introduced, Introduction};
pub use keys::{DeviceKey, Opener, ServerKey, Signer};

#[cfg(test)]
mod tests;
