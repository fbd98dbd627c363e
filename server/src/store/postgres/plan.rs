//! What a batch of writes comes to, worked out in memory on what is stored, so that a few statements store it all. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lianxin_shared::id::{DocId, Heads, Moment};
use lianxin_shared::sync::Fingerprint;

use crate::store::channel::turned;
use crate::store::{Binding, Compaction, Entry, Mark, Row, Sequences, Write, Written};

/// What is stored, as far as a batch needs it.
#[derive(Default)]
pub(super) struct Stored {
    /// The versions and states of documents.
    pub(super) documents: HashMap<DocId, (u64, Heads)>,
    /// Whose actors are.
    pub(super) bindings: HashMap<Vec<u8>, Binding>,
    /// The documents' entries by channel.
    pub(super) entries: HashMap<DocId, BTreeMap<String, Entry>>,
}

/// What is to be stored of a batch.
#[derive(Default)]
pub(super) struct Plan<'a> {
    /// What becomes of each write.
    pub(super) written: Vec<Written>,
    /// Those that are stored, each with the channels that move, and what that turns in them.
    pub(super) accepted: Vec<(&'a Write, BTreeMap<&'a str, Fingerprint>)>,
    /// Actors that were not bound, whose they are, and since when.
    pub(super) actors: BTreeMap<&'a [u8], (&'a Binding, Moment)>,
    /// What becomes of each document.
    pub(super) documents: BTreeMap<DocId, Growth<'a>>,
    /// The rows, in the order in which their records came.
    pub(super) rows: Vec<Place<'a>>,
}

/// What all writes of a batch to one document come to.
pub(super) struct Growth<'a> {
    /// Whether it is a new document.
    pub(super) is_new: bool,
    /// Its version with them.
    pub(super) version: u64,
    /// Its state with them.
    pub(super) heads: &'a Heads,
    /// The bytes of their changes.
    pub(super) bytes: u64,
    /// The operations of their changes.
    pub(super) operations: u64,
    /// The last snapshot.
    pub(super) compaction: Option<&'a Compaction>,
    /// When the first was accepted.
    pub(super) since: Moment,
    /// When the last was accepted.
    pub(super) at: Moment,
}

/// A row with its place in lists: the next one, unless it is known.
pub(super) struct Place<'a> {
    pub(super) doc: DocId,
    pub(super) received_at: Moment,
    pub(super) number: Option<i64>,
    pub(super) row: &'a Row,
}

impl<'a> Place<'a> {
    /// A row at a place that it had elsewhere.
    pub(super) fn at(doc: DocId, mark: Mark, row: &'a Row) -> Self {
        Self {
            doc,
            received_at: mark.received_at,
            number: Some(mark.number),
            row,
        }
    }
}

impl<'a> Plan<'a> {
    /// Judges writes in their order.
    pub(super) fn of(stored: &'a Stored, writes: &'a [Write]) -> Self {
        let mut plan = Self::default();
        let mut present: HashMap<DocId, BTreeSet<&'a str>> = HashMap::new();
        for write in writes {
            if plan.is_stale(stored, write) {
                plan.written.push(Written::Stale);
                continue;
            }
            let now: BTreeSet<_> = write.channels.iter().map(String::as_str).collect();
            let before = present.insert(write.doc, now.clone());
            let before = before.unwrap_or_else(|| stored.channels(write.doc));
            let was = plan.state(stored, write.doc);
            let turned = |name| {
                let was = was.filter(|_| before.contains(name));
                turned(write.doc, was, now.contains(name).then_some(&write.heads))
            };
            let moved: BTreeMap<_, _> = (&now | &before)
                .into_iter()
                .map(|name| (name, turned(name)))
                .collect();
            plan.written
                .push(Written::Done(moved.keys().map(|&name| name.to_owned()).collect()));
            plan.accepted.push((write, moved));
            plan.bind(stored, write);
            plan.grow(stored, write);
            plan.list(write);
        }
        plan
    }

