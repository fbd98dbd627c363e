//! What others wrote into a record's prose since somebody last saw it.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Patch, PatchAction, Prop, ROOT, ReadDoc};

use super::Document;
use crate::id::{Heads, UserId};
use crate::records::Shape;

/// A stretch of prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether its reader has not seen them yet.
    pub is_new: bool,
}

/// What others wrote into a record's prose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// The fields with words that are new, by name, each whole.
    pub fields: BTreeMap<String, Vec<Piece>>,
    /// Who wrote them.
    pub by: BTreeSet<UserId>,
}

impl Document {
    /// What others wrote into the prose since `reader` saw it in the state `seen`. Whatever somebody wrote upon they have seen
    /// as well, on whichever device. To who has neither seen nor written anything of the record, all of it is new, and nothing
    /// is told. Hashes that this document does not know are ignored.
    pub fn news(&mut self, reader: &UserId, seen: &Heads) -> News {
        let Ok(record) = self.record() else {
            return News::default();
        };
        let changes = self.changes().unwrap_or_default();
        let is_known = |hash, actor: &[u8]| {
            seen.as_slice().contains(hash) || self.author_of(actor).as_ref() == Some(reader)
        };
        let known: Vec<_> = changes
            .iter()
            .filter(|change| is_known(&change.hash, &change.actor))
            .map(|change| change.hash)
            .collect();
        if known.is_empty() {
            return News::default();
        }
        let before: Vec<_> = known.iter().map(|hash| automerge::ChangeHash(hash.0)).collect();
        let now = self.0.get_heads();
        let patches = self.0.diff(&before, &now);
        let fields = record.register().map_or(&[][..], |register| register.fields);
        let prose = fields
            .iter()
            .filter(|field| matches!(field.shape, Shape::Prose { .. }));
        let fields: BTreeMap<_, _> = prose
            .filter_map(|field| {
                let pieces = pieces(&self.text_at(field.name, &before), field.name, &patches);
                let is_whole = pieces.iter().map(|piece| piece.text.as_str()).collect::<String>()
                    == record.text(field.name);
                let has_new = pieces.iter().any(|piece| piece.is_new);
                (is_whole && has_new).then(|| (field.name.to_owned(), pieces))
            })
            .collect();
        if fields.is_empty() {
            return News::default();
        }
        let seen = self.history_of(&known).unwrap_or_default();
        let unseen = changes.iter().filter(|change| !seen.contains(&change.hash));
        let by = unseen
            .filter_map(|change| {
                let deps: Vec<_> = change
                    .deps
                    .iter()
                    .map(|dep| automerge::ChangeHash(dep.0))
                    .collect();
                let written = self.0.diff(&deps, &[automerge::ChangeHash(change.hash.0)]);
                let is_in = |name: &String| written.iter().any(|patch| is_of(patch, name));
                fields.keys().any(is_in).then(|| self.author_of(&change.actor))?
            })
            .collect();
        News { fields, by }
    }

    /// The words of a field in an earlier state; empty where there were none.
    fn text_at(&self, field: &str, heads: &[automerge::ChangeHash]) -> String {
        let found = self.0.get_at(ROOT, field, heads).ok().flatten();
        found
            .and_then(|(_, id)| self.0.text_at(&id, heads).ok())
            .unwrap_or_default()
    }
}

/// Whether a patch writes into a field.
fn is_of(patch: &Patch, field: &str) -> bool {
    match (patch.path.as_slice(), &patch.action) {
        ([(_, Prop::Map(key))], _) | ([], PatchAction::PutMap { key, .. }) => key == field,
        _ => false,
    }
}

/// A field's words after the patches; new are those that a patch brings.
fn pieces(before: &str, field: &str, patches: &[Patch]) -> Vec<Piece> {
    let mut letters: Vec<_> = before.chars().map(|letter| (letter, false)).collect();
    for patch in patches.iter().filter(|patch| is_of(patch, field)) {
        match &patch.action {
            // Others began the field anew.
            PatchAction::PutMap { .. } => letters.clear(),
            PatchAction::SpliceText { index, value, .. } => {
                let at = letters.len().min(*index);
                let new: Vec<_> = value.make_string().chars().map(|letter| (letter, true)).collect();
                letters.splice(at..at, new);
            }
            PatchAction::DeleteSeq { index, length } => {
                let from = letters.len().min(*index);
                letters.drain(from..letters.len().min(from + length));
            }
            _ => {}
        }
    }
    let runs = letters.chunk_by(|(_, a), (_, b)| a == b);
    runs.map(|run| Piece {
        text: run.iter().map(|(letter, _)| letter).collect(),
        is_new: run.iter().any(|(_, is_new)| *is_new),
    })
    .collect()
}
