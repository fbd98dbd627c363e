//! A record as an automerge document. No other module of the project knows automerge or autosurgeon, so a new
//! version of either is met here.
//!
//! The envelope and the timeline are typed and read by autosurgeon; a register's own fields are read by their
//! declarations, so that a register is data and what this version does not know stays in the document.
//!
//! Who wrote a change stands in the history itself: each actor's first change carries its author (automerge's
//! author footer), which the server holds against who is signed in.

mod attachments;
mod change;
mod chunk;
mod edit;
mod fields;
mod history;
mod measure;
mod news;
mod packed;
mod peer;

use std::collections::{HashMap, HashSet};

use automerge::{Author as Name, AutoCommit, Change, ROOT, ReadDoc, transaction::CommitOptions};
use autosurgeon::{Hydrate, Reconcile};

pub use change::{ChangeInfo, hash, inspect, rows};
pub use edit::Edit;
pub use history::{Concurrent, Revision};
pub use news::{News, Piece};
pub use packed::{actors, pack};
pub use peer::Peer;

use crate::id::{ChangeHash, DocId, Heads, Moment, UserId};
use crate::records::{Envelope, Event, Record, StoredAttachment, StoredEvent, Values, register};

/// Why a document or a change could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The bytes are no document or no change.
    #[error("cannot be read: {0}")]
    Corrupt(String),
    /// A change builds on one that is not here.
    #[error("a change builds on one that is not here")]
    MissingDependency,
    /// An actor used one sequence number for two changes.
    #[error("an actor used one sequence number twice")]
    DuplicateSequence,
    /// The document does not hold a record.
    #[error("no record in the document: {0}")]
    NotARecord(String),
    /// More bytes, changes or hashes than are taken at once.
    #[error("too large")]
    TooLarge,
    /// Asked for a state that the document never had.
    #[error("the document was never in that state")]
    UnknownHeads,
    /// automerge refused an edit; the document is unchanged.
    #[error("the edit was not possible: {0}")]
    Edit(String),
}

/// The 16 random bytes under which one start of the app writes. Made fresh at each start, and again after a refusal or
/// a failed write, so that no sequence number is ever used for two changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Actor(pub [u8; 16]);

/// Who writes, as what, and when.
#[derive(Debug, Clone)]
pub struct Author {
    /// The signed-in user.
    pub user: UserId,
    /// This start of the app.
    pub actor: Actor,
    /// Now.
    pub at: Moment,
}

/// One record's document with its whole history.
#[derive(Debug, Clone)]
pub struct Document(AutoCommit);

/// The typed part of the root. autosurgeon leaves keys alone that it does not name.
#[derive(Hydrate, Reconcile)]
struct Root {
    schema: u64,
    kind: String,
    id: String,
    #[autosurgeon(missing = "Option::default")]
    station: Option<String>,
    owner: String,
    created_at: i64,
    #[autosurgeon(missing = "Vec::default")]
    attachments: Vec<StoredAttachment>,
    timeline: Vec<StoredEvent>,
}

impl Document {
    /// A new record with its first values and events, as one change.
    pub fn create(
        envelope: &Envelope,
        values: &Values,
        events: &[Event],
        author: &Author,
    ) -> Result<Self, DocumentError> {
        let mut doc = Self::empty();
        doc.write_as(author);
        let root = Root {
            schema: envelope.schema,
            kind: envelope.kind.clone(),
            id: envelope.id.to_string(),
            station: envelope.station.map(|station| station.to_string()),
            owner: envelope.owner.to_string(),
            created_at: envelope.created_at.0,
            attachments: envelope.attachments.iter().map(StoredAttachment::from).collect(),
            timeline: events.iter().map(StoredEvent::from).collect(),
        };
        autosurgeon::reconcile(&mut doc.0, &root).map_err(|e| DocumentError::Edit(e.to_string()))?;
        let register = register(&envelope.kind)
            .ok_or_else(|| DocumentError::NotARecord(format!("no register {}", envelope.kind)))?;
        fields::write(&mut doc.0, register, values)?;
        doc.commit(author);
        Ok(doc)
    }