    fn is_stale(&self, stored: &Stored, write: &Write) -> bool {
        let grown = self.documents.get(&write.doc).map(|growth| growth.version);
        let version = grown.or_else(|| stored.documents.get(&write.doc).map(|(version, _)| *version));
        version.unwrap_or(0) != write.base
            || write.actors.iter().any(|actor| {
                let bound = self.actors.get(actor.as_slice()).map(|(by, _)| *by);
                bound
                    .or_else(|| stored.bindings.get(actor))
                    .is_some_and(|by| *by != write.by)
            })
    }

    /// The state of a document with the writes so far.
    fn state<'s>(&'s self, stored: &'s Stored, doc: DocId) -> Option<&'s Heads> {
        let grown = self.documents.get(&doc).map(|growth| growth.heads);
        grown.or_else(|| stored.documents.get(&doc).map(|(_, heads)| heads))
    }

    fn bind(&mut self, stored: &Stored, write: &'a Write) {
        for actor in &write.actors {
            if !stored.bindings.contains_key(actor) {
                self.actors.entry(actor).or_insert((&write.by, write.at));
            }
        }
    }

    fn grow(&mut self, stored: &Stored, write: &'a Write) {
        let growth = self.documents.entry(write.doc).or_insert(Growth {
            is_new: !stored.documents.contains_key(&write.doc),
            version: 0,
            heads: &write.heads,
            bytes: 0,
            operations: 0,
            compaction: None,
            since: write.at,
            at: write.at,
        });
        growth.version = write.version;
        growth.heads = &write.heads;
        growth.bytes += write.bytes;
        growth.operations += write.operations;
        growth.compaction = write.compaction.as_ref().or(growth.compaction);
        growth.at = write.at;
    }

    fn list(&mut self, write: &'a Write) {
        let Some(row) = &write.row else {
            return;
        };
        if let Some(place) = self.rows.iter_mut().find(|place| place.doc == write.doc) {
            place.row = row;
        } else {
            self.rows.push(Place {
                doc: write.doc,
                received_at: write.at,
                number: None,
                row,
            });
        }
    }

    /// How many sequences are taken of each channel, by name, and what is turned in it.
    pub(super) fn taken(&self) -> BTreeMap<&'a str, (u64, Fingerprint)> {
        let mut taken: BTreeMap<_, (u64, Fingerprint)> = BTreeMap::new();
        for (name, turned) in self.accepted.iter().flat_map(|(_, moved)| moved) {
            let (n, all) = taken.entry(*name).or_default();
            *n += 1;
            all.turn(*turned);
        }
        taken
    }

    /// The entries that the writes lead to, where the channels are at `sequences` with all that was taken of them.
    pub(super) fn entries(&self, stored: &Stored, mut sequences: Sequences) -> Vec<Entry> {
        for (name, (taken, _)) in self.taken() {
            if let Some(seq) = sequences.get_mut(name) {
                *seq -= taken;
            }
        }
        let mut entries: HashMap<DocId, BTreeMap<String, Entry>> = HashMap::new();
        for (write, moved) in &self.accepted {
            let entries = entries
                .entry(write.doc)
                .or_insert_with(|| stored.entries.get(&write.doc).cloned().unwrap_or_default());
            for &name in moved.keys() {
                let seq = sequences.entry(name.to_owned()).or_default();
                *seq += 1;
                let stays = write.channels.iter().any(|channel| channel == name);
                let known = entries.remove(name);
                let entry = Entry::after(known, name, write.doc, *seq, stays, write.base);
                entries.insert(name.to_owned(), entry);
            }
            if let Some(compaction) = &write.compaction {
                for entry in entries.values_mut() {
                    *entry = entry.clone().without_changes_below(compaction.version);
                }
            }
        }
        entries.into_values().flat_map(BTreeMap::into_values).collect()
    }
}

impl Stored {
    /// The channels that a document is in.
    fn channels(&self, doc: DocId) -> BTreeSet<&str> {
        let entries = self.entries.get(&doc).into_iter().flat_map(BTreeMap::values);
        entries
            .filter(|entry| entry.present)
            .map(|entry| entry.channel.as_str())
            .collect()
    }
}
