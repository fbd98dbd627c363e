//! The server of Lianxin.

pub mod assets;
pub mod store;
