//! What can be known of a change before it is applied.

use std::io::Read;

use automerge::Change;
use flate2::bufread::DeflateDecoder;

use super::measure::{Rest, write_leb128};
use super::{DocumentError, chunk};
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
    pub operations: u64,
}

/// Looks at an uncompressed change.
pub fn inspect(bytes: &[u8]) -> Result<ChangeInfo, DocumentError> {
    let change = decode(bytes)?;
    Ok(ChangeInfo {
        hash: ChangeHash(change.hash().0),
        actor: change.actor_id().to_bytes().to_vec(),
        author: change.author().map(|name| named(name.as_bytes())).transpose()?,
        seq: change.seq(),
        deps: change.deps().iter().map(|hash| ChangeHash(hash.0)).collect(),
        at: Moment(change.timestamp()),
        operations: change.len() as u64,
    })
}

/// The name of a change, by which it is known everywhere.
pub fn hash(bytes: &[u8]) -> Result<ChangeHash, DocumentError> {
    Ok(chunk::change(chunk::content(bytes, chunk::Kind::Change)?).0)
}

/// How many rows automerge would read in a change, without having it read: a few bytes can stand for a great many, and what
/// they cost follows from the rows.
pub fn rows(bytes: &[u8]) -> Result<u64, DocumentError> {
    chunk::rows(bytes, chunk::Kind::Change)
}

/// What a document knows of a change of its.
pub(super) fn of_meta(meta: &automerge::ChangeMetadata<'_>) -> Result<ChangeInfo, DocumentError> {
    Ok(ChangeInfo {
        hash: ChangeHash(meta.hash.0),
        actor: meta.actor.to_bytes().to_vec(),
        author: meta
            .author
            .as_ref()
            .map(|name| named(name.as_bytes()))
            .transpose()?,
        seq: meta.seq,
        deps: meta.deps.iter().map(|hash| ChangeHash(hash.0)).collect(),
        at: Moment(meta.timestamp),
        operations: (meta.max_op + 1).saturating_sub(meta.start_op),
    })
}

fn named(name: &[u8]) -> Result<UserId, DocumentError> {
    user(name).ok_or_else(|| chunk::corrupt("author"))
}

/// Decodes one uncompressed change chunk. automerge's own decoder neither holds the checksum against the content nor minds
/// bytes that follow the chunk, so both are checked here.
pub(super) fn decode(bytes: &[u8]) -> Result<Change, DocumentError> {
    chunk::content(bytes, chunk::Kind::Change)?;
    let read = || Change::try_from(bytes).map_err(|e| DocumentError::Corrupt(e.to_string()));
    let change = chunk::caught(read)?;
    if bytes.get(4..8) != Some(&change.hash().0[..4]) {
        return Err(chunk::corrupt("the checksum does not fit"));
    }
    Ok(change)
}

/// A chunk that holds one change deflated.
const COMPRESSED: u8 = 2;

/// How many bytes of a chunk come before its length: magic, checksum, type.
const HEAD: usize = 9;

/// A change chunk as it is when not compressed, for [`decode`]. It may have up to `most` bytes; what inflates to more is
/// given up before it is held.
pub(super) fn uncompressed(bytes: &[u8], most: usize) -> Result<Vec<u8>, DocumentError> {
    let within = |size: usize| (size <= most).then_some(()).ok_or(DocumentError::TooLarge);
    within(bytes.len())?;
    if bytes.get(HEAD - 1) != Some(&COMPRESSED) {
        return Ok(bytes.to_vec());
    }
    let mut rest = Rest(bytes.get(HEAD..).unwrap_or_default());
    let body = rest.prefixed()?;
    if !rest.0.is_empty() {
        return Err(chunk::corrupt("bytes follow the change"));
    }
    let mut inflater = DeflateDecoder::new(body);
    let mut inflated = Vec::new();
    inflater
        .by_ref()
        .take(most as u64 + 1)
        .read_to_end(&mut inflated)
        .map_err(|_| chunk::corrupt("does not inflate"))?;
    within(inflated.len())?;
    if !inflater.into_inner().is_empty() {
        return Err(chunk::corrupt("bytes follow the compressed change"));
    }
    let mut chunk = bytes[..HEAD - 1].to_vec();
    chunk.push(chunk::Kind::Change as u8);
    write_leb128(&mut chunk, inflated.len() as u64);
    chunk.append(&mut inflated);
    Ok(chunk)
}

pub(super) fn user(name: &[u8]) -> Option<UserId> {
    std::str::from_utf8(name).ok()?.parse().ok()
}
