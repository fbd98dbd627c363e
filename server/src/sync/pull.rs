//! What a device lacks, told from its cursors.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use lianxin_shared::document::pack;
use lianxin_shared::id::{ChangeHash, DocId, Heads};
use lianxin_shared::protocol::{Cursors, Down, FRAME_TARGET, Pull};
use lianxin_shared::sync::Fingerprint;

use super::receipt;
use crate::store::{Content, Life, Moved, Store, StoreError};

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
    /// Documents that the device has in this exchange, in the state in which it has them.
    sent: HashMap<DocId, Heads>,
    /// Documents of which it sent something that is still at work. What there is to say of them has to wait for that.
    at_work: HashSet<DocId>,
    budget: usize,
    place: usize,
    /// What has been read of the channel at `place` and not yet been given.
    queue: VecDeque<(Moved, Lacking)>,
}

/// What a device lacks of a document.
#[derive(Clone, Copy)]
enum Lacking {
    Nothing,
    /// The changes from this index on.
    From(u64),
    /// To be told that it has left, or that it is gone for good.
    Farewell {
        erased: bool,
    },
}

impl Puller {
    /// A puller for a device at `cursors`, that reads `channels`.
    pub(super) fn new(
        store: Arc<dyn Store>,
        life: Arc<Life>,
        channels: Vec<String>,
        cursors: &Cursors,
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
            known: HashSet::new(),
            sent: HashMap::new(),
            at_work: HashSet::new(),
            budget: budget as usize,
            place: 0,
            queue: VecDeque::new(),
        }
    }

    /// Gives nothing that comes at one of these documents or after it, until [`Puller::settled`].
    pub(super) fn hold(&mut self, docs: impl IntoIterator<Item = DocId>) {
        self.at_work.extend(docs);
    }

    /// Nothing that the device sent is at work any more.
    pub(super) fn settled(&mut self) {
        self.at_work.clear();
        // What was passed over and what came meanwhile is looked for again.
        self.queue.clear();
        self.place = 0;
    }

    /// The device has sent these changes itself.
    pub(super) fn knows(&mut self, changes: Vec<ChangeHash>) {
        self.known.extend(changes);
    }

    /// The device has all of a document.
    pub(super) fn has(&mut self, doc: DocId, heads: Heads) {
        self.sent.insert(doc, heads);
    }

    /// Whether everything that the device lacked has been given, as far as it does not wait.
    pub(super) fn is_done(&self) -> bool {
        self.place >= self.channels.len()
    }

    /// All that is in the channels, if the device is at their end and nothing has moved since.
    pub(super) async fn fingerprint(&self) -> Result<Option<Fingerprint>, StoreError> {
        let tips = self.store.tips(self.channels.clone()).await?;
        let tips: Vec<_> = self
            .channels
            .iter()
            .map(|name| tips.get(name).copied().unwrap_or_default())
            .collect();
        let have = |name| self.cursors.get(name).map_or(0, |cursor| cursor.have);
        let at_the_end = self
            .channels
            .iter()
            .zip(&tips)
            .all(|(name, tip)| have(name) == tip.seq);
        Ok(at_the_end.then(|| Fingerprint::over(tips.iter().map(|tip| tip.fingerprint))))
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
        let target = FRAME_TARGET.min(self.budget);
        while size < target
            && let Some(channel) = self.channels.get(self.place).cloned()
        {
            let mut cursor = self.cursors.get(&channel).copied().unwrap_or_default();
            if self.queue.is_empty() {
                self.look(&channel).await?;
            }
            if self.waits() {
                self.place = self.channels.len();
                break;
            }
            if self.queue.is_empty() {
                self.place += 1;
                if cursor.have < cursor.seen {
                    cursor.have = cursor.seen;
                    self.cursors.insert(channel.clone(), cursor);
                    moved.insert(channel, cursor);
                }
                continue;
            }
            for (entry, message) in self.take(target - size).await? {
                if let Some(message) = message {
                    size += weight(&message);
                    messages.push(message);
                }
                cursor.seen = entry;
            }
            self.cursors.insert(channel.clone(), cursor);
            moved.insert(channel, cursor);
        }
        self.budget = self.budget.saturating_sub(size);
        if !moved.is_empty() {
            messages.push(Down::Cursors(moved));
        }
        Ok(messages)
    }

    /// Whether what comes next has to wait.
    fn waits(&self) -> bool {
        let next = self.queue.front();
        next.is_some_and(|(moved, _)| self.at_work.contains(&moved.doc))
    }

    /// Reads on in a channel.
    async fn look(&mut self, channel: &str) -> Result<(), StoreError> {
        let above = self.cursors.get(channel).map_or(0, |cursor| cursor.seen);
        let channels = self.channels.clone();
        let moved = self
            .store
            .moved(channel.to_owned(), above, BATCH, channels)
            .await?;
        self.queue = moved
            .into_iter()
            .map(|moved| {
                let lacking = self.lacking(&moved);
                (moved, lacking)
            })
            .collect();
        self.tell_erased().await?;
        Ok(())
    }

    /// Looks which of the farewells in the queue are for good.
    async fn tell_erased(&mut self) -> Result<(), StoreError> {
        let left = self
            .queue
            .iter()
            .filter(|(_, lacking)| matches!(lacking, Lacking::Farewell { .. }));
        let left: Vec<_> = left.map(|(moved, _)| moved.doc).collect();
        if left.is_empty() {
            return Ok(());
        }
        let gone = self.store.erased(left).await?;
        for (moved, lacking) in &mut self.queue {
            if gone.contains(&moved.doc) {
                *lacking = Lacking::Farewell { erased: true };
            }
        }
        Ok(())
    }

    /// Each channel tells what is lacking from its own cursor; the one that knows of the most is right. Where the device has
    /// come by the document's last change, it lacks nothing.
    fn lacking(&self, moved: &Moved) -> Lacking {
        let mut present = moved.entries.iter().filter(|entry| entry.present).peekable();
        if present.peek().is_none() {
            return Lacking::Farewell { erased: false };
        }
        let lacking = present.map(|entry| {
            let cursor = self.cursors.get(&entry.channel).copied().unwrap_or_default();
            if cursor.seen >= entry.seq {
                None
            } else {
                entry.lacking(cursor.have)
            }
        });
        let from = lacking.reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten();
        from.map_or(Lacking::Nothing, Lacking::From)
    }

    /// Works off the queue: sequences with what is to be said at each, together about `target` bytes.
    async fn take(&mut self, target: usize) -> Result<Vec<(u64, Option<Down>)>, StoreError> {
        let ready = self.queue.iter();
        let ready = ready.take_while(|(moved, _)| !self.at_work.contains(&moved.doc));
        let wants: Vec<_> = ready
            .filter_map(|(moved, lacking)| match lacking {
                Lacking::From(from) => Some((moved.doc, *from)),
                _ => None,
            })
            .collect();
        let contents = if wants.is_empty() {
            Vec::new()
        } else {
            self.store.contents(wants, target).await?
        };
        let mut contents = contents.into_iter();
        let mut taken = Vec::new();
        while !self.waits()
            && let Some((moved, lacking)) = self.queue.front()
        {
            let (doc, seq) = (moved.doc, moved.seq);
            let message = match lacking {
                Lacking::Nothing => None,
                Lacking::Farewell { erased } => Some(Down::Left { doc, erased: *erased }),
                Lacking::From(_) => match contents.next() {
                    Some(content) => content.and_then(|content| self.pull(doc, content)),
                    None => break,
                },
            };
            self.queue.pop_front();
            taken.push((seq, message));
        }
        Ok(taken)
    }

    fn pull(&mut self, doc: DocId, content: Content) -> Option<Down> {
        let changes: Vec<_> = content
            .changes
            .into_iter()
            .filter(|change| !self.known.contains(&change.hash))
            .collect();
        // A document in several channels is sent once, unless it has grown meanwhile.
        let before = self.sent.insert(doc, content.heads.clone());
        if before.as_ref() == Some(&content.heads) || (changes.is_empty() && content.snapshot.is_none()) {
            return None;
        }
        let last = changes.last().map(|change| change.hash);
        let told = match (&content.snapshot, last) {
            (Some(_), None) => true,
            (None, Some(last)) => content.heads.as_slice() == [last],
            _ => false,
        };
        let chunks: Vec<_> = changes.into_iter().map(|change| change.bytes).collect();
        // What does not pack has never been accepted.
        let changes = pack(&chunks).unwrap_or_default().into();
        let receipt = receipt(&self.life, doc, content.heads);
        Some(Down::Pull(Pull {
            doc,
            snapshot: content.snapshot.map(Into::into),
            changes,
            heads: (!told).then_some(receipt.heads),
            mac: receipt.mac,
        }))
    }
}

/// About how many bytes a message takes.
pub(super) fn weight(message: &Down) -> usize {
    const OVERHEAD: usize = 64;
    match message {
        Down::Pull(pull) => {
            let snapshot = pull.snapshot.as_ref().map_or(0, |snapshot| snapshot.len());
            OVERHEAD + snapshot + pull.changes.len()
        }
        _ => OVERHEAD,
    }
}
