//! The one entry: builds, runs and tests.
fn main() {}
