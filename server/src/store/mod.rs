//! What is kept, behind one trait.
//!
//! [`Store`] is all that the rest of the server knows of a database. [`SqliteStore`] keeps everything in one file;
//! [`PostgresStore`] in a database that several nodes share.
//!
//! What the trait promises: whatever a method answered is durable; a [`Write`] is stored whole or not at all, and only
//! on the version that it was computed on; a channel's sequence is taken inside the transaction that stores the change,
//! so no reader ever steps over a commit that lands late.

mod account;
mod audit;
mod chain;
mod channel;
mod device;
mod document;
mod dump;
mod erasure;
mod error;
mod examined;
mod listing;
mod postgres;
mod quarantine;
mod second;
mod sqlite;

use std::collections::BTreeSet;

use async_trait::async_trait;
use lianxin_shared::handover::DeviceKey;
use lianxin_shared::id::{DocId, Epoch, FileHash, Heads, Moment, UserId};
use lianxin_shared::rules::Principal;

pub use account::{Account, Contact, Session, TokenHash, Withdrawal};
pub use audit::{Act, Acts, Deed};
pub use chain::{Break, Chain, Chained, Inspection, Last, Link};
pub use channel::{Entry, Moved, Sequences, Step, Tip, Tips};
pub use device::Registered;
pub use document::{
    Binding, Care, Change, Compaction, Content, Material, Row, StoredDocument, Write, Written,
};
pub use dump::{Actor, Kept, KeptDocument, Pages};
pub use erasure::{Erasure, Tombstone};
pub use error::StoreError;
pub use examined::Examined;
pub use listing::{Counts, CreditFilter, Figure, Filter, Links, Listed, Mark, Order, Page, Wait, Watched};
pub use postgres::PostgresStore;
pub use quarantine::{Digest, Quarantined, Refused, Waiting};
pub use second::{CodeHash, Proof, Second};
pub use sqlite::{FILE as SQLITE_FILE, SqliteStore};

/// Who this database is: made with it, kept as long as it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Its name to devices.
    pub epoch: Epoch,
    /// The key of the receipts.
    pub receipt_key: [u8; 32],
}

/// What opening a database did to its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// The version until then; 0 for a new database.
    pub from: usize,
    /// The version now.
    pub to: usize,
}

