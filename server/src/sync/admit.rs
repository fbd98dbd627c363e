//! Judging a submission on what is stored. Pure: it reads no database and no clock.

use std::collections::HashSet;

use lianxin_shared::document::{ChangeInfo, Document, DocumentError, hash, inspect, rows};
use lianxin_shared::id::{ChangeHash, DocId, Heads, Moment};
use lianxin_shared::records::Record;
use lianxin_shared::rules::{Principal, Refusal, RefusalCode, channels_of, permit};

use super::opened::Opened;
use super::receipt::is_ours;
use super::submission::Submission;
use crate::projection;
use crate::store::{Binding, Change, Compaction, Content, Life, Material, Write};

/// The most bytes that a document takes, uncompressed.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The most operations of a document.
const MAX_OPERATIONS: u64 = 500_000;

/// The most changes of a document.
const MAX_VERSION: u64 = 50_000;

/// The most changes in one submission, beside its snapshot.
const MAX_CHANGES: usize = 2_000;

/// The most rows that the changes of one submission have beyond their bytes. What people write takes a byte a character at
/// least; what they delete may be a run of a few bytes.
const MAX_REPEATED: u64 = 100_000;

/// From how many single changes on they are kept as a snapshot.
const COMPACT_AT: usize = 64;

/// What becomes of a submission.
#[derive(Debug)]
pub(super) enum Verdict {
    /// To be stored; then it is so.
    Store(Box<Write>, Known),
    /// Everything in it is here already.
    Known(Heads, Known),
    /// Not taken.
    Refuse(Refusal),
}

/// What the submitter has of the document.
#[derive(Debug)]
pub(super) struct Known {
    /// Whether it has all of it.
    pub(super) same: bool,
    /// Single changes that it has.
    pub(super) changes: Vec<ChangeHash>,
}

/// Who submits, and when.
pub(super) struct Submitter<'a> {
    pub(super) principal: &'a Principal,
    pub(super) by: &'a Binding,
    pub(super) at: Moment,
    /// Documents at hand; it says the same without them.
    pub(super) opened: &'a Opened,
}

/// Judges a submission on all that is stored of its document.
pub(super) fn admit(
    life: &Life,
    who: &Submitter<'_>,
    submission: &Submission,
    material: Material,
) -> Verdict {
    judge(life, who, submission, material).unwrap_or_else(Verdict::Refuse)
}

/// A document with a submission in it.
struct Grown {
    document: Document,
    /// What is new in it.
    news: Vec<ChangeInfo>,
    /// The new changes, where they came singly or the document was here before.
    chunks: Vec<Change>,
    known: Known,
}

