//! What a record rests on and what came of it: its links, followed both ways.

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Shape, register};
use lianxin_shared::rules::INTO;
use serde::Deserialize;

use super::Book;

/// A record at the other end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Linked {
    /// The field that names it, or by which it names: see [`Link::field`](lianxin_shared::rules::Link::field).
    pub field: String,
    /// The record.
    pub id: DocId,
    /// Its register's kind.
    pub kind: String,
    /// What names it; empty where the record is not known here.
    #[serde(default)]
    pub title: String,
    /// Its state; empty where the record is not known here.
    #[serde(default)]
    pub state: String,
}

/// A record's place between others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// What it rests on.
    pub rests_on: Vec<Linked>,
    /// What came of it.
    pub came_of: Vec<Linked>,
}

impl Chain {
    /// From what a record names, and what names it.
    pub fn new(names: Vec<Linked>, named_by: Vec<Linked>) -> Self {
        let is_merging = |linked: &Linked| linked.field == INTO;
        let (merged_into, names): (Vec<_>, Vec<_>) = names.into_iter().partition(is_merging);
        let (merged, named_by): (Vec<_>, Vec<_>) = named_by.into_iter().partition(is_merging);
        // What was merged into another came to that one, and that one rests on it.
        Self {
            rests_on: names.into_iter().chain(merged).collect(),
            came_of: merged_into.into_iter().chain(named_by).collect(),
        }
    }

    /// From what is on this device.
    pub fn of(book: &Book, id: &DocId) -> Self {
        let linked = |field: &str, id: DocId, kind: &str| {
            let known = book.get(&id);
            Linked {
                field: field.to_owned(),
                id,
                kind: known.map_or(kind, |summary| &summary.kind).to_owned(),
                title: known.map(|summary| summary.title.clone()).unwrap_or_default(),
                state: known.map(|summary| summary.state.clone()).unwrap_or_default(),
            }
        };
        let named_by = book.named_by(id).iter();
        let named_by = named_by.map(|(field, by)| linked(field, *by, "")).collect();
        let Some(summary) = book.get(id) else {
            return Self::new(Vec::new(), named_by);
        };
        let names = summary
            .links
            .iter()
            .map(|link| linked(&link.field, link.to, named_kind(&summary.kind, &link.field)));
        Self::new(names.collect(), named_by)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.rests_on.is_empty() && self.came_of.is_empty()
    }
}

/// The kind that a field names, by its declaration.
fn named_kind<'a>(kind: &'a str, field: &str) -> &'a str {
    match register(kind).and_then(|register| register.field(field)) {
        Some(field) => match field.shape {
            Shape::Reference(kind) | Shape::References { kind, .. } => kind,
            _ => "",
        },
        // Merged into one of its own.
        None => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(field: &str, n: u8) -> Linked {
        Linked {
            field: field.to_owned(),
            id: DocId([n; 16]),
            kind: "suggestion".to_owned(),
            title: String::new(),
            state: String::new(),
        }
    }

    #[test]
    fn what_was_merged_in_is_what_the_other_rests_on() {
        let merged = Chain::new(vec![linked(INTO, 1)], vec![linked("suggestions", 2)]);
        assert!(merged.rests_on.is_empty());
        assert_eq!(merged.came_of, [linked(INTO, 1), linked("suggestions", 2)]);
        let other = Chain::new(vec![linked("visit", 3)], vec![linked(INTO, 4)]);
        assert_eq!(other.rests_on, [linked("visit", 3), linked(INTO, 4)]);
        assert!(other.came_of.is_empty());
    }

    #[test]
    fn a_link_says_what_it_leads_to_even_where_that_is_not_here() {
        assert_eq!(named_kind("proposal", "reports"), "opinion_report");
        assert_eq!(named_kind("suggestion", INTO), "suggestion");
    }
}
