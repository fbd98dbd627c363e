//! What the office takes along, brings in, prints and is told about: over real lines.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

mod bucket;
mod export;
mod files;
mod import;
mod openapi;
mod print;
mod server;
mod sheet;
