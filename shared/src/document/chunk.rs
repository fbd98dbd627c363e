//! The container of automerge's binary format. What comes from outside is one chunk of the kind that is expected, and is
//! measured before automerge reads it. What is compressed is refused: automerge inflates without bound, and frames are
//! compressed as a whole.

use sha2::{Digest, Sha256};

use super::DocumentError;
use super::measure::{self, Rest, write_leb128};
use crate::id::ChangeHash;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The most rows of a column, and so the most operations of a document or a change.
const MAX_ROWS: u64 = 500_000;

/// What a chunk holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole document.
    Document = 0,
    /// One change, as it is.
    Change = 1,
}

/// The content of bytes that are one chunk of this kind and nothing else, within bounds. Whether the checksum fits is not
/// looked at here.
pub(super) fn content(bytes: &[u8], kind: Kind) -> Result<&[u8], DocumentError> {
    let content = unmeasured(bytes, kind)?;
    measured(content, kind)?;
    Ok(content)
}

/// How many rows automerge would read in bytes that are one chunk of this kind: a few bytes can stand for a great many.
pub(super) fn rows(bytes: &[u8], kind: Kind) -> Result<u64, DocumentError> {
    measured(unmeasured(bytes, kind)?, kind)
}

fn measured(content: &[u8], kind: Kind) -> Result<u64, DocumentError> {
    match kind {
        Kind::Document => measure::document(content, MAX_ROWS),
        Kind::Change => measure::change(content, MAX_ROWS),
    }
}

/// The content of bytes that are one chunk of this kind and nothing else, within no bounds: for a look at how it begins.
pub(super) fn unmeasured(bytes: &[u8], kind: Kind) -> Result<&[u8], DocumentError> {
    let mut rest = Rest(bytes);
    let magic = rest.take(4)?;
    rest.take(4)?;
    if magic != MAGIC || rest.take(1)? != [kind as u8] {
        return Err(corrupt("not a chunk of the kind"));
    }
    let content = rest.prefixed()?;
    if !rest.0.is_empty() {
        return Err(corrupt("bytes follow the chunk"));
    }
    Ok(content)
}

/// The chunk of a change with this content, and its hash.
pub(super) fn change(content: &[u8]) -> (ChangeHash, Vec<u8>) {
    let mut tail = vec![Kind::Change as u8];
    write_leb128(&mut tail, content.len() as u64);
    tail.extend_from_slice(content);
    let hash: [u8; 32] = Sha256::digest(&tail).into();
    let mut chunk = Vec::with_capacity(tail.len() + 8);
    chunk.extend_from_slice(&MAGIC);
    chunk.extend_from_slice(&hash[..4]);
    chunk.extend_from_slice(&tail);
    (ChangeHash(hash), chunk)
}

/// Does something with bytes that may be damaged in ways which automerge meets with a panic; that is an error like any other.
/// (Where panics abort, as in the browser, only what a server has checked arrives.)
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, DocumentError>) -> Result<T, DocumentError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(corrupt("automerge gave up")))
}

pub(super) fn corrupt(why: &str) -> DocumentError {
    DocumentError::Corrupt(why.to_owned())
}