    /// A document without any change, for changes to be applied to.
    pub fn empty() -> Self {
        Self(AutoCommit::new())
    }

    /// Reads a document that comes from outside: one document chunk and nothing else, uncompressed, of bounded size.
    pub fn receive(bytes: &[u8]) -> Result<Self, DocumentError> {
        chunk::content(bytes, chunk::Kind::Document)?;
        Self::load(bytes)
    }

    /// Reads a document that was saved here.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        let read = || AutoCommit::load(bytes).map_err(|e| DocumentError::Corrupt(e.to_string()));
        chunk::caught(read).map(Self)
    }

    /// The document with its history as bytes. Uncompressed: many are compressed together on the wire, and one that is
    /// compressed by itself would be sealed against that, and dearer to read.
    pub fn save(&mut self) -> Vec<u8> {
        self.0.save_nocompress()
    }

    /// The state it is in.
    pub fn heads(&mut self) -> Heads {
        self.0
            .get_heads()
            .into_iter()
            .map(|hash| ChangeHash(hash.0))
            .collect()
    }

    /// Whether all of a state is here.
    pub fn has(&mut self, heads: &Heads) -> bool {
        let known = |hash: &ChangeHash| {
            let hash = automerge::ChangeHash(hash.0);
            self.0.get_change_meta_by_hash(&hash).is_some()
        };
        heads.as_slice().iter().all(known)
    }

    /// The changes that are not implied by `have`, in an order in which they can be applied. Each is uncompressed, so
    /// that many can be compressed together. Hashes that this document does not know are ignored.
    pub fn changes_since(&mut self, have: &[ChangeHash]) -> Vec<Vec<u8>> {
        let have: Vec<_> = have
            .iter()
            .map(|hash| automerge::ChangeHash(hash.0))
            .filter(|hash| self.0.get_change_meta_by_hash(hash).is_some())
            .collect();
        self.0
            .get_changes(&have)
            .iter()
            .map(|change| change.raw_bytes().to_vec())
            .collect()
    }

    /// Takes changes and answers the hashes of those that were new. Strict where automerge is not: a corrupt change,
    /// one whose dependency is missing and a repeated sequence number are errors, and then nothing was taken.
    pub fn apply(&mut self, changes: &[Vec<u8>]) -> Result<Vec<ChangeHash>, DocumentError> {
        let (fresh, taken) = self.fresh(changes)?;
        if !fresh.is_empty() {
            let mut copy = self.0.fork();
            chunk::caught(|| copy.apply_changes(fresh).map_err(not_applied))?;
            self.0 = copy;
        }
        Ok(taken)
    }

    /// As [`Document::apply`], for a document that is given up where that fails, so that no copy has to be made.
    pub fn with(mut self, changes: &[Vec<u8>]) -> Result<(Self, Vec<ChangeHash>), DocumentError> {
        let (fresh, taken) = self.fresh(changes)?;
        if !fresh.is_empty() {
            chunk::caught(|| self.0.apply_changes(fresh).map_err(not_applied))?;
        }
        Ok((self, taken))
    }

    /// Those of the changes that are new, with their hashes.
    fn fresh(&mut self, changes: &[Vec<u8>]) -> Result<(Vec<Change>, Vec<ChangeHash>), DocumentError> {
        let mut fresh = Vec::new();
        let mut hashes = HashSet::new();
        for bytes in changes {
            let change = change::decode(bytes)?;
            let hash = change.hash();
            if self.0.get_change_meta_by_hash(&hash).is_some() || !hashes.insert(hash) {
                continue;
            }
            for dependency in change.deps() {
                if !hashes.contains(dependency) && self.0.get_change_meta_by_hash(dependency).is_none() {
                    return Err(DocumentError::MissingDependency);
                }
            }
            fresh.push(change);
        }
        let taken = fresh.iter().map(|change| ChangeHash(change.hash().0)).collect();
        Ok((fresh, taken))
    }

    /// What can be known of its changes, in an order in which each comes after what it builds on.
    pub fn changes(&mut self) -> Result<Vec<ChangeInfo>, DocumentError> {
        chunk::caught(|| self.0.get_changes_meta(&[]).iter().map(change::of_meta).collect())
    }

    /// The author that an actor's changes name; nothing for one that is not here or names none.
    pub fn author_of(&self, actor: &[u8]) -> Option<UserId> {
        let name = self.0.get_author_for_actor(&automerge::ActorId::from(actor))?;
        change::user(name.as_bytes())
    }

    /// These changes and all that they build on. Hashes that this document does not know are ignored.
    pub fn history_of(&mut self, heads: &[ChangeHash]) -> Result<HashSet<ChangeHash>, DocumentError> {
        let changes = self.changes()?;
        let by_hash: HashMap<_, _> = changes.iter().map(|info| (info.hash, info)).collect();
        let mut found = HashSet::new();
        let mut open = heads.to_vec();
        while let Some(hash) = open.pop() {
            if let Some(info) = by_hash.get(&hash)
                && found.insert(hash)
            {
                open.extend(&info.deps);
            }
        }
        Ok(found)
    }

    /// The record that the document holds.
    pub fn record(&self) -> Result<Record, DocumentError> {
        let wrong = |error: &dyn std::fmt::Display| DocumentError::NotARecord(error.to_string());
        let root: Root = chunk::caught(|| autosurgeon::hydrate(&self.0).map_err(|e| wrong(&e)))?;
        let timeline = root
            .timeline
            .into_iter()
            .map(Event::try_from)
            .collect::<Result<_, _>>();
        let envelope = Envelope {
            schema: root.schema,
            id: root.id.parse().map_err(|e: crate::id::IdError| wrong(&e))?,
            station: root
                .station
                .map(|s| s.parse::<DocId>())
                .transpose()
                .map_err(|e| wrong(&e))?,
            owner: root.owner.parse().map_err(|e: crate::id::IdError| wrong(&e))?,
            created_at: Moment(root.created_at),
            attachments: attachments::read(root.attachments).map_err(|e| wrong(&e))?,
            kind: root.kind,
        };
        let register = register(&envelope.kind);
        let values = register.map_or(Ok(Values::new()), |register| fields::read(&self.0, register))?;
        let unknown = self
            .0
            .keys(ROOT)
            .filter(|key| !Envelope::KEYS.contains(&key.as_str()))
            .filter(|key| register.is_none_or(|register| register.field(key).is_none()))
            .collect();
        Ok(Record {
            envelope,
            values,
            timeline: timeline.map_err(|e| wrong(&e))?,
            unknown,
        })
    }

    /// The document as it was at `heads`.
    pub fn at(&mut self, heads: &Heads) -> Result<Self, DocumentError> {
        let heads: Vec<_> = heads
            .as_slice()
            .iter()
            .map(|hash| automerge::ChangeHash(hash.0))
            .collect();
        self.0
            .fork_at(&heads)
            .map(Self)
            .map_err(|_| DocumentError::UnknownHeads)
    }

    fn write_as(&mut self, author: &Author) {
        // The order matters: naming an author makes automerge choose an actor, which is then replaced by ours.
        self.0
            .set_author(Some(Name::from(author.user.as_str().as_bytes().to_vec())));
        self.0.set_actor(author.actor.0.into());
    }

    fn commit(&mut self, author: &Author) {
        self.0
            .commit_with(CommitOptions::default().with_time(author.at.0));
    }
}

fn not_applied(error: automerge::AutomergeError) -> DocumentError {
    match error {
        automerge::AutomergeError::DuplicateSeqNumber(..) => DocumentError::DuplicateSequence,
        other => DocumentError::Corrupt(other.to_string()),
    }
}

impl Actor {
    /// The actor for a change that this one makes in the past, at `base`.
    fn at(self, base: &Heads) -> Self {
        use sha2::{Digest, Sha256};
        let mut digest = Sha256::new().chain_update(self.0);
        for hash in base.as_slice() {
            digest.update(hash.0);
        }
        let digest = digest.finalize();
        let mut actor = [0; 16];
        actor.copy_from_slice(&digest[..16]);
        Self(actor)
    }
}

#[cfg(test)]
mod tests;
