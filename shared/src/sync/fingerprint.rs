//! One number for all that is in a channel, so that two sides see at a glance whether they hold the same.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::Summary;
use crate::id::{DocId, Heads};

/// Stands for a set of documents, each in a state: the exclusive or of a hash of each. The order does not matter, and what is
/// turned twice is out again, so it follows every change without a look at the rest. It guards against accidents, not
/// against whoever picks documents so that they come to the same number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Fingerprint(#[cbor(n(0), with = "minicbor::bytes")] [u8; 16]);

impl Fingerprint {
    /// Of one document in a state: the first half of the SHA-256 of the id and the state's hashes in order. Of a state without
    /// any change there is nothing, as if the document was not there.
    pub fn of(doc: DocId, heads: &Heads) -> Self {
        if heads.is_empty() {
            return Self::default();
        }
        let mut digest = Sha256::new().chain_update(doc.0);
        heads.as_slice().iter().for_each(|hash| digest.update(hash.0));
        Self::first_half(digest)
    }

    /// Puts in what is not in it, and takes out what is.
    pub fn turn(&mut self, other: Self) {
        for (byte, other) in self.0.iter_mut().zip(other.0) {
            *byte ^= other;
        }
    }

    /// Of several channels together, in the order of the welcome: the first half of the SHA-256 of their fingerprints. (Not
    /// their exclusive or: a document in two of them would not be in it.)
    pub fn over(channels: impl IntoIterator<Item = Self>) -> Self {
        let mut digest = Sha256::new();
        for channel in channels {
            digest.update(channel.0);
        }
        Self::first_half(digest)
    }

    fn first_half(digest: Sha256) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(&digest.finalize()[..16]);
        Self::from(first)
    }

    /// Its bytes.
    pub fn bytes(&self) -> [u8; 16] {
        self.0
    }
}

impl From<[u8; 16]> for Fingerprint {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// What a device holds of what the server has accepted, one number a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings(BTreeMap<String, Fingerprint>);

impl Holdings {
    /// Of all that is held.
    pub fn of<'a>(summaries: impl IntoIterator<Item = &'a Summary>) -> Self {
        let mut holdings = Self::default();
        for summary in summaries {
            holdings.turn(summary);
        }
        holdings
    }

    /// Puts in a document that is not in it, and takes out one that is.
    pub fn turn(&mut self, summary: &Summary) {
        let fingerprint = Fingerprint::of(summary.doc, &summary.accepted);
        for channel in &summary.channels {
            self.0.entry(channel.clone()).or_default().turn(fingerprint);
        }
    }

    /// Turns all that other holdings come to.
    pub fn turn_all(&mut self, others: &Self) {
        for (channel, fingerprint) in &others.0 {
            self.0.entry(channel.clone()).or_default().turn(*fingerprint);
        }
    }

    /// What is held in these channels together.
    pub fn together(&self, channels: &[String]) -> Fingerprint {
        Fingerprint::over(
            channels
                .iter()
                .map(|channel| self.0.get(channel).copied().unwrap_or_default()),
        )
    }
}
