//! A database looked at without changing anything.

use lianxin_shared::id::{Epoch, Moment};

/// What a database is found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The version of its schema.
    pub version: usize,
    /// The version that this program makes of it.
    pub newest: usize,
    /// Its name to devices; nothing before it was first opened.
    pub epoch: Option<Epoch>,
    /// When it last accepted anything, by the server's clock.
    pub last_accepted: Option<Moment>,
    /// When the last backup was made, as far as it was noted in the database.
    pub last_backup: Option<Moment>,
    /// What does not fit together in it; empty for a sound one. PostgreSQL is not asked: it checks its own pages.
    pub faults: Vec<String>,
}
