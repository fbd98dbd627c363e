//! All summaries in memory, and how they lie on the device: in segments, each of which is sealed as one.
//!
//! To open ten thousand small messages costs a hundred times more than to open one of the same size. So summaries are written as
//! a log (Rosenblum, Ousterhout, *The design and implementation of a log-structured file system*, TOCS 1992): whatever is
//! written together is a new segment, the latest word on a document counts, and many small segments become one. A document that
//! goes is taken out of every segment that held it, so that nothing of it stays.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::sync::Summary;

/// A segment's number; the later one counts.
pub(super) type Number = u32;

/// The most summaries of one segment.
const MOST: usize = 512;

/// A segment with fewer is small.
const SMALL: usize = 128;

/// So many small ones become one.
const MANY: usize = 16;

/// The summaries on the device, as they were last read or written.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    summaries: BTreeMap<DocId, Rc<Summary>>,
    segments: BTreeMap<Number, Vec<DocId>>,
    /// What has to be made anew from its document.
    pub(super) doubtful: BTreeSet<DocId>,
    /// Whether it has been read.
    pub(super) is_read: bool,
}

/// What is to be written so that summaries change.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The new segments.
    pub(super) write: Vec<(Number, Vec<Rc<Summary>>)>,
    /// The segments that go.
    pub(super) drop: BTreeSet<Number>,
    removed: BTreeSet<DocId>,
}

