//! What somebody would like to have accepted.

use lianxin_shared::document::{self, Document, DocumentError, inspect};
use lianxin_shared::id::{ChangeHash, DocId, Heads};
use lianxin_shared::protocol::{Push, Receipt};
use lianxin_shared::rules::Refusal;

/// Changes of one document, to be taken or refused as a whole.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The document.
    pub doc: DocId,
    /// The whole document, saved, or nothing.
    pub snapshot: Vec<u8>,
    /// Changes that follow.
    pub changes: Changes,
    /// The server's own receipts for states that it may have lost.
    pub receipts: Vec<Receipt>,
}

/// Changes, in an order in which each comes after what it builds on.
#[derive(Debug, Clone)]
pub enum Changes {
    /// As devices send them.
    Packed(Vec<u8>),
    /// Change chunks.
    Chunks(Vec<Vec<u8>>),
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Durable.
    Accepted {
        /// The state of the document with it.
        heads: Heads,
        /// Whether that is the very state that was submitted, and no more.
        same: bool,
        /// The changes that were submitted, as far as they came singly.
        changes: Vec<ChangeHash>,
    },
    /// Not taken, none of it; it lies in quarantine.
    Refused(Refusal),
    /// Not looked at: others were quicker again and again.
    Busy,
}

impl Submission {
    /// Single changes.
    pub fn of_chunks(doc: DocId, chunks: Vec<Vec<u8>>) -> Self {
        Self {
            doc,
            snapshot: Vec::new(),
            changes: Changes::Chunks(chunks),
            receipts: Vec::new(),
        }
    }

    /// What [`Submission::into_parts`] made of one.
    pub fn of_parts(doc: DocId, mut parts: Vec<Vec<u8>>) -> Self {
        let is_chunk = |part: &Vec<u8>| inspect(part).is_ok();
        let has_snapshot = parts
            .first()
            .is_some_and(|first| Document::receive(first).is_ok());
        let snapshot = if has_snapshot { parts.remove(0) } else { Vec::new() };
        let changes = match &parts[..] {
            [] => Changes::Packed(Vec::new()),
            [list] if !is_chunk(list) => Changes::Packed(parts.remove(0)),
            _ => Changes::Chunks(parts),
        };
        Self {
            doc,
            snapshot,
            changes,
            receipts: Vec::new(),
        }
    }

    /// The actors in it, as far as it can be read.
    pub(super) fn actors(&self) -> Vec<Vec<u8>> {
        match &self.changes {
            Changes::Packed(list) => document::actors(&self.snapshot, list),
            Changes::Chunks(chunks) => {
                let mut actors = document::actors(&self.snapshot, &[]);
                let more = chunks.iter().filter_map(|chunk| inspect(chunk).ok());
                actors.extend(more.map(|info| info.actor));
                actors
            }
        }
    }

    /// The change chunks, with `document` to look for what they build on.
    pub(super) fn chunks(&self, document: &mut Document) -> Result<Vec<Vec<u8>>, DocumentError> {
        match &self.changes {
            Changes::Packed(list) => document.unpack(list),
            Changes::Chunks(chunks) => Ok(chunks.clone()),
        }
    }

    /// Everything in it as it came, for quarantine.
    pub(super) fn into_parts(self) -> Vec<Vec<u8>> {
        let mut parts = vec![self.snapshot];
        match self.changes {
            Changes::Packed(list) => parts.push(list),
            Changes::Chunks(chunks) => parts.extend(chunks),
        }
        parts.retain(|part| !part.is_empty());
        parts
    }
}

impl From<Push> for Submission {
    fn from(push: Push) -> Self {
        Self {
            doc: push.doc,
            snapshot: push.snapshot.map(Into::into).unwrap_or_default(),
            changes: Changes::Packed(push.changes.into()),
            receipts: push.receipts,
        }
    }
}
