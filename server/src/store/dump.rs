//! Everything that a store keeps, to be put into another.

use lianxin_shared::id::{DocId, Moment, UserId};
use tokio::sync::mpsc;

use super::{
    Account, Act, Binding, Content, Entry, Life, Mark, Quarantined, Registered, Row, Second, Session,
    StoreError, StoredDocument, TokenHash, Tombstone, Withdrawal,
};

/// Everything, as of one moment, a page at a time. An error is the last page.
pub type Pages = mpsc::Receiver<Result<Vec<Kept>, StoreError>>;

/// How many pages may wait for whoever takes them.
pub(super) const AHEAD: usize = 2;

/// How large a page grows, in bytes of its documents.
const PAGE_BYTES: usize = 1024 * 1024;

/// How large a page grows, in pieces.
const PAGE_PIECES: usize = 1000;

/// One piece of what is kept. They come in the order of this declaration, so that what a piece points to is there before it;
/// documents in the order in which they were received, so that what goes on changing is at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Who the database is.
    Life(Life),
    /// An account.
    Account(Account),
    /// What an account proves besides its password.
    Second(UserId, Second),
    /// A session.
    Session(Session),
    /// A sign-in that was withdrawn: by its token, and whose it was.
    Withdrawn(TokenHash, UserId, Withdrawal),
    /// A code that takes a device in: its hash, whose it is, until when.
    Code(TokenHash, UserId, Moment),
    /// A device's key.
    Device(Registered),
    /// Whose an actor is.
    Actor(Actor),
    /// How far a channel is.
    Channel(String, u64),
    /// A document.
    Document(Box<KeptDocument>),
    /// A number in the books: the series, the number, the document.
    Number(String, u64, DocId),
    /// What is left of a document that was removed for good.
    Tombstone(Tombstone),
    /// Refused changes.
    Quarantined(Quarantined),
    /// What somebody who administers did, in order.
    Act(Act),
}

/// An actor that is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The actor.
    pub actor: Vec<u8>,
    /// Whose it is.
    pub by: Binding,
    /// Since when.
    pub bound_at: Moment,
}

/// A document with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDocument {
    /// The document.
    pub doc: DocId,
    /// What it costs and contains.
    pub stored: StoredDocument,
    /// When it was first accepted.
    pub received_at: Moment,
    /// When it was last changed.
    pub changed_at: Moment,
    /// Its entries in all channels that it is or was in, by name.
    pub entries: Vec<Entry>,
    /// Its row with its place in lists. A store gives none of what the row is found by, which follows from the document; it
    /// takes that, so that the row is found.
    pub row: Option<(Mark, Row)>,
}

impl KeptDocument {
    /// How many of its first changes are kept as a snapshot alone.
    pub(super) fn snapshot_version(&self) -> u64 {
        let singly = self.stored.content.changes.len() as u64;
        self.stored.version.saturating_sub(singly)
    }
}

/// Gathers pieces to pages.
#[derive(Default)]
pub(super) struct Pager {
    page: Vec<Kept>,
    bytes: usize,
}

impl Pager {
    /// Adds a piece; answers the page if it is full with it.
    pub(super) fn add(&mut self, kept: Kept) -> Option<Vec<Kept>> {
        if let Kept::Document(document) = &kept {
            self.bytes += Content::size(&document.stored.content);
        }
        self.page.push(kept);
        (self.bytes >= PAGE_BYTES || self.page.len() >= PAGE_PIECES).then(|| self.rest())
    }

    /// What is left over.
    pub(super) fn rest(&mut self) -> Vec<Kept> {
        self.bytes = 0;
        std::mem::take(&mut self.page)
    }
}
