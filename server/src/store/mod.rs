//! What is kept, behind one trait.
//!
//! [`Store`] is all that the rest of the server knows of a database. [`SqliteStore`] keeps everything in one file.
//!
//! What the trait promises: whatever a method answered is durable; a [`Write`] is stored whole or not at all, and only
//! on the version that it was computed on; a channel's sequence is taken inside the transaction that stores the change,
//! so no reader ever steps over a commit that lands late.

mod account;
mod channel;
mod document;
mod error;
mod listing;
mod sqlite;

use async_trait::async_trait;
use lianxin_shared::id::{DocId, Epoch, Moment, UserId};

pub use account::{Account, Session, TokenHash};
pub use channel::{Entry, Sequences, Step};
pub use document::{
    Binding, Change, Compaction, Content, Material, Quarantined, Row, StoredDocument, Write, Written,
};
pub use error::StoreError;
pub use listing::{Counts, Filter, Listed, Mark, Page};
pub use sqlite::SqliteStore;

/// Who this database is: made with it, kept as long as it lives.
#[derive(Debug, Clone)]
pub struct Life {
    /// Its name to devices.
    pub epoch: Epoch,
    /// The key of the receipts.
    pub receipt_key: [u8; 32],
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Who this database is.
    async fn life(&self) -> Result<Life, StoreError>;

    /// Everything that is needed to judge changes to a document made by these actors, as of one moment.
    async fn material(&self, doc: DocId, actors: Vec<Vec<u8>>) -> Result<Material, StoreError>;

    /// Stores accepted changes, in order, in one transaction; answers in the same order. A write whose base is not the
    /// document's version any more, or one of whose actors was meanwhile bound to somebody else, is `Stale`: nothing of
    /// it was stored, the others were.
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError>;

    /// Keeps what was refused. The same changes of the same user are kept once.
    async fn quarantine(&self, refused: Vec<Quarantined>) -> Result<(), StoreError>;

    /// The changes of a document with index `from` and above; where they are not kept singly any more, the snapshot and
    /// all that follow it. Nothing for an unknown document.
    async fn content(&self, doc: DocId, from: u64) -> Result<Option<Content>, StoreError>;

    /// How far the channels of these names are. A channel without any entry is at 0 and left out.
    async fn sequences(&self, channels: Vec<String>) -> Result<Sequences, StoreError>;

    /// The entries of a channel above a sequence, the lowest first, at most `limit`.
    async fn entries(&self, channel: String, above: u64, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// A document's entries in those of these channels that have one.
    async fn entries_of(&self, doc: DocId, channels: Vec<String>) -> Result<Vec<Entry>, StoreError>;

    /// Records, the latest received first.
    async fn records(&self, filter: Filter, after: Option<Mark>, limit: u32) -> Result<Page, StoreError>;

    /// How many records there are, by what they have in common.
    async fn counts(&self, filter: Filter) -> Result<Counts, StoreError>;

    /// Adds an account. [`StoreError::Exists`] if the name is taken.
    async fn add_account(&self, account: Account) -> Result<(), StoreError>;

    /// An account by name.
    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError>;

    /// Every account, by name.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// Keeps the language a user chose.
    async fn set_language(&self, user: UserId, language: String) -> Result<(), StoreError>;

    /// Opens a session.
    async fn open_session(&self, session: Session) -> Result<(), StoreError>;

    /// A session that has not expired, with its account.
    async fn session(&self, token: TokenHash, now: Moment) -> Result<Option<(Session, Account)>, StoreError>;

    /// Moves the end of a session.
    async fn extend_session(&self, token: TokenHash, expires_at: Moment) -> Result<(), StoreError>;

    /// Ends a session, and forgets all that have expired.
    async fn close_session(&self, token: TokenHash, now: Moment) -> Result<(), StoreError>;
}
