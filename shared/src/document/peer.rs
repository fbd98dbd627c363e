//! A peer that speaks automerge's own sync protocol about one document (<https://arxiv.org/abs/2012.00472>).
//!
//! The protocol itself is automerge's; here are the bounds that it does not have. A message is measured before it is
//! decoded, and its changes are inflated and held against their checksums before automerge sees them.
//!
//! We do not say that we read the second version of the messages, in which a peer may send a whole document in one piece.
//! So peers send changes one by one, each of which can be judged and bounded. What we send may be of either version.

use automerge::sync::{Message, State, SyncDoc};

use super::change::{decode, uncompressed};
use super::chunk::caught;
use super::measure::Rest;
use super::{Document, DocumentError, not_applied};

/// The most bytes that the changes of one message have together when not compressed.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The most changes in one message.
const MAX_CHANGES: u64 = 2_000;

/// The most hashes in one list of a message.
const MAX_HASHES: u64 = 2_000;

/// The most summaries of what the peer has; automerge sends one.
const MAX_HAVES: u64 = 4;

/// The most bytes of such a summary, which has ten bits for each change.
const MAX_BLOOM: u64 = 64 * 1024;

/// The most probes into a summary for each change; automerge makes seven.
const MAX_PROBES: u64 = 32;

/// The first byte of a message of the first version.
const FIRST_VERSION: u8 = 0x42;

/// What is known of one peer's replica of a document. It is kept as long as the peer has the document open.
#[derive(Debug, Clone, Default)]
pub struct Peer(State);

impl Peer {
    /// Takes a message: its changes go into `document`, where one whose dependency is missing waits unseen until that
    /// comes. Answers all of its changes, uncompressed.
    ///
    /// After an error neither the peer nor the document is of use any more. [`DocumentError::TooLarge`] for more than the
    /// bounds, [`DocumentError::Corrupt`] for what cannot be read, [`DocumentError::DuplicateSequence`] for an actor that
    /// wrote two histories.
    pub fn receive(
        &mut self,
        document: &mut Document,
        message: &[u8],
    ) -> Result<Vec<Vec<u8>>, DocumentError> {
        let mut room = MAX_BYTES;
        let mut changes = Vec::new();
        for chunk in measure(message)? {
            let change = uncompressed(chunk, room)?;
            decode(&change)?;
            room -= change.len().min(room);
            changes.push(change);
        }
        let mut message = Message::decode(message).map_err(|e| DocumentError::Corrupt(e.to_string()))?;
        // A hash asked for twice would be sent twice.
        message.need.sort_unstable();
        message.need.dedup();
        message.changes = changes.clone().into();
        let state = &mut self.0;
        let mut sync = document.0.sync();
        caught(|| sync.receive_sync_message(state, message).map_err(not_applied))?;
        Ok(changes)
    }

    /// The next message for the peer; nothing while it has been told everything or its answer is awaited.
    pub fn generate(&mut self, document: &mut Document) -> Option<Vec<u8>> {
        let mut message = document.0.sync().generate_sync_message(&mut self.0)?;
        // Flags are how one says that one reads the second version.
        message.flags = None;
        Some(message.encode())
    }

    /// Whether the peer has said that it has anything of the document.
    pub fn has_any(&self) -> bool {
        self.0.their_heads.as_ref().is_some_and(|heads| !heads.is_empty())
    }

    /// About how many bytes are kept of it.
    pub fn size(&self) -> usize {
        const HASH: usize = 32;
        let lists = [&self.0.their_heads, &self.0.their_need];
        let hashes = self.0.shared_heads.len()
            + self.0.last_sent_heads.len()
            + self.0.sent_hashes.len()
            + lists.into_iter().flatten().map(Vec::len).sum::<usize>();
        let haves = self.0.their_have.iter().flatten();
        let haves = haves.map(|have| have.last_sync.len() * HASH + have.bloom.to_bytes().len());
        size_of::<Self>() + hashes * HASH + haves.sum::<usize>()
    }
}

impl Document {
    /// Lays changes over the document that it need not be able to take yet: one whose dependency is missing waits unseen.
    pub fn lay_over(&mut self, changes: &[Vec<u8>]) -> Result<(), DocumentError> {
        let changes: Vec<_> = changes
            .iter()
            .map(|change| decode(change))
            .collect::<Result<_, _>>()?;
        caught(|| self.0.apply_changes(changes).map_err(not_applied))
    }

    /// Those of `changes` that are not in the document's history, which includes those that wait.
    pub fn lacking(&mut self, changes: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let lacks = |change: &Vec<u8>| {
            decode(change).is_ok_and(|change| self.0.get_change_meta_by_hash(&change.hash()).is_none())
        };
        changes.into_iter().filter(lacks).collect()
    }
}

/// The change chunks of a message whose every part is within bounds. Layout: version; heads; hashes asked for; summaries,
/// each the hashes it starts from and a Bloom filter; chunks; flags. Each list begins with its length.
fn measure(message: &[u8]) -> Result<Vec<&[u8]>, DocumentError> {
    let mut rest = Rest(message);
    if rest.take(1)? != [FIRST_VERSION] {
        return Err(DocumentError::Corrupt(
            "not a message of the first version".to_owned(),
        ));
    }
    for _heads_and_needs in 0..2 {
        rest.hashes(MAX_HASHES)?;
    }
    for _ in 0..rest.number(MAX_HAVES)? {
        rest.hashes(MAX_HASHES)?;
        let length = rest.number(MAX_BLOOM)?;
        bloom(rest.take(length)?)?;
    }
    let mut chunks = Vec::new();
    for _ in 0..rest.number(MAX_CHANGES)? {
        let length = rest.number(MAX_BYTES as u64)?;
        chunks.push(rest.take(length)?);
    }
    Ok(chunks)
}

/// automerge divides by the number of a filter's bits, and makes room for as many probes as the filter says.
fn bloom(bytes: &[u8]) -> Result<(), DocumentError> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut rest = Rest(bytes);
    let entries = rest.number(u64::from(u32::MAX))?;
    let bits = rest.number(u64::from(u32::MAX))?;
    rest.number(MAX_PROBES)?;
    if entries > 0 && bits == 0 {
        return Err(DocumentError::Corrupt("a filter without bits".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