fn judge(
    life: &Life,
    who: &Submitter<'_>,
    submission: &Submission,
    material: Material,
) -> Result<Verdict, Refusal> {
    let too_large = || Refusal::new(RefusalCode::TooLarge);
    if material.erased {
        // Whatever receipts it comes with: what was removed for good never comes back.
        return Err(Refusal::new(RefusalCode::Erased));
    }
    let stored = material.document;
    let here = stored
        .as_ref()
        .map(|stored| at_hand(who.opened, submission.doc, &stored.content));
    let here = here.transpose().map_err(|e| refusal(&e))?;
    let (mut here, before) = here.unzip();
    let singles = stored.as_ref().map_or(0, |stored| stored.content.changes.len());
    let mut compaction = here
        .as_mut()
        .filter(|_| singles >= COMPACT_AT)
        .map(|here| (here.save(), stored.as_ref().map_or(0, |stored| stored.version)));
    let was = here.as_mut().map(Document::heads).unwrap_or_default();
    let is_new = here.is_none();

    let grown = match here {
        Some(here) => add(here, submission),
        None => begin(submission),
    };
    let Grown {
        mut document,
        news,
        chunks,
        known,
    } = grown.map_err(|e| refusal(&e))?;
    if news.is_empty() {
        return match stored {
            Some(stored) => Ok(Verdict::Known(stored.content.heads, known)),
            None => Err(Refusal::new(RefusalCode::Corrupt)),
        };
    }
    let heads = document.heads();

    let (base, size, operations) = stored.as_ref().map_or((0, 0, 0), |stored| {
        (stored.version, stored.bytes, stored.operations)
    });
    let version = base + news.len() as u64;
    let more = news.iter().map(|info| info.operations).sum::<u64>();
    let whole = is_new.then(|| {
        // A new document is kept as it came, or as one if it came in pieces.
        let pieces = submission.snapshot.is_empty() || !chunks.is_empty();
        if pieces {
            document.save()
        } else {
            submission.snapshot.clone()
        }
    });
    let bytes = match &whole {
        Some(snapshot) => snapshot.len() as u64,
        None => chunks.iter().map(|change| change.bytes.len() as u64).sum(),
    };
    if size + bytes > MAX_BYTES || operations + more > MAX_OPERATIONS || version > MAX_VERSION {
        return Err(too_large());
    }

    let vouched = vouched(life, submission, &mut document).map_err(|e| refusal(&e))?;
    let own: Vec<_> = news.iter().filter(|info| !vouched.contains(&info.hash)).collect();
    for info in &own {
        let foreign = |author| author != who.principal.user;
        let bound = material.bindings.get(&info.actor);
        let is_foreign = info.author.clone().is_some_and(foreign)
            || bound.is_some_and(|binding| binding != who.by)
            // A later change names no author; where its actor is bound to nobody, the document tells.
            || (bound.is_none() && info.seq > 1 && document.author_of(&info.actor).is_some_and(foreign));
        if is_foreign {
            return Err(Refusal::new(RefusalCode::ActorForeign));
        }
    }
    let record = document.record().map_err(|e| refusal(&e))?;
    if record.envelope.id != submission.doc {
        return Err(Refusal::about(RefusalCode::EnvelopeWrong, "id"));
    }
    if !own.is_empty() {
        let before = if own.len() == news.len() {
            before
        } else {
            // What is vouched for stood before what is judged.
            let then = news.iter().filter(|info| vouched.contains(&info.hash));
            let then: Heads = was
                .as_slice()
                .iter()
                .copied()
                .chain(then.map(|info| info.hash))
                .collect();
            Some(
                document
                    .at(&then)
                    .and_then(|then| then.record())
                    .map_err(|e| refusal(&e))?,
            )
        };
        permit(who.principal, before.as_ref(), &record)?;
    }

    if let Some(snapshot) = whole {
        compaction = Some((snapshot, version));
    }
    let actors: HashSet<_> = own.iter().map(|info| info.actor.clone()).collect();
    let channels = channels(&record);
    let row = projection::row(&record);
    if !is_new {
        // A new one is not likely to be written again at once.
        who.opened
            .keep(submission.doc, heads.clone(), document, record, size + bytes);
    }
    let write = Write {
        doc: submission.doc,
        base,
        version,
        changes: if is_new { Vec::new() } else { chunks },
        heads,
        bytes,
        operations: more,
        actors: actors.into_iter().collect(),
        by: who.by.clone(),
        channels,
        row,
        compaction: compaction.map(|(snapshot, version)| Compaction { version, snapshot }),
        at: who.at,
    };
    Ok(Verdict::Store(Box::new(write), known))
}

/// A document that is here, opened, with its record.
fn at_hand(opened: &Opened, doc: DocId, content: &Content) -> Result<(Document, Record), DocumentError> {
    match opened.take(doc, &content.heads) {
        Some(known) => Ok(known),
        None => {
            let document = open(content)?;
            let record = document.record()?;
            Ok((document, record))
        }
    }
}

/// A document that is not here yet.
fn begin(submission: &Submission) -> Result<Grown, DocumentError> {
    let mut document = if submission.snapshot.is_empty() {
        Document::empty()
    } else {
        Document::receive(&submission.snapshot)?
    };
    let chunks = bounded(submission.chunks(&mut document)?)?;
    let (mut document, _) = document.with(&chunks)?;
    Ok(Grown {
        news: document.changes()?,
        known: Known {
            same: true,
            changes: Vec::new(),
        },
        chunks: singly(chunks)?,
        document,
    })
}

