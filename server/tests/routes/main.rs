//! The server's routes as clients meet them: over real lines.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod admin;
mod handover;
mod holding;
mod http;
mod metrics;
mod second;
mod server;
mod sync;
