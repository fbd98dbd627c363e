//! What was refused and is kept.

use std::fmt;

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
        let is_hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).ok()?;
            *byte = u8::from_str_radix(digits, 16).ok()?;
        }
        is_hex.then_some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