/// A document that is here.
fn add(mut document: Document, submission: &Submission) -> Result<Grown, DocumentError> {
    let mut chunks = Vec::new();
    let mut fresh = HashSet::new();
    let mut heads = None;
    if !submission.snapshot.is_empty() {
        let mut snapshot = Document::receive(&submission.snapshot)?;
        chunks = snapshot.changes_since(document.heads().as_slice());
        heads = Some(snapshot.heads());
        let (grown, new) = document.with(&chunks)?;
        document = grown;
        fresh.extend(new);
    }
    let more = bounded(submission.chunks(&mut document)?)?;
    let (mut document, new) = document.with(&more)?;
    fresh.extend(new);
    if let Some(last) = more.last() {
        heads = Some([hash(last)?].into_iter().collect());
    }
    chunks.extend(more);
    let mut all = singly(chunks)?;
    let known = Known {
        same: heads.is_some_and(|heads| heads == document.heads()),
        changes: all.iter().map(|change| change.hash).collect(),
    };
    // Each once: `remove` forgets it at its first place.
    all.retain(|change| fresh.remove(&change.hash));
    let news = all
        .iter()
        .map(|change| inspect(&change.bytes))
        .collect::<Result<_, _>>()?;
    Ok(Grown {
        document,
        news,
        chunks: all,
        known,
    })
}

/// The changes of a submission, within bounds. Together, and before any of them is decoded: each of many small ones could be
/// just small enough and still have automerge at work for minutes.
fn bounded(chunks: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, DocumentError> {
    if chunks.len() > MAX_CHANGES {
        return Err(DocumentError::TooLarge);
    }
    let bytes: usize = chunks.iter().map(Vec::len).sum();
    let mut left = MAX_REPEATED + bytes as u64;
    for chunk in &chunks {
        left = left.checked_sub(rows(chunk)?).ok_or(DocumentError::TooLarge)?;
    }
    Ok(chunks)
}

fn singly(chunks: Vec<Vec<u8>>) -> Result<Vec<Change>, DocumentError> {
    let change = |bytes: Vec<u8>| {
        Ok(Change {
            hash: hash(&bytes)?,
            bytes,
        })
    };
    chunks.into_iter().map(change).collect()
}

/// The changes that the server's own receipts prove to have been accepted once.
fn vouched(
    life: &Life,
    submission: &Submission,
    document: &mut Document,
) -> Result<HashSet<ChangeHash>, DocumentError> {
    let heads: Vec<_> = submission
        .receipts
        .iter()
        .filter(|receipt| is_ours(life, submission.doc, receipt))
        .flat_map(|receipt| receipt.heads.as_slice().iter().copied())
        .collect();
    if heads.is_empty() {
        return Ok(HashSet::new());
    }
    document.history_of(&heads)
}

/// A document from what is stored of it.
pub(crate) fn open(content: &Content) -> Result<Document, DocumentError> {
    let document = content
        .snapshot
        .as_deref()
        .map_or_else(|| Ok(Document::empty()), Document::load)?;
    let changes: Vec<_> = content
        .changes
        .iter()
        .map(|change| change.bytes.clone())
        .collect();
    Ok(document.with(&changes)?.0)
}

fn channels(record: &Record) -> Vec<String> {
    channels_of(record).iter().map(ToString::to_string).collect()
}

fn refusal(error: &DocumentError) -> Refusal {
    Refusal::new(match error {
        DocumentError::MissingDependency => RefusalCode::DependencyMissing,
        DocumentError::DuplicateSequence => RefusalCode::ActorForeign,
        DocumentError::TooLarge => RefusalCode::TooLarge,
        _ => RefusalCode::Corrupt,
    })
}
