//! Backups: everything a store keeps, encrypted for those who may restore it, in a folder or in S3.
//!
//! ```text
//! TARGET/manifests/TIME.json   one backup: which chunks it is made of, readable without a key, and a sealed part
//! TARGET/chunks/NAME           some pieces of the dump, deflated, then encrypted with age (age-encryption.org/v1)
//! TARGET/files/NAME            a file that hangs on records, encrypted
//! ```
//!
//! - [`piece`]: how a piece of the dump is written down. [`chunk`]: pieces cut where their content says, so that what did not
//!   change is the same chunk as before. A chunk's name is a keyed hash of its plain content: who reads the target learns
//!   sizes, and no more.
//! - [`make()`] makes a backup while the store serves; it costs what changed since the last. [`keep`]: which backups stay.
//! - [`Restoring`] verifies all of one, then gives it as the pages of another store, with another epoch, so that devices
//!   give back what it lost, and without what was erased since.
//! - [`Target`]: the place. [`seal`]: the keys. [`schedule`]: a backup every hour while serving. [`last()`]: when the
//!   last one was made.
//!
//! No lock: what the newest manifest of the last day names is never removed ([`Keep`]), so two that work at once at worst
//! write a chunk twice.

mod chunk;
mod keep;
mod last;
mod make;
mod manifest;
mod piece;
mod restore;
pub mod schedule;
mod seal;
mod target;

pub use keep::{Keep, KeepError};
pub use last::{Unreadable, in_folder, last};
pub use make::{Made, make};
pub use restore::{Restoring, Verified};
pub use seal::{Identities, Recipients, new_key};
pub use target::Target;

use crate::files::FilesError;
use crate::files::sweep::SweepError;
use crate::store::StoreError;

/// Why a backup was not made or not restored. Nothing was changed by one that was not.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target cannot be read or written.
    #[error("the place of the backups: {0}")]
    Target(#[from] object_store::Error),
    /// The text names no target.
    #[error(
        "`{0}` is no place for backups: give a folder, or s3://BUCKET/PATH with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set"
    )]
    Place(String),
    /// The files that hang on records cannot be read or written.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Nor those removed that no record names.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// The store does not give or take.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// Something on this machine.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A text is no recipient.
    #[error(
        "`{0}` is no recipient: it begins with age1, and stands in the file of the identity as its public key"
    )]
    Recipient(String),
    /// Nobody could read the backup.
    #[error("nobody is named for whom to encrypt")]
    NoRecipient,
    /// The target belongs to others.
    #[error("backups of another database are there; give each database a place of its own")]
    OtherDatabase,
    /// There is none.
    #[error("there is no backup there{0}")]
    None(String),
    /// The identity fits nothing.
    #[error("this identity does not open {0}; it was encrypted for somebody else")]
    WrongIdentity(String),
    /// Not what was written.
    #[error("{0} is damaged; take another backup with --at")]
    Damaged(String),
    /// Not there any more.
    #[error("{0} is missing; take another backup with --at")]
    Missing(String),
    /// Made by a newer program.
    #[error("{0} was made by a newer version of the program; restore with that one")]
    Newer(String),
}
