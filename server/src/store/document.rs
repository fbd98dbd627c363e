//! Documents as they are stored and written.

use std::collections::{BTreeMap, BTreeSet};

use lianxin_shared::id::{ChangeHash, DeviceId, DocId, FileHash, Heads, Moment, UserId};
use lianxin_shared::records::{Value, Values};
use lianxin_shared::rules::{Link, Share};

/// A change with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The name.
    pub hash: ChangeHash,
    /// The uncompressed chunk.
    pub bytes: Vec<u8>,
}

/// A document with what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// How many changes it has.
    pub version: u64,
    /// The bytes of all its changes together, uncompressed.
    pub bytes: u64,
    /// The operations of all its changes together.
    pub operations: u64,
    /// All of its changes.
    pub content: Content,
}

/// Changes of a document: a snapshot, where there is one, and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The state with these.
    pub heads: Heads,
    /// The document saved as of some earlier state.
    pub snapshot: Option<Vec<u8>>,
    /// The changes that follow.
    pub changes: Vec<Change>,
}

impl Content {
    /// The bytes of snapshot and changes.
    pub fn size(&self) -> usize {
        let changes = self.changes.iter().map(|change| change.bytes.len());
        changes.sum::<usize>() + self.snapshot.as_ref().map_or(0, Vec::len)
    }
}

/// Whose an actor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The user.
    pub user: UserId,
    /// The device.
    pub device: DeviceId,
}

/// What is needed to judge changes.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// The document, unless it is new.
    pub document: Option<StoredDocument>,
    /// Whether it was removed for good.
    pub erased: bool,
    /// Those of the actors that are bound.
    pub bindings: BTreeMap<Vec<u8>, Binding>,
}

/// Accepted changes of one document with all that follows from them.
#[derive(Debug, Clone)]
pub struct Write {
    /// The document.
    pub doc: DocId,
    /// The version that this was computed on; 0 for a new document.
    pub base: u64,
    /// The version with it.
    pub version: u64,
    /// The last changes up to that version, to be kept singly, in order; all of them, unless there is a compaction.
    pub changes: Vec<Change>,
    /// The state with it.
    pub heads: Heads,
    /// By how many bytes the document grows.
    pub bytes: u64,
    /// By how many operations.
    pub operations: u64,
    /// Whose the changes' actors are.
    pub actors: Vec<Vec<u8>>,
    /// Who wrote them.
    pub by: Binding,
    /// The names of the channels that the document is in now.
    pub channels: Vec<String>,
    /// The record as a row, if it is one to be queried.
    pub row: Option<Row>,
    /// A state up to this version to keep as one.
    pub compaction: Option<Compaction>,
    /// Now.
    pub at: Moment,
}

impl Write {
    /// The number of the first change that is kept singly.
    pub fn first(&self) -> u64 {
        self.version.saturating_sub(self.changes.len() as u64)
    }
}

/// The first changes of a document as one snapshot.
#[derive(Debug, Clone)]
pub struct Compaction {
    /// How many.
    pub version: u64,
    /// The document saved as of then.
    pub snapshot: Vec<u8>,
}

/// What became of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Stored; these channels have moved.
    Done(Vec<String>),
    /// Not stored: it was computed on what is not so any more.
    Stale,
}

/// A record, flattened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The register's kind.
    pub kind: String,
    /// The station.
    pub station: Option<DocId>,
    /// Who started it.
    pub owner: UserId,
    /// When it was started, by the owner's clock.
    pub created_at: Moment,
    /// When it took place, or else was started.
    pub when: Moment,
    /// The state.
    pub state: String,
    /// When that was reached.
    pub state_since: Option<Moment>,
    /// The theme.
    pub theme: Option<DocId>,
    /// Its name in lists.
    pub title: String,
    /// The beginning of its words.
    pub excerpt: String,
    /// The fields' values.
    pub values: Values,
    /// Its number in the district's books.
    pub number: Option<String>,
    /// The code by which a resident follows it.
    pub receipt: Option<String>,
    /// What is to be done about it.
    pub care: Care,
    /// What a search looks through, as [`normalize`](lianxin_shared::search::normalize) makes it. Tokens are made of it when they
    /// go into an index.
    pub words: String,
    /// The other records that it names.
    pub links: BTreeSet<Link>,
    /// The files that it names.
    pub files: BTreeSet<FileHash>,
    /// What it counts for.
    pub credits: BTreeSet<Share>,
    /// What its twins are found by, where it can have any.
    pub sketch: Option<Vec<u8>>,
}

impl Row {
    /// The user that a person is.
    pub(super) fn user(&self) -> Option<&str> {
        let user = self.values.get("user").filter(|_| self.kind == "person");
        user.and_then(Value::text)
    }
}

/// What is to be done about a record, and how it goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Care {
    /// Whether something is still expected of somebody.
    pub open: bool,
    /// Whom it is assigned to.
    pub handler: Option<UserId>,
    /// Who assigned it last.
    pub assigner: Option<UserId>,
    /// By when.
    pub due: Option<Moment>,
    /// When the last step was taken.
    pub moved: Option<Moment>,
    /// Whether its answer says nothing that could be checked.
    pub general: bool,
    /// How often an answer or a result was found wanting.
    pub setbacks: u32,
    /// How long its first answer was waited for, in milliseconds; nothing until it came.
    pub waited: Option<i64>,
}
