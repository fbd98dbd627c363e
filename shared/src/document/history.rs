//! Who changed what, when; and what two people wrote at once. Both are read from the document itself.

use automerge::{Prop, ROOT, ReadDoc};

use super::{Document, attachments, change, fields};
use crate::id::{ChangeHash, Moment, UserId};
use crate::records::{Shape, Value, register};

/// One change, as a reader understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The change.
    pub hash: ChangeHash,
    /// Who made it; nothing for a change whose actor never named its author.
    pub by: Option<UserId>,
    /// When, by that person's clock.
    pub at: Moment,
    /// The fields it touched, and [`Revision::ATTACHMENTS`].
    pub fields: Vec<String>,
    /// The steps it took.
    pub acts: Vec<String>,
}

impl Revision {
    /// Stands among the fields for what hangs on the record.
    pub const ATTACHMENTS: &'static str = attachments::KEY;
}

/// A field that people wrote at once without knowing of each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concurrent {
    /// The field.
    pub field: String,
    /// What they wrote; the first is the one that counts until somebody settles it.
    pub values: Vec<Value>,
}

impl Document {
    /// Every change, in an order in which each comes after what it builds on.
    pub fn history(&mut self) -> Vec<Revision> {
        let metas: Vec<_> = self
            .0
            .get_changes_meta(&[])
            .into_iter()
            .map(|meta| meta.into_owned())
            .collect();
        metas
            .into_iter()
            .map(|meta| {
                let patches = self.0.diff(&meta.deps, &[meta.hash]);
                let mut touched = Vec::new();
                let mut inserted = 0;
                let mut attached = false;
                for patch in &patches {
                    let key = match (patch.path.first(), &patch.action) {
                        (Some((_, Prop::Map(key))), _) => Some(key.clone()),
                        (None, automerge::PatchAction::PutMap { key, .. }) => Some(key.clone()),
                        (None, automerge::PatchAction::DeleteMap { key }) => Some(key.clone()),
                        _ => None,
                    };
                    // The list itself comes with every record, and says nothing yet.
                    attached |= !patch.path.is_empty() && key.as_deref() == Some(Revision::ATTACHMENTS);
                    if let automerge::PatchAction::Insert { values, .. } = &patch.action
                        && key.as_deref() == Some("timeline")
                        && patch.path.len() == 1
                    {
                        inserted += values.len();
                    }
                    if let Some(key) = key
                        && !touched.contains(&key)
                    {
                        touched.push(key);
                    }
                }
                let acts = if inserted == 0 {
                    Vec::new()
                } else {
                    self.acts_of(&meta.deps, meta.hash)
                };
                touched.retain(|key| !crate::records::Envelope::KEYS.contains(&key.as_str()));
                touched.extend(attached.then(|| Revision::ATTACHMENTS.to_owned()));
                Revision {
                    hash: ChangeHash(meta.hash.0),
                    by: meta
                        .author
                        .as_ref()
                        .map(|name| name.as_bytes().to_vec())
                        .or_else(|| {
                            self.0
                                .get_author_for_actor(&meta.actor)
                                .map(|n| n.as_bytes().to_vec())
                        })
                        .and_then(|name| change::user(&name)),
                    at: Moment(meta.timestamp),
                    fields: touched,
                    acts,
                }
            })
            .collect()
    }

    /// The fields that were written at once by several people, in the order of the declaration.
    pub fn concurrent(&self) -> Vec<Concurrent> {
        let Some(register) = self
            .record()
            .ok()
            .and_then(|record| register(&record.envelope.kind))
        else {
            return Vec::new();
        };
        let single = register
            .fields
            .iter()
            .filter(|field| !matches!(field.shape, Shape::Prose { .. }));
        single
            .filter_map(|field| {
                let all = self.0.get_all(ROOT, field.name).ok()?;
                let mut values = Vec::new();
                // automerge lists the winner last.
                for (stored, id) in all.iter().rev() {
                    let value = fields::read_value(&self.0, stored, id, field.shape)?;
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
                (values.len() > 1).then(|| Concurrent {
                    field: field.name.to_owned(),
                    values,
                })
            })
            .collect()
    }

    /// The steps that stand in the timeline after a change and did not before.
    fn acts_of(&mut self, before: &[automerge::ChangeHash], hash: automerge::ChangeHash) -> Vec<String> {
        let mut timeline = |heads: &[automerge::ChangeHash]| {
            let doc = self.0.fork_at(heads).ok()?;
            Some(Document(doc).record().ok()?.timeline)
        };
        let after = timeline(&[hash]).unwrap_or_default();
        let before = if before.is_empty() {
            Vec::new()
        } else {
            timeline(before).unwrap_or_default()
        };
        after
            .into_iter()
            .filter(|event| !before.contains(event))
            .map(|event| event.act)
            .collect()
    }
}
