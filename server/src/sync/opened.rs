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