impl Shelf {
    /// A document's summary.
    pub(super) fn get(&self, id: DocId) -> Option<&Rc<Summary>> {
        self.summaries.get(&id)
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Rc<Summary>> {
        self.summaries.values()
    }

    /// Whether a segment is known.
    pub(super) fn knows(&self, number: Number) -> bool {
        self.segments.contains_key(&number)
    }

    /// Takes in a segment that was read; earlier ones come first.
    pub(super) fn read(&mut self, number: Number, summaries: Vec<Rc<Summary>>) {
        self.segments
            .insert(number, summaries.iter().map(|summary| summary.doc).collect());
        self.summaries
            .extend(summaries.into_iter().map(|summary| (summary.doc, summary)));
    }

    /// Holds what could not be written: it goes with the page.
    pub(super) fn hold(&mut self, summaries: Vec<Rc<Summary>>) {
        self.summaries
            .extend(summaries.into_iter().map(|summary| (summary.doc, summary)));
    }

    /// Lets go of the segments that are not among these any more, and of what no segment holds.
    pub(super) fn keep(&mut self, numbers: &BTreeSet<Number>) {
        let gone: Vec<_> = self
            .segments
            .extract_if(.., |number, _| !numbers.contains(number))
            .collect();
        if gone.is_empty() {
            return;
        }
        let held: BTreeSet<_> = self.segments.values().flatten().collect();
        for doc in gone
            .iter()
            .flat_map(|(_, docs)| docs)
            .filter(|doc| !held.contains(doc))
        {
            self.summaries.remove(doc);
        }
    }

    /// Plans to put summaries in place and to remove others.
    pub(super) fn plan(&self, put: Vec<Rc<Summary>>, removed: &[DocId]) -> Plan {
        let removed: BTreeSet<_> = removed.iter().copied().collect();
        let is_small = |docs: &&Vec<DocId>| docs.len() < SMALL;
        let has_many = self.segments.values().filter(is_small).count() >= MANY;
        let goes = |docs: &Vec<DocId>| {
            has_many && docs.len() < SMALL || docs.iter().any(|doc| removed.contains(doc))
        };
        let drop = self.segments.iter().filter(|(_, docs)| goes(docs));
        self.rewrite(drop.map(|(number, _)| *number).collect(), put, removed)
    }

    /// Plans to write everything anew where more than half of what is kept is out of date.
    pub(super) fn tidied(&self) -> Option<Plan> {
        let kept: usize = self.segments.values().map(Vec::len).sum();
        let all = || self.segments.keys().copied().collect();
        (kept > 2 * self.summaries.len() + MOST).then(|| self.rewrite(all(), Vec::new(), BTreeSet::new()))
    }

    fn rewrite(&self, drop: BTreeSet<Number>, put: Vec<Rc<Summary>>, removed: BTreeSet<DocId>) -> Plan {
        let stays = drop
            .iter()
            .filter_map(|number| self.segments.get(number))
            .flatten();
        let stays = stays.filter_map(|doc| self.summaries.get(doc)).cloned();
        // What is put comes last, and takes the place of what stays.
        let all: BTreeMap<_, _> = stays.chain(put).map(|summary| (summary.doc, summary)).collect();
        let all: Vec<_> = all
            .into_values()
            .filter(|summary| !removed.contains(&summary.doc))
            .collect();
        let next = self.segments.keys().next_back().map_or(0, |last| last + 1);
        let mut write: Vec<_> = (next..).zip(all.chunks(MOST).map(<[_]>::to_vec)).collect();
        let last = self.segments.keys().next_back();
        if write.is_empty() && last.is_some_and(|last| drop.contains(last)) {
            // No number is given twice: a window that did not look meanwhile would take the new segment for the old one.
            write.push((next, Vec::new()));
        }
        Plan { write, drop, removed }
    }

    /// What was planned has been written.
    pub(super) fn take(&mut self, plan: Plan) {
        for number in plan.drop {
            self.segments.remove(&number);
        }
        for doc in plan.removed {
            self.summaries.remove(&doc);
        }
        for (number, summaries) in plan.write {
            self.read(number, summaries);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianxin_shared::document::{Actor, Author, Document};
    use lianxin_shared::id::Moment;
    use lianxin_shared::records::{Envelope, Values};
    use lianxin_shared::sync::Held;

    fn summary(n: u16, title: &str) -> Rc<Summary> {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let envelope = Envelope {
            schema: 1,
            kind: "theme".to_owned(),
            id: DocId(id),
            station: None,
            owner: "host1".parse().unwrap(),
            created_at: Moment(1),
            attachments: Vec::new(),
        };
        let author = Author {
            user: envelope.owner.clone(),
            actor: Actor([1; 16]),
            at: Moment(1),
        };
        let mut document = Document::create(&envelope, &Values::new(), &[], &author).unwrap();
        let summary = Summary::of(envelope.id, &Held::started(&mut document)).unwrap();
        let title = title.to_owned();
        Rc::new(Summary { title, ..summary })
    }

    fn write(shelf: &mut Shelf, put: Vec<Rc<Summary>>, removed: &[DocId]) -> usize {
        let plan = shelf.plan(put, removed);
        let written = plan.write.iter().map(|(_, all)| all.len()).sum();
        shelf.take(plan);
        written
    }

    /// What another window reads of the same segments.
    fn read_anew(shelf: &Shelf, truth: &BTreeMap<Number, Vec<Rc<Summary>>>) -> Vec<(DocId, String)> {
        let mut other = Shelf::default();
        for (number, summaries) in truth.iter().filter(|(number, _)| shelf.knows(**number)) {
            other.read(*number, summaries.clone());
        }
        titles(&other)
    }

    fn titles(shelf: &Shelf) -> Vec<(DocId, String)> {
        shelf.all().map(|one| (one.doc, one.title.clone())).collect()
    }

    #[test]
    fn the_latest_word_counts_and_segments_stay_few() {
        let mut shelf = Shelf::default();
        let mut truth = BTreeMap::new();
        let mut written = 0;
        for n in 0..1_500_u16 {
            let plan = shelf.plan(vec![summary(n % 700, &n.to_string())], &[]);
            truth.extend(plan.write.clone());
            written += plan.write.iter().map(|(_, all)| all.len()).sum::<usize>();
            shelf.take(plan);
        }
        assert_eq!(shelf.get(summary(3, "").doc).unwrap().title, "1403");
        assert_eq!(read_anew(&shelf, &truth), titles(&shelf));
        assert!(shelf.segments.len() < 2 * MANY, "{}", shelf.segments.len());
        assert!(written < 1_500 * 8, "{written} written for 1500");
    }

    #[test]
    fn of_what_is_removed_no_segment_keeps_anything() {
        let mut shelf = Shelf::default();
        let (gone, stays) = (summary(1, "甲"), summary(2, "乙"));
        write(&mut shelf, vec![gone.clone(), stays.clone()], &[]);
        write(&mut shelf, vec![gone.clone()], &[]);
        assert_eq!(write(&mut shelf, Vec::new(), &[gone.doc]), 1);
        assert_eq!(titles(&shelf), [(stays.doc, "乙".to_owned())]);
        assert!(!shelf.segments.values().flatten().any(|doc| *doc == gone.doc));
    }

    #[test]
    fn another_window_follows_what_was_merged_and_removed() {
        let mut shelf = Shelf::default();
        let (first, second) = (summary(1, "甲"), summary(2, "乙"));
        write(&mut shelf, vec![first.clone(), second.clone()], &[]);
        let mut other = Shelf::default();
        other.read(0, vec![first.clone(), second.clone()]);
        write(&mut shelf, Vec::new(), &[first.doc]);
        other.read(1, vec![second.clone()]);
        other.keep(&BTreeSet::from([1]));
        assert_eq!(titles(&other), titles(&shelf));
    }

    #[test]
    fn a_window_that_did_not_look_meanwhile_sees_that_there_is_something_new() {
        let mut shelf = Shelf::default();
        let (first, second) = (summary(1, "甲"), summary(2, "乙"));
        write(&mut shelf, vec![first.clone()], &[]);
        let mut other = Shelf::default();
        other.read(0, vec![first.clone()]);
        write(&mut shelf, Vec::new(), &[first.doc]);
        write(&mut shelf, vec![second.clone()], &[]);
        let numbers: BTreeSet<_> = shelf.segments.keys().copied().collect();
        assert!(numbers.iter().any(|number| !other.knows(*number)));
        for (number, docs) in shelf
            .segments
            .iter()
            .filter(|(number, _)| !other.knows(**number))
            .collect::<Vec<_>>()
        {
            let summaries = docs.iter().filter_map(|doc| shelf.get(*doc)).cloned();
            other.read(*number, summaries.collect());
        }
        other.keep(&numbers);
        assert_eq!(titles(&other), titles(&shelf));
    }

    #[test]
    fn what_is_mostly_out_of_date_is_written_anew() {
        let mut shelf = Shelf::default();
        let all = |title: &str| (0..400).map(|n| summary(n, title)).collect::<Vec<_>>();
        for title in ["甲", "乙", "丙", "丁"] {
            assert!(shelf.tidied().is_none());
            write(&mut shelf, all(title), &[]);
        }
        let plan = shelf.tidied().unwrap();
        assert_eq!(plan.write.len(), 1);
        shelf.take(plan);
        assert!(shelf.all().all(|summary| summary.title == "丁"));
        assert_eq!(shelf.segments.len(), 1);
    }
}
