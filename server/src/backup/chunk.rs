//! Pieces cut into chunks where their content says so, and the chunks' names.
//!
//! A chunk ends after a piece whose hash begins in a certain way, one in [`ENDS`]: so a piece that changed, came or went changes
//! the chunk that it is in, and those before and behind are what they were.

use lianxin_shared::hex;
use std::fmt;
use std::io::{Read as _, Write as _};
use std::str::FromStr;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use hmac::{Hmac, KeyInit as _, Mac as _};
use minicbor::Decoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::BackupError;
use super::piece::Piece;
use super::seal::{Identities, Recipients};
use crate::store::Life;

/// How many pieces a chunk has, on average.
const ENDS: u16 = 48;

/// How many bytes of pieces a chunk takes at most, beside its last.
const MOST: usize = 4 * 1024 * 1024;

/// What a chunk is never beyond when it is inflated: its most, and a document of the largest size.
const INFLATED: u64 = 512 * 1024 * 1024;

/// The name of a chunk or file: a keyed hash of its content, 128 bits in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name([u8; 16]);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::written(&self.0))
    }
}

impl FromStr for Name {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = u128::from_str_radix(text, 16).map_err(|_| ())?;
        let name = Self(number.to_be_bytes());
        if name.to_string() == text {
            Ok(name)
        } else {
            Err(())
        }
    }
}

impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("not a name"))
    }
}

/// What names are made with. Whoever does not have it cannot tell from a name whether some content is there.
#[derive(Clone)]
pub(super) struct Names([u8; 32]);

impl Names {
    /// Those of a database, for these recipients: other recipients are other names, since nothing that was encrypted for
    /// the former alone may be used again.
    pub(super) fn new(life: &Life, recipients: &Recipients) -> Self {
        let text = recipients.text();
        Self(keyed(
            &life.receipt_key,
            &[b"names of backups for ", text.as_bytes()],
        ))
    }

    /// Those of a key that was sealed.
    pub(super) fn sealed(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The key, to be sealed.
    pub(super) fn key(&self) -> [u8; 32] {
        self.0
    }

    /// The name of a chunk with this plain content.
    pub(super) fn chunk(&self, plain: &[u8]) -> Name {
        self.name(&[b"chunk ", plain])
    }

    /// The name of the file that the server calls by this name, which follows from its content.
    pub(super) fn file(&self, file: &str) -> Name {
        self.name(&[b"file ", file.as_bytes()])
    }

    fn name(&self, parts: &[&[u8]]) -> Name {
        let whole = keyed(&self.0, parts);
        let mut name = [0; 16];
        name.copy_from_slice(&whole[..16]);
        Name(name)
    }
}

/// What tells one database's backups from another's, for whoever has none of its keys.
pub(super) fn database(life: &Life) -> String {
    let tag = keyed(&life.receipt_key, &[b"whose backups"]);
    hex::written(&tag[..8])
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // As HMAC (RFC 2104) lengthens a key that is shorter than a block.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// Gathers pieces to chunks.
#[derive(Default)]
pub(super) struct Cutter(Vec<u8>);

impl Cutter {
    /// Adds a piece; answers the plain content of a chunk if it ends with it.
    pub(super) fn add(&mut self, piece: &Piece) -> Result<Option<Vec<u8>>, BackupError> {
        let bytes = minicbor::to_vec(piece).map_err(|error| std::io::Error::other(error.to_string()))?;
        self.0.extend_from_slice(&bytes);
        let [a, b, ..] = <[u8; 32]>::from(Sha256::digest(&bytes));
        let ends = u16::from_be_bytes([a, b]).is_multiple_of(ENDS) || self.0.len() >= MOST;
        Ok(ends.then(|| self.rest()))
    }

    /// What is left over; empty if nothing is.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

/// A chunk as it lies in the target.
pub(super) fn pack(plain: &[u8], recipients: &Recipients) -> Result<Vec<u8>, BackupError> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(plain)?;
    recipients.seal(&deflated.finish()?)
}

/// The pieces of a chunk, if it is the one of this name.
pub(super) fn unpack(
    name: Name,
    sealed: &[u8],
    names: &Names,
    identities: &Identities,
) -> Result<Vec<Piece>, BackupError> {
    let what = format!("chunk {name}");
    let deflated = identities.open(&what, sealed)?;
    let damaged = || BackupError::Damaged(what.clone());
    let mut plain = Vec::new();
    let mut inflating = DeflateDecoder::new(&deflated[..]).take(INFLATED);
    inflating.read_to_end(&mut plain).map_err(|_| damaged())?;
    if names.chunk(&plain) != name {
        return Err(damaged());
    }
    let mut decoder = Decoder::new(&plain);
    let mut pieces = Vec::new();
    while decoder.position() < plain.len() {
        pieces.push(decoder.decode().map_err(|_| damaged())?);
    }
    Ok(pieces)
}
