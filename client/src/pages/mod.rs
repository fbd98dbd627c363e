//! What is seen, one file a page.

pub mod office;
