//! Channel entries: what tells a device from its cursor which changes of a document it lacks.

use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::sync::Fingerprint;
use minicbor::{Decode, Encode};

/// How far channels are, by name.
pub type Sequences = BTreeMap<String, u64>;

/// Where a channel is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tip {
    /// Its sequence.
    pub seq: u64,
    /// All documents that are in it, each in its state.
    pub fingerprint: Fingerprint,
}

/// Where channels are, by name.
pub type Tips = BTreeMap<String, Tip>;

/// What a channel's fingerprint changes by when a document goes from one state to another: nothing where it is not in the
/// channel.
pub(super) fn turned(doc: DocId, before: Option<&Heads>, after: Option<&Heads>) -> Fingerprint {
    let mut turned = Fingerprint::default();
    for heads in [before, after].into_iter().flatten() {
        turned.turn(Fingerprint::of(doc, heads));
    }
    turned
}

/// A fingerprint as two numbers, since databases know the exclusive or of numbers.
pub(super) fn halves(fingerprint: Fingerprint) -> (i64, i64) {
    let whole = u128::from_be_bytes(fingerprint.bytes());
    (((whole >> 64) as u64).cast_signed(), (whole as u64).cast_signed())
}

/// A fingerprint of its [`halves`].
pub(super) fn joined(high: i64, low: i64) -> Fingerprint {
    let whole = (u128::from(high.cast_unsigned()) << 64) | u128::from(low.cast_unsigned());
    whole.to_be_bytes().into()
}

/// One acceptance of a document in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Step {
    /// The channel's sequence that it took.
    #[n(0)]
    pub seq: u64,
    /// How many changes the document had before it.
    #[n(1)]
    pub before: u64,
}

/// A document in a channel. Only the latest is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The channel's name.
    pub channel: String,
    /// The document.
    pub doc: DocId,
    /// Where the channel was when the document last changed in it.
    pub seq: u64,
    /// Whether the document is in the channel, or has left it.
    pub present: bool,
    /// Whoever is below lacks more than the steps can tell, and gets the whole document.
    pub floor: u64,
    /// The last acceptances above the floor, oldest first, at most [`Entry::MAX_STEPS`].
    pub steps: Vec<Step>,
}

/// A document that moved in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The document.
    pub doc: DocId,
    /// Where the channel was when it did.
    pub seq: u64,
    /// Its entries in the channels that were asked for.
    pub entries: Vec<Entry>,
}

impl Entry {
    /// The most steps that an entry remembers.
    pub const MAX_STEPS: usize = 32;

    /// The entry of a document after an acceptance that took `seq` in the channel. `known` is the entry until then; `stays`
    /// tells whether the document is in the channel now; it had `before` changes.
    pub(super) fn after(
        known: Option<Self>,
        channel: &str,
        doc: DocId,
        seq: u64,
        stays: bool,
        before: u64,
    ) -> Self {
        match known {
            Some(entry) if entry.present && stays => entry.grown(seq, before),
            Some(entry) if !stays => entry.left(seq),
            _ => Self::entered(channel, doc, seq),
        }
    }

    /// A document that has come into the channel at `seq`.
    pub fn entered(channel: &str, doc: DocId, seq: u64) -> Self {
        Self {
            channel: channel.to_owned(),
            doc,
            seq,
            present: true,
            floor: seq,
            steps: Vec::new(),
        }
    }

    /// The document, which is in the channel, has grown at `seq`; it had `before` changes until then.
    pub fn grown(mut self, seq: u64, before: u64) -> Self {
        self.seq = seq;
        self.steps.push(Step { seq, before });
        while self.steps.len() > Self::MAX_STEPS {
            self.floor = self.steps.remove(0).seq;
        }
        self
    }

    /// The document has left the channel at `seq`.
    pub fn left(self, seq: u64) -> Self {
        Self {
            seq,
            present: false,
            floor: seq,
            steps: Vec::new(),
            ..self
        }
    }

    /// Changes below index `kept` are not kept singly any more.
    pub fn without_changes_below(mut self, kept: u64) -> Self {
        while self.steps.first().is_some_and(|step| step.before < kept) {
            self.floor = self.steps.remove(0).seq;
        }
        self
    }

    /// The index of the first change that a device lacks which has everything up to `cursor`; 0 for all of them, nothing
    /// if it lacks none.
    pub fn lacking(&self, cursor: u64) -> Option<u64> {
        if cursor >= self.seq {
            return None;
        }
        if cursor < self.floor {
            return Some(0);
        }
        let step = self.steps.iter().find(|step| step.seq > cursor);
        Some(step.map_or(0, |step| step.before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_lacks_what_came_after_its_cursor() {
        let entry = Entry::entered("district", DocId([1; 16]), 5)
            .grown(7, 1)
            .grown(9, 3);
        let lacking: Vec<_> = (4..10).map(|cursor| entry.lacking(cursor)).collect();
        assert_eq!(lacking, [Some(0), Some(1), Some(1), Some(3), Some(3), None]);
    }

    #[test]
    fn what_the_steps_cannot_tell_any_more_is_the_whole_document() {
        let mut entry = Entry::entered("district", DocId([1; 16]), 1);
        for n in 1..=40 {
            entry = entry.grown(n + 1, n);
        }
        assert_eq!(entry.steps.len(), Entry::MAX_STEPS);
        assert_eq!(entry.lacking(entry.floor - 1), Some(0));
        assert_eq!(entry.lacking(entry.floor), Some(entry.steps[0].before));
        let compacted = entry.clone().without_changes_below(30);
        assert_eq!(compacted.lacking(29), Some(0));
        assert_eq!(compacted.lacking(30), Some(30));
        assert_eq!(compacted.lacking(41), None);
    }
}
