//! The names of things: documents, users, devices, changes and moments.

use crate::hex;
use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// Why a text is not the name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a document id: 16 bytes in bs58check.
    #[error("not a document id")]
    Document,
    /// Not a user name: 1 to 32 of `a-z 0-9 . _ -`.
    #[error("not a user name")]
    User,
    /// Not a file's name: 64 hexadecimal digits.
    #[error("not a file's hash")]
    File,
}

/// A document's id: 16 random bytes, written bs58check as automerge-repo writes them, so that its clients
/// address the same documents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(pub [u8; 16]);

impl DocId {
    /// The id of the document of `kind` that accompanies this one. It follows from this id alone, so either side
    /// finds the companion without a link and nobody can attach one to a record of somebody else's choosing.
    pub fn companion(&self, kind: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(self.0)
            .chain_update(kind.as_bytes())
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }

    /// The code by which a resident follows the record: eight letters and digits that cannot be misread, in two
    /// groups. It is made offline and follows from the id, which cannot be worked out from it.
    pub fn receipt_code(&self) -> String {
        const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let digest = Sha256::new()
            .chain_update(b"receipt")
            .chain_update(self.0)
            .finalize();
        let mut code = String::with_capacity(9);
        for (i, byte) in digest.iter().take(8).enumerate() {
            if i == 4 {
                code.push('-');
            }
            code.push(char::from(LETTERS[usize::from(byte % 32)]));
        }
        code
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bs58::encode(self.0).with_check().into_string())
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DocId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() > 40 {
            return Err(IdError::Document);
        }
        let bytes = bs58::decode(text)
            .with_check(None)
            .into_vec()
            .map_err(|_| IdError::Document)?;
        bytes.try_into().map(Self).map_err(|_| IdError::Document)
    }
}

/// A user's name at sign-in: 1 to 32 characters of `a-z 0-9 . _ -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for UserId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fits = (1..=32).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::User)
        }
    }
}

/// A device: 16 random bytes made at its first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub [u8; 16]);

/// The life of a database: 16 random bytes made with it, and anew by a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub [u8; 16]);

/// The hash that names a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeHash(pub [u8; 32]);

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::written(&self.0))
    }
}

/// The name of a file: the SHA-256 of its bytes, written in lower hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash(pub [u8; 32]);

impl FileHash {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::written(&self.0))
    }
}

impl FromStr for FileHash {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        hex::read(text).map(Self).ok_or(IdError::File)
    }
}

/// Changes that together stand for a document's state: the latest ones, and by them all before. Sorted, no repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Heads(Vec<ChangeHash>);

impl Heads {
    /// The hashes.
    pub fn as_slice(&self) -> &[ChangeHash] {
        &self.0
    }

    /// Whether this is the state before any change.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<ChangeHash> for Heads {
    fn from_iter<I: IntoIterator<Item = ChangeHash>>(hashes: I) -> Self {
        let mut hashes: Vec<_> = hashes.into_iter().collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }
}

/// A moment: milliseconds since 1970-01-01 UTC, by the clock of whoever wrote it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Moment(#[n(0)] pub i64);

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
as_text!(DocId, UserId, FileHash);

macro_rules! as_bytes {
    ($($name:ident),*) => {$(
        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let bytes = d.bytes()?;
                bytes.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("wrong length"))
            }
        }
    )*};
}
as_bytes!(DocId, DeviceId, Epoch, ChangeHash, FileHash);

impl<C> Encode<C> for UserId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for UserId {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.str()?
            .parse()
            .map_err(|_| minicbor::decode::Error::message("not a user name"))
    }
}

impl<C> Encode<C> for Heads {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Heads {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Vec::<ChangeHash>::decode(d, ctx)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_id_reads_back_and_a_misread_letter_is_noticed() {
        let id = DocId([7; 16]);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        let wrong: String = text
            .chars()
            .enumerate()
            .map(|(i, c)| if i == 3 { 'z' } else { c })
            .collect();
        assert_eq!(wrong.parse::<DocId>(), Err(IdError::Document));
        assert_eq!("".parse::<DocId>(), Err(IdError::Document));
    }

    #[test]
    fn a_file_has_one_name() {
        let hash = FileHash::of(b"abc");
        let text = hash.to_string();
        assert!(text.starts_with("ba7816bf"), "{text}");
        assert_eq!(text.parse(), Ok(hash));
        for bad in [&text[1..], &text.to_uppercase(), "", &text.replace('b', "g")] {
            assert_eq!(bad.parse::<FileHash>(), Err(IdError::File), "{bad}");
        }
    }

    #[test]
    fn user_names_are_plain() {
        assert!("host1".parse::<UserId>().is_ok());
        for bad in ["", "Host", "主持人", "a b", &"a".repeat(33)] {
            assert_eq!(bad.parse::<UserId>(), Err(IdError::User), "{bad}");
        }
    }

    #[test]
    fn a_companion_is_another_document_and_always_the_same_one() {
        let id = DocId([1; 16]);
        assert_eq!(id.companion("contact"), id.companion("contact"));
        assert_ne!(id.companion("contact"), id);
        assert_ne!(id.companion("contact"), DocId([2; 16]).companion("contact"));
    }
}
