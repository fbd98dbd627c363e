//! The pages that need no account, as a browser without scripts meets them.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used, clippy::panic)]

mod follow;
mod send;
mod server;
mod walk;
