//! Removing documents for good.

use lianxin_shared::id::{DocId, Moment};

use super::{Act, Entry};

/// Documents to be removed for good, together, with the act that is noted of it. Of each, its id is kept and that it was
/// erased, so that no change to it is ever taken again; a document that is not here yet is kept away in the same manner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The documents.
    pub docs: Vec<DocId>,
    /// Who did it, when, and why.
    pub act: Act,
}

/// What is left of a document that was removed for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Its id.
    pub doc: DocId,
    /// When it was removed.
    pub at: Moment,
    /// Its entries in the channels that it was ever in, by name: they tell devices that it is gone.
    pub entries: Vec<Entry>,
}
