//! What a device lacks, told from its cursors.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use lianxin_shared::id::{ChangeHash, DocId, Heads};
use lianxin_shared::protocol::{Cursors, Down, FRAME_TARGET, Pull};

use super::receipt;
use crate::store::{Entry, Life, Store, StoreError};

/// How many entries of a channel are read at once.
const BATCH: u32 = 200;

/// Works through the entries that a device lacks, channel by channel, frame by frame.
pub(super) struct Puller {
    store: Arc<dyn Store>,
    life: Arc<Life>,
    channels: Vec<String>,
    /// How far the device is, counting what was sent to it in this exchange.
    cursors: Cursors,
    /// Changes that the device itself has sent in this exchange.
    known: HashSet<ChangeHash>,
    /// Documents that were looked at in this exchange, in the state in which they were.
    sent: HashMap<DocId, Heads>,
    budget: usize,
    place: usize,
}

impl Puller {
    /// A puller for a device at `cursors`, that reads `channels`.
    pub(super) fn new(
        store: Arc<dyn Store>,
        life: Arc<Life>,
        channels: Vec<String>,
        cursors: &Cursors,
        known: HashSet<ChangeHash>,
        budget: u32,
    ) -> Self {
        // Cursors of channels that the user does not read are not looked at.
        let cursors = channels
            .iter()
            .map(|c| (c.clone(), cursors.get(c).copied().unwrap_or_default()))
            .collect();
        Self {
            store,
            life,
            channels,
            cursors,
            known,
            sent: HashMap::new(),
            budget: budget as usize,
            place: 0,
        }
    }

    /// Whether everything that the device lacked has been given.
    pub(super) fn is_done(&self) -> bool {
        self.place >= self.channels.len()
    }

    /// Whether there is budget left.
    pub(super) fn has_budget(&self) -> bool {
        self.budget > 0
    }

    /// The messages of the next frame; none when nothing is lacking any more.
    pub(super) async fn frame(&mut self) -> Result<Vec<Down>, StoreError> {
        let mut messages = Vec::new();
        let mut moved = BTreeMap::new();
        let mut size = 0;
        'frame: while let Some(channel) = self.channels.get(self.place).cloned() {
            let mut cursor = self.cursors.get(&channel).copied().unwrap_or_default();
            let entries = self.store.entries(channel.clone(), cursor.seen, BATCH).await?;
            if entries.is_empty() {
                self.place += 1;
                if cursor.have < cursor.seen {
                    cursor.have = cursor.seen;
                    self.cursors.insert(channel.clone(), cursor);
                    moved.insert(channel, cursor);
                }
                continue;
            }
            for entry in entries {
                if let Some(message) = self.message(&entry).await? {
                    size += weight(&message);
                    messages.push(message);
                }
                cursor.seen = entry.seq;
                self.cursors.insert(channel.clone(), cursor);
                moved.insert(channel.clone(), cursor);
                if size >= FRAME_TARGET.min(self.budget) {
                    break 'frame;
                }
            }
        }
        self.budget = self.budget.saturating_sub(size);
        if !moved.is_empty() {
            messages.push(Down::Cursors(moved));
        }
        Ok(messages)
    }

    async fn message(&mut self, entry: &Entry) -> Result<Option<Down>, StoreError> {
        let entries = self.store.entries_of(entry.doc, self.channels.clone()).await?;
        let present: Vec<_> = entries.iter().filter(|entry| entry.present).collect();
        if present.is_empty() {
            return Ok(Some(Down::Left(entry.doc)));
        }
        // Each channel tells what is lacking from its own cursor; the one that knows of the most is right. Where the device
        // has come by the document's last change, it lacks nothing.
        let lacking = present.iter().map(|entry| {
            let cursor = self.cursors.get(&entry.channel).copied().unwrap_or_default();
            if cursor.seen >= entry.seq {
                None
            } else {
                entry.lacking(cursor.have)
            }
        });
        let Some(from) = lacking.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten() else {
            return Ok(None);
        };
        let Some(content) = self.store.content(entry.doc, from).await? else {
            return Ok(None);
        };
        let changes: Vec<_> = content
            .changes
            .into_iter()
            .filter(|change| !self.known.contains(&change.hash))
            .collect();
        // A document in several channels is sent once, unless it has grown meanwhile.
        let before = self.sent.insert(entry.doc, content.heads.clone());
        if before.as_ref() == Some(&content.heads) {
            return Ok(None);
        }
        if changes.is_empty() && content.snapshot.is_none() {
            return Ok(None);
        }
        Ok(Some(Down::Pull(Pull {
            doc: entry.doc,
            snapshot: content.snapshot.map(Into::into),
            changes: changes.into_iter().map(|change| change.bytes.into()).collect(),
            receipt: receipt(&self.life, entry.doc, content.heads),
        })))
    }
}

fn weight(message: &Down) -> usize {
    const OVERHEAD: usize = 64;
    match message {
        Down::Pull(pull) => {
            let snapshot = pull.snapshot.as_ref().map_or(0, |snapshot| snapshot.len());
            OVERHEAD + snapshot + pull.changes.iter().map(|change| change.len()).sum::<usize>()
        }
        _ => OVERHEAD,
    }
}
