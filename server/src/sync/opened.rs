//! Documents that were opened a moment ago: one that many people write is opened once, not for each of their changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lianxin_shared::document::Document;
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::records::Record;

/// How many bytes of changes, uncompressed, the kept documents have together. In memory a document takes a few times as much.
const MOST: u64 = 8 * 1024 * 1024;

/// Opened documents with their records, those that were used last. Nothing in it can be out of date: a document is only ever
/// taken by its state, and a state names by its hashes all that is in it.
#[derive(Default)]
pub(super) struct Opened(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    documents: HashMap<DocId, One>,
    /// By when they were used.
    order: BTreeMap<u64, DocId>,
    uses: u64,
    bytes: u64,
}

struct One {
    heads: Heads,
    document: Document,
    record: Record,
    used: u64,
    bytes: u64,
}

impl Opened {
    /// Takes a document out, if it is here in just this state.
    pub(super) fn take(&self, doc: DocId, heads: &Heads) -> Option<(Document, Record)> {
        let mut kept = self.lock();
        let is_in = kept.documents.get(&doc).is_some_and(|one| one.heads == *heads);
        let one = is_in.then(|| kept.remove(doc)).flatten()?;
        Some((one.document, one.record))
    }

    /// Keeps a document in a state, whose changes have so many bytes.
    pub(super) fn keep(&self, doc: DocId, heads: Heads, document: Document, record: Record, bytes: u64) {
        if bytes > MOST {
            return;
        }
        let mut kept = self.lock();
        kept.remove(doc);
        kept.uses += 1;
        kept.bytes += bytes;
        let used = kept.uses;
        kept.order.insert(used, doc);
        let one = One {
            heads,
            document,
            record,
            used,
            bytes,
        };
        kept.documents.insert(doc, one);
        while kept.bytes > MOST
            && let Some((_, oldest)) = kept.order.pop_first()
        {
            kept.remove(oldest);
        }
    }

    /// Lets go of a document.
    pub(super) fn forget(&self, doc: DocId) {
        self.lock().remove(doc);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Whoever panicked beside it has left it whole: nothing in here does half a thing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn remove(&mut self, doc: DocId) -> Option<One> {
        let one = self.documents.remove(&doc)?;
        self.order.remove(&one.used);
        self.bytes -= one.bytes;
        Some(one)
    }
}

#[cfg(test)]
mod tests {
    use lianxin_shared::document::{Actor, Author};
    use lianxin_shared::id::Moment;
    use lianxin_shared::records::{Envelope, Event, Value, Values};

    use super::*;

    fn document(n: u8) -> (DocId, Document, Record) {
        let author = Author {
            user: "host1".parse().unwrap(),
            actor: Actor([n; 16]),
            at: Moment(0),
        };
        let envelope = Envelope {
            schema: 1,
            kind: "suggestion".to_owned(),
            id: DocId([n; 16]),
            station: None,
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let values: Values = [("body".to_owned(), Value::from("灯坏了"))].into();
        let submit = Event::new("submit", &author.user, author.at);
        let document = Document::create(&envelope, &values, &[submit], &author).unwrap();
        let record = document.record().unwrap();
        (envelope.id, document, record)
    }

    #[test]
    fn a_document_is_taken_once_and_only_in_its_state() {
        let opened = Opened::default();
        let (id, mut doc, record) = document(1);
        let heads = doc.heads();
        opened.keep(id, heads.clone(), doc, record.clone(), 100);
        assert!(opened.take(id, &Heads::default()).is_none());
        assert!(opened.take(DocId([2; 16]), &heads).is_none());
        let (mut taken, of_it) = opened.take(id, &heads).unwrap();
        assert_eq!((taken.heads(), of_it), (heads.clone(), record));
        assert!(opened.take(id, &heads).is_none());
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let opened = Opened::default();
        let mut heads = Vec::new();
        for n in 1..=3 {
            let (id, mut doc, record) = document(n);
            heads.push(doc.heads());
            if n == 3 {
                // The first is used again, so the second is the oldest.
                let (doc, record) = opened.take(DocId([1; 16]), &heads[0]).unwrap();
                opened.keep(DocId([1; 16]), heads[0].clone(), doc, record, MOST / 3);
            }
            opened.keep(id, heads[usize::from(n) - 1].clone(), doc, record, MOST / 2);
        }
        let is_here = |n: u8| opened.take(DocId([n; 16]), &heads[usize::from(n) - 1]).is_some();
        assert_eq!([1, 2, 3].map(is_here), [true, false, true]);
        let (id, mut doc, record) = document(4);
        let heads = doc.heads();
        opened.keep(id, heads.clone(), doc, record, MOST + 1);
        assert!(opened.take(id, &heads).is_none());
    }
}