/// What opening a database would do to its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The version now; 0 for a new database.
    pub from: usize,
    /// What each migration is for that would be carried out, in order.
    pub reasons: Vec<&'static str>,
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Who this database is.
    async fn life(&self) -> Result<Life, StoreError>;

    /// Begins a new life over what is here, as after a restore: another epoch, the same key. Devices then count their
    /// cursors as empty and reconcile.
    async fn begin_new_life(&self) -> Result<Life, StoreError>;

    /// Everything that is needed to judge changes to documents made by actors: for each document one answer, in the same
    /// order, as of one moment.
    async fn materials(&self, wants: Vec<(DocId, Vec<Vec<u8>>)>) -> Result<Vec<Material>, StoreError>;

    /// Stores accepted changes, in order, in one transaction; answers in the same order. A write whose base is not the
    /// document's version any more, or one of whose actors was meanwhile bound to somebody else, is `Stale`: nothing of
    /// it was stored, the others were.
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Written>, StoreError>;

    /// Keeps what was refused. The same changes of the same user are kept once; of a document that was erased, none are.
    async fn quarantine(&self, refused: Vec<Quarantined>) -> Result<(), StoreError>;

    /// What was refused and is kept, the latest first, at most `limit`; without the changes themselves.
    async fn refused(&self, limit: u32) -> Result<Vec<Waiting>, StoreError>;

    /// One of it, with its changes.
    async fn quarantined(&self, which: Refused) -> Result<Option<Quarantined>, StoreError>;

    /// Takes one of it out for good, and notes the act; answers whether it was there. If not, nothing is noted.
    async fn settle(&self, which: Refused, act: Act) -> Result<bool, StoreError>;

    /// The changes of documents with index `from` and above; where they are not kept singly any more, the snapshot and
    /// all that follow it. Nothing for an unknown document. Answers in the same order, as many as together come to
    /// `budget` bytes, at least one.
    async fn contents(
        &self,
        wants: Vec<(DocId, u64)>,
        budget: usize,
    ) -> Result<Vec<Option<Content>>, StoreError>;

    /// All of one document: see [`Store::contents`].
    async fn content(&self, doc: DocId) -> Result<Option<Content>, StoreError> {
        let contents = self.contents(vec![(doc, 0)], usize::MAX).await?;
        Ok(contents.into_iter().next().flatten())
    }

    /// Removes documents for good, in one transaction: their changes, rows, words and what was refused of them. They leave
    /// every channel; their ids stay. Answers the channels that have moved. What the files keep of them after that, if
    /// anything, each store tells.
    async fn erase(&self, erasure: Erasure) -> Result<Vec<String>, StoreError>;

    /// Which of these documents were removed for good.
    async fn erased(&self, docs: Vec<DocId>) -> Result<BTreeSet<DocId>, StoreError>;

    /// What those who administer did, the latest first, at most `limit`; of those before a number if one is given.
    async fn acts(&self, before: Option<u64>, limit: u32) -> Result<Acts, StoreError>;

    /// The acts with a number above one, the earliest first, at most `limit`, with what they are held together by.
    async fn chain(&self, above: u64, limit: u32) -> Result<Chain, StoreError>;

    /// Where the channels of these names are, as of one moment. A channel without any entry is at 0 and left out.
    async fn tips(&self, channels: Vec<String>) -> Result<Tips, StoreError>;

    /// How far the channels of these names are: see [`Store::tips`].
    async fn sequences(&self, channels: Vec<String>) -> Result<Sequences, StoreError> {
        let tips = self.tips(channels).await?;
        Ok(tips.into_iter().map(|(name, tip)| (name, tip.seq)).collect())
    }

    /// The documents whose entry in `channel` is above a sequence, the lowest first, at most `limit`; each with its
    /// entries in all of `channels`, as of one moment.
    async fn moved(
        &self,
        channel: String,
        above: u64,
        limit: u32,
        channels: Vec<String>,
    ) -> Result<Vec<Moved>, StoreError>;

    /// Every document that is in one of these channels, once, with its state, as of one moment; by id.
    async fn states(&self, channels: Vec<String>) -> Result<Vec<(DocId, Heads)>, StoreError>;

    /// Tells the other nodes on this database, if there can be any, that channels moved. Losing a word of it is harmless:
    /// it only wakes devices sooner.
    async fn announce(&self, channels: Vec<String>) -> Result<(), StoreError>;

    /// The next moves that other nodes announced; waits for ever where there are none.
    async fn announced(&self) -> Result<Vec<String>, StoreError>;

    /// A number that every acceptance and every erasure raises, on whatever node it happens: while it is the same, no record
    /// is another.
    async fn moves(&self) -> Result<u64, StoreError>;

    /// Records, in the filter's order.
    async fn records(&self, filter: Filter, after: Option<Mark>, limit: u32) -> Result<Page, StoreError>;

    /// How many records there are, by what they have in common.
    async fn counts(&self, filter: Filter) -> Result<Counts, StoreError>;

    /// What there is to watch over in records of these kinds, by who handles them, as [`Filter::overdue`] and
    /// [`Filter::stalled`] count; by name, what is assigned to nobody last.
    async fn watch(
        &self,
        kinds: Vec<String>,
        overdue: Moment,
        stalled: Moment,
    ) -> Result<Vec<Watched>, StoreError>;

    /// How long the first answer was waited for, of each record of a kind that took place in a time and was answered.
    async fn waits(&self, kind: &'static str, from: Moment, before: Moment) -> Result<Vec<Wait>, StoreError>;

    /// The records of these documents, in the same order; those that are none are left out.
    async fn listed(&self, docs: Vec<DocId>) -> Result<Vec<Listed>, StoreError>;

    /// The sketches of records that came or changed at a moment or later, by this server's clock.
    async fn sketches(&self, since: Moment) -> Result<Vec<(DocId, Vec<u8>)>, StoreError>;

    /// What a record names and what names it.
    async fn links(&self, doc: DocId) -> Result<Links, StoreError>;

    /// Which of these files some record names.
    async fn named(&self, files: Vec<FileHash>) -> Result<BTreeSet<FileHash>, StoreError>;

    /// Every figure from what took place at `from` or later and before `before`.
    async fn figures(&self, from: Moment, before: Moment) -> Result<Vec<Figure>, StoreError>;

    /// The record with a receipt code.
    async fn by_receipt(&self, code: String) -> Result<Option<DocId>, StoreError>;

    /// A record's number in a series: the next one if it has none yet, counted from 1 without a gap, and the same for ever
    /// after.
    async fn number(&self, series: String, doc: DocId) -> Result<u64, StoreError>;

    /// Which version of the program made the rows; 0 for none.
    async fn projection(&self) -> Result<u32, StoreError>;

    /// All rows are now as this version makes them.
    async fn set_projection(&self, version: u32) -> Result<(), StoreError>;

    /// Puts other rows in the place of those of records. Their places in lists stay.
    async fn put_rows(&self, rows: Vec<(DocId, Row)>) -> Result<(), StoreError>;

    /// Adds an account. [`StoreError::Exists`] if the name is taken.
    async fn add_account(&self, account: Account) -> Result<(), StoreError>;

    /// An account by name.
    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError>;

    /// Gives an account other roles and stations.
    async fn set_principal(&self, principal: Principal) -> Result<(), StoreError>;

    /// The same, if they are still these.
    async fn amend_principal(&self, from: Principal, to: Principal) -> Result<(), StoreError>;

    /// Changes an account, or adds it where the act says so ([`StoreError::Exists`] if its name is taken), and notes the act.
    /// With another password, and where it is shut out, its sessions end, and its devices' keys are withdrawn; where it is
    /// shut out, and where the act says so, the sessions are withdrawn too.
    async fn note_account(&self, account: Account, act: Act) -> Result<(), StoreError>;

    /// Every account, by name.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// Keeps the language a user chose.
    async fn set_language(&self, user: UserId, language: String) -> Result<(), StoreError>;

    /// Opens a session.
    async fn open_session(&self, session: Session) -> Result<(), StoreError>;

    /// A session that has not expired, with its account; none of an account that is shut out.
    async fn session(&self, token: TokenHash, now: Moment) -> Result<Option<(Session, Account)>, StoreError>;

    /// Sessions that have not expired, of one account or of all; by account, the one last used first.
    async fn sessions(&self, user: Option<UserId>, now: Moment) -> Result<Vec<Session>, StoreError>;

    /// Moves the end of a session, which was just used.
    async fn extend_session(
        &self,
        token: TokenHash,
        expires_at: Moment,
        contact: Contact,
    ) -> Result<(), StoreError>;

    /// Ends a session from elsewhere, withdraws the keys that were registered in it, and notes it where it is somebody else's.
    async fn end_session(&self, token: TokenHash, act: Option<Act>) -> Result<(), StoreError>;

    /// Ends a session so, and withdraws it: its device alone destroys the key of the user's vault when it comes next. False, and
    /// nothing is noted, where it has ended already.
    async fn withdraw_session(&self, token: TokenHash, act: Act) -> Result<bool, StoreError>;

    /// Whether the session of this token was withdrawn. The device is told of it now: the first time is noted.
    async fn withdrawn(&self, token: TokenHash, now: Moment) -> Result<bool, StoreError>;

    /// The sessions of a user that were withdrawn, the latest first.
    async fn withdrawals(&self, user: UserId) -> Result<Vec<Withdrawal>, StoreError>;

    /// Keeps a code by which a device of the user's may be taken in until a moment.
    async fn put_code(&self, code: TokenHash, user: UserId, expires_at: Moment) -> Result<(), StoreError>;

    /// Spends a code that has not ended, and forgets those that have; answers whose it was.
    async fn take_code(&self, code: TokenHash, now: Moment) -> Result<Option<UserId>, StoreError>;

    /// Registers a device's key, or registers it anew: one that was withdrawn counts again then. False where it is known as
    /// somebody else's or another device's.
    async fn register(&self, device: Registered) -> Result<bool, StoreError>;

    /// Those of these keys that are registered, withdrawn or not, in no particular order.
    async fn registered(&self, keys: Vec<DeviceKey>) -> Result<Vec<Registered>, StoreError>;

    /// Ends a session, and forgets all that have expired.
    async fn close_session(&self, token: TokenHash, now: Moment) -> Result<(), StoreError>;

    /// What an account proves besides its password; nothing if it does not.
    async fn second(&self, user: UserId) -> Result<Option<Second>, StoreError>;

    /// Has an account prove something else besides its password, or nothing more, and notes the act.
    async fn note_second(&self, user: UserId, second: Option<Second>, act: Act) -> Result<(), StoreError>;

    /// Uses a proof up; false where it was used before, or never was one.
    async fn spend(&self, user: UserId, proof: Proof) -> Result<bool, StoreError>;

    /// How many bytes the database takes.
    async fn size(&self) -> Result<u64, StoreError>;

    /// How many wait for a connection or for the writer.
    fn waiting(&self) -> usize;

    /// Notes when the last backup was made.
    async fn note_backup(&self, at: Moment) -> Result<(), StoreError>;

    /// When it was, as far as it was noted here. What a dump gives does not say it.
    async fn last_backup(&self) -> Result<Option<Moment>, StoreError>;

    /// Everything that is kept, to be put into another store.
    fn dump(&self) -> Pages;

    /// Takes all that another store kept, and with it its life: devices notice nothing. In one transaction; nothing of it
    /// is stored if a page is an error. [`StoreError::NotEmpty`] where there is a document, an account or an actor.
    async fn fill(&self, pages: Pages) -> Result<(), StoreError>;
}
