//! HTTPS, as a client meets it: with a certificate from files, and with one that an authority gives by ACME.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acme;
mod authority;
mod files;
mod line;
