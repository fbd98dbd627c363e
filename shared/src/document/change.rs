//! What can be known of a change before it is applied.

use std::io::Read;

use automerge::Change;
use flate2::bufread::DeflateDecoder;

use super::DocumentError;
use super::measure::{Rest, operations_within, write_leb128};
use crate::id::{ChangeHash, Moment, UserId};

/// A change, looked at from outside.
#[derive(Debug, Clone)]
pub struct ChangeInfo {
    /// Its name.
    pub hash: ChangeHash,
    /// The actor that made it.
    pub actor: Vec<u8>,
    /// The author that it names; an actor's first change does.
    pub author: Option<UserId>,
    /// The actor's how-manieth change it is, from 1.
    pub seq: u64,
    /// The changes it builds on.
    pub deps: Vec<ChangeHash>,
    /// When, by the author's clock.
    pub at: Moment,
    /// How many operations it has.
    pub operations: usize,
    /// Its size when not compressed, in bytes.
    pub bytes: usize,
}

/// Looks at an uncompressed change.
pub fn inspect(bytes: &[u8]) -> Result<ChangeInfo, DocumentError> {
    let change = decode(bytes)?;
    let author = match change.author() {
        None => None,
        Some(name) => Some(user(name.as_bytes()).ok_or(DocumentError::Corrupt("author".to_owned()))?),
    };
    Ok(ChangeInfo {
        hash: ChangeHash(change.hash().0),
        actor: change.actor_id().to_bytes().to_vec(),
        author,
        seq: change.seq(),
        deps: change.deps().iter().map(|hash| ChangeHash(hash.0)).collect(),
        at: Moment(change.timestamp()),
        operations: change.len(),
        bytes: change.raw_bytes().len(),
    })
}

/// A chunk that holds one change as it is, in the chunk container.
const CHANGE: u8 = 1;

/// A chunk that holds one change deflated.
const COMPRESSED: u8 = 2;

/// How many bytes of a chunk come before its length: magic, checksum, type.
const HEAD: usize = 9;

/// The most operations of one change. The longest body replaced by another is forty thousand.
const MAX_OPERATIONS: u64 = 200_000;

/// Decodes one uncompressed change chunk. A compressed one is refused unread: automerge inflates it without bound, and frames
/// are compressed as a whole. automerge's own decoder neither holds the checksum against the content nor minds bytes that
/// follow the chunk, and it reads as many operations as a few bytes say there are, so all three are checked here (chunk container: magic, 4 bytes of checksum, type, LEB128 length).
pub(super) fn decode(bytes: &[u8]) -> Result<Change, DocumentError> {
    let corrupt = |why: &str| DocumentError::Corrupt(why.to_owned());
    if bytes.get(8) != Some(&CHANGE) {
        return Err(corrupt("not an uncompressed change"));
    }
    operations_within(body(bytes)?, MAX_OPERATIONS)?;
    let change = Change::try_from(bytes).map_err(|e| DocumentError::Corrupt(e.to_string()))?;
    if bytes.get(4..8) != Some(&change.hash().0[..4]) {
        return Err(corrupt("the checksum does not fit"));
    }
    Ok(change)
}

/// A change chunk as it is when not compressed, for [`decode`]. It may have up to `most` bytes; what inflates to more is
/// given up before it is held.
pub(super) fn uncompressed(bytes: &[u8], most: usize) -> Result<Vec<u8>, DocumentError> {
    let corrupt = |why: &str| DocumentError::Corrupt(why.to_owned());
    let within = |size: usize| (size <= most).then_some(()).ok_or(DocumentError::TooLarge);
    within(bytes.len())?;
    if bytes.get(8) != Some(&COMPRESSED) {
        return Ok(bytes.to_vec());
    }
    let mut inflater = DeflateDecoder::new(body(bytes)?);
    let mut inflated = Vec::new();
    inflater
        .by_ref()
        .take(most as u64 + 1)
        .read_to_end(&mut inflated)
        .map_err(|_| corrupt("does not inflate"))?;
    within(inflated.len())?;
    if !inflater.into_inner().is_empty() {
        return Err(corrupt("bytes follow the compressed change"));
    }
    let mut chunk = bytes[..HEAD - 1].to_vec();
    chunk.push(CHANGE);
    write_leb128(&mut chunk, inflated.len());
    chunk.append(&mut inflated);
    Ok(chunk)
}

/// What a chunk holds; it must be all that follows its head.
fn body(bytes: &[u8]) -> Result<&[u8], DocumentError> {
    let corrupt = |why: &str| DocumentError::Corrupt(why.to_owned());
    let mut rest = Rest(bytes.get(HEAD..).unwrap_or_default());
    let length = rest.number(u64::MAX)?;
    let body = rest.take(length)?;
    if !rest.0.is_empty() {
        return Err(corrupt("bytes follow the change"));
    }
    Ok(body)
}

pub(super) fn user(name: &[u8]) -> Option<UserId> {
    std::str::from_utf8(name).ok()?.parse().ok()
}
