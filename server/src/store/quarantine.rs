//! What was refused and is kept.

use std::fmt;

use lianxin_shared::hex;
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::rules::{Refusal, RefusalCode};

use super::Binding;

/// Changes that were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The document.
    pub doc: DocId,
    /// Who sent them.
    pub by: Binding,
    /// Why they were refused.
    pub refusal: Refusal,
    /// The changes.
    pub changes: Vec<Vec<u8>>,
    /// Now.
    pub at: Moment,
}

/// The hash of refused changes, SHA-256, by which they are kept once. It is written in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

/// Which of what was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The document.
    pub doc: DocId,
    /// Who sent it.
    pub user: UserId,
    /// Which changes.
    pub digest: Digest,
}

/// Something that was refused, without the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub which: Refused,
    /// Why.
    pub code: RefusalCode,
    /// When.
    pub at: Moment,
}

impl Digest {
    /// The one that is written so; nothing for what is none.
    pub fn read(text: &str) -> Option<Self> {
        hex::read(text).map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::written(&self.0))
    }
}
