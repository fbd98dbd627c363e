//! Judging a push on what is stored. Pure: it reads no database and no clock.

use std::collections::HashSet;

use lianxin_shared::document::{ChangeInfo, Document, DocumentError, inspect};
use lianxin_shared::id::{ChangeHash, DocId, Moment};
use lianxin_shared::records::Record;
use lianxin_shared::rules::{Principal, Refusal, RefusalCode, channels_of, permit};

use crate::projection;
use crate::store::{Binding, Change, Compaction, Content, Material, Write};

/// The most bytes that all changes of a document take together, uncompressed.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The most operations of a document.
const MAX_OPERATIONS: u64 = 2_000_000;

/// The most changes in one push of a document.
const MAX_CHANGES: usize = 2_000;

/// From how many changes on a document's first ones are kept as a snapshot.
const COMPACT_AT: usize = 128;

/// What becomes of a push.
#[derive(Debug)]
pub(super) enum Verdict {
    /// To be stored.
    Store(Box<Write>),
    /// Everything in it is here already.
    Known(Content),
    /// Not taken.
    Refuse(Refusal),
}

/// Judges `changes` to a document by `principal` from one device.
pub(super) fn admit(
    principal: &Principal,
    by: &Binding,
    doc: DocId,
    changes: &[Vec<u8>],
    material: Material,
    at: Moment,
) -> Verdict {
    judge(principal, by, doc, changes, material, at).unwrap_or_else(Verdict::Refuse)
}

/// The actors of changes, as far as they can be read: whose bindings are needed to judge them.
pub(super) fn actors(changes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let actors: HashSet<_> = changes
        .iter()
        .filter_map(|c| inspect(c).ok())
        .map(|info| info.actor)
        .collect();
    actors.into_iter().collect()
}

fn judge(
    principal: &Principal,
    by: &Binding,
    doc: DocId,
    changes: &[Vec<u8>],
    material: Material,
    at: Moment,
) -> Result<Verdict, Refusal> {
    let Material {
        document: stored,
        bindings,
    } = material;
    if changes.len() > MAX_CHANGES {
        return Err(Refusal::new(RefusalCode::TooLarge));
    }
    let infos = changes
        .iter()
        .map(|change| inspect(change))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| refusal(&e))?;
    if infos.is_empty() {
        return Err(Refusal::new(RefusalCode::Corrupt));
    }
    let (base, bytes, operations) = stored
        .as_ref()
        .map_or((0, 0, 0), |s| (s.version, s.bytes, s.operations));
    let (mut document, content) = match stored {
        Some(stored) => (
            open(&stored.content).map_err(|e| refusal(&e))?,
            Some(stored.content),
        ),
        None => (Document::empty(), None),
    };
    let before = content
        .is_some()
        .then(|| document.record())
        .transpose()
        .map_err(|e| refusal(&e))?;

    let mut after = document.clone();
    let fresh: HashSet<ChangeHash> = after
        .apply(changes)
        .map_err(|e| refusal(&e))?
        .into_iter()
        .collect();
    if fresh.is_empty() {
        return content
            .map(Verdict::Known)
            .ok_or(Refusal::new(RefusalCode::Corrupt));
    }
    let news: Vec<(&ChangeInfo, &Vec<u8>)> = infos
        .iter()
        .zip(changes)
        .filter(|(info, _)| fresh.contains(&info.hash))
        .collect();
    let more = news.iter().map(|(info, _)| info.operations as u64).sum::<u64>();
    let grown = news.iter().map(|(info, _)| info.bytes as u64).sum::<u64>();
    if bytes + grown > MAX_BYTES || operations + more > MAX_OPERATIONS {
        return Err(Refusal::new(RefusalCode::TooLarge));
    }
    for (info, _) in &news {
        let foreign = info
            .author
            .as_ref()
            .is_some_and(|author| *author != principal.user)
            || bindings.get(&info.actor).is_some_and(|binding| binding != by);
        if foreign {
            return Err(Refusal::new(RefusalCode::ActorForeign));
        }
    }
    let record = after.record().map_err(|e| refusal(&e))?;
    if record.envelope.id != doc {
        return Err(Refusal::about(RefusalCode::EnvelopeWrong, "id"));
    }
    permit(principal, before.as_ref(), &record)?;

    let compaction = content.filter(|content| content.changes.len() >= COMPACT_AT);
    let write = Write {
        doc,
        base,
        changes: taken(&news),
        heads: after.heads(),
        operations: more,
        actors: news
            .iter()
            .map(|(info, _)| info.actor.clone())
            .collect::<HashSet<_>>()
            .into_iter()
            .collect(),
        by: by.clone(),
        channels: channels(&record),
        row: projection::row(&record),
        compaction: compaction.map(|_| Compaction {
            version: base,
            snapshot: document.save(),
        }),
        at,
    };
    Ok(Verdict::Store(Box::new(write)))
}

/// A document from what is stored of it.
pub(crate) fn open(content: &Content) -> Result<Document, DocumentError> {
    let mut document = content
        .snapshot
        .as_deref()
        .map_or_else(|| Ok(Document::empty()), Document::load)?;
    let changes: Vec<_> = content
        .changes
        .iter()
        .map(|change| change.bytes.clone())
        .collect();
    document.apply(&changes)?;
    Ok(document)
}

fn taken(news: &[(&ChangeInfo, &Vec<u8>)]) -> Vec<Change> {
    let mut seen = HashSet::new();
    let first = news.iter().filter(|(info, _)| seen.insert(info.hash));
    first
        .map(|(info, bytes)| Change {
            hash: info.hash,
            bytes: (*bytes).clone(),
        })
        .collect()
}

fn channels(record: &Record) -> Vec<String> {
    channels_of(record).iter().map(ToString::to_string).collect()
}

fn refusal(error: &DocumentError) -> Refusal {
    Refusal::new(match error {
        DocumentError::MissingDependency(_) => RefusalCode::DependencyMissing,
        DocumentError::DuplicateSequence => RefusalCode::ActorForeign,
        DocumentError::TooLarge => RefusalCode::TooLarge,
        _ => RefusalCode::Corrupt,
    })
}
