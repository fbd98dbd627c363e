//! Changes as they travel: without what the other side can work out.
//!
//! A change names the changes it builds on by their hashes, 32 bytes each that nothing compresses. Whoever takes it has those
//! changes, or gets them in the same list; so a short reference is enough, and the chunk is put together again:
//!
//! ```text
//! list     { length, change }…             length LEB128
//! change   n, reference × n, check?, rest  n LEB128
//! reference  k > 0: the k-th change before this one in the list; LEB128
//!            0, then the first 4 bytes of the hash of a change that the receiver has
//! check    the first 4 bytes of the change's own hash; there if any reference is of the second kind
//! rest     the content of the change chunk from the actor on
//! ```

use std::collections::HashMap;

use super::chunk::{self, Kind, corrupt};
use super::measure::{Rest, write_leb128};
use super::{Document, DocumentError};
use crate::id::ChangeHash;

const SHORT: usize = 4;

/// Packs change chunks, each after what it builds on.
pub fn pack(changes: &[Vec<u8>]) -> Result<Vec<u8>, DocumentError> {
    let mut places = HashMap::new();
    let mut list = Vec::new();
    for (place, bytes) in changes.iter().enumerate() {
        let content = chunk::content(bytes, Kind::Change)?;
        let (hash, _) = chunk::change(content);
        let (dependencies, rest) = dependencies(content)?;
        let mut packed = Vec::with_capacity(content.len());
        write_leb128(&mut packed, dependencies.len() as u64);
        let mut outside = false;
        for dependency in dependencies {
            match places.get(&dependency) {
                Some(earlier) => write_leb128(&mut packed, (place - earlier) as u64),
                None => {
                    outside = true;
                    packed.push(0);
                    packed.extend_from_slice(&dependency.0[..SHORT]);
                }
            }
        }
        if outside {
            packed.extend_from_slice(&hash.0[..SHORT]);
        }
        packed.extend_from_slice(rest);
        write_leb128(&mut list, packed.len() as u64);
        list.extend_from_slice(&packed);
        places.insert(hash, place);
    }
    Ok(list)
}

/// The actors of a saved document and of packed changes, as far as both can be read. Cheap: nothing is opened for it.
pub fn actors(snapshot: &[u8], list: &[u8]) -> Vec<Vec<u8>> {
    let mut actors = actors_of_document(snapshot).unwrap_or_default();
    let mut reader = Rest(list);
    while let Ok(packed) = reader.prefixed() {
        let Ok(actor) = References::read(packed).and_then(|(_, rest)| Rest(rest).prefixed()) else {
            break;
        };
        if !actors.iter().any(|known: &Vec<u8>| known == actor) {
            actors.push(actor.to_vec());
        }
    }
    actors
}

fn actors_of_document(snapshot: &[u8]) -> Result<Vec<Vec<u8>>, DocumentError> {
    let mut reader = Rest(chunk::unmeasured(snapshot, Kind::Document)?);
    let n = reader.number(u64::MAX)?;
    (0..n).map(|_| Ok(reader.prefixed()?.to_vec())).collect()
}

/// What a packed change refers to.
struct References {
    before: Vec<Result<usize, [u8; SHORT]>>,
    check: Option<[u8; SHORT]>,
}

impl References {
    fn read(packed: &[u8]) -> Result<(Self, &[u8]), DocumentError> {
        let mut reader = Rest(packed);
        let n = reader.number(u64::MAX)?;
        let before = (0..n)
            .map(|_| {
                Ok(match reader.number(u64::from(u32::MAX))? {
                    0 => Err(short(&mut reader)?),
                    back => Ok(back as usize),
                })
            })
            .collect::<Result<Vec<_>, DocumentError>>()?;
        let outside = before.iter().any(Result::is_err);
        let check = outside.then(|| short(&mut reader)).transpose()?;
        Ok((Self { before, check }, reader.0))
    }
}

fn short(reader: &mut Rest<'_>) -> Result<[u8; SHORT], DocumentError> {
    let bytes = reader.take(SHORT as u64)?;
    bytes.try_into().map_err(|_| corrupt("cut short"))
}

impl Document {
    /// The chunks of packed changes. What they refer to outside of the list is looked for here; where it is not found, that
    /// is a missing dependency.
    pub fn unpack(&mut self, list: &[u8]) -> Result<Vec<Vec<u8>>, DocumentError> {
        let mut reader = Rest(list);
        let mut hashes: Vec<ChangeHash> = Vec::new();
        let mut changes = Vec::new();
        while !reader.0.is_empty() {
            let packed = reader.prefixed()?;
            let (references, rest) = References::read(packed)?;
            let mut content = Vec::with_capacity(packed.len() + 64);
            write_leb128(&mut content, references.before.len() as u64);
            for reference in &references.before {
                let hash = match reference {
                    Ok(back) => hashes
                        .len()
                        .checked_sub(*back)
                        .and_then(|place| hashes.get(place).copied())
                        .ok_or_else(|| corrupt("a reference out of the list"))?,
                    Err(short) => self.find(short).ok_or(DocumentError::MissingDependency)?,
                };
                content.extend_from_slice(&hash.0);
            }
            content.extend_from_slice(rest);
            let (hash, chunk) = chunk::change(&content);
            if references.check.is_some_and(|check| check != hash.0[..SHORT]) {
                return Err(DocumentError::MissingDependency);
            }
            hashes.push(hash);
            changes.push(chunk);
        }
        Ok(changes)
    }

    /// The one change here whose hash begins so. Most changes build on the heads.
    fn find(&mut self, short: &[u8; SHORT]) -> Option<ChangeHash> {
        let begins = |hash: &ChangeHash| hash.0.starts_with(short);
        let heads = self.heads();
        if let Some(hash) = one(heads.as_slice().iter().copied().filter(begins)) {
            return Some(hash);
        }
        let all = self.0.get_changes_meta(&[]);
        one(all.iter().map(|meta| ChangeHash(meta.hash.0)).filter(begins))
    }
}

fn one(mut found: impl Iterator<Item = ChangeHash>) -> Option<ChangeHash> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The hashes that a change's content begins with, and what follows.
fn dependencies(content: &[u8]) -> Result<(Vec<ChangeHash>, &[u8]), DocumentError> {
    let mut reader = Rest(content);
    let n = reader.number(u64::MAX)?;
    let hash = |bytes: &[u8]| bytes.try_into().map(ChangeHash).map_err(|_| corrupt("a hash"));
    let hashes = (0..n).map(|_| hash(reader.take(32)?)).collect::<Result<_, _>>()?;
    Ok((hashes, reader.0))
}
