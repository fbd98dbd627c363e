//! The parts of the public pages, and which records stand in them.

use lianxin_shared::id::DocId;
use lianxin_shared::rules::Published;

use super::board::{Board, text};

/// One part: its name in addresses and the kind of its records. Its title is the message `public-NAME`, what it is for
/// `public-NAME-about`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// Whether its records have pages of their own.
    pub(super) has_pages: bool,
}

/// The ledger.
pub(super) const LEDGER: Section = part("ledger", "rectification");

/// The answers to residents.
pub(super) const ANSWERS: Section = part("answers", "suggestion");

/// Every part, in the order of the pages.
pub(super) const SECTIONS: [Section; 7] = [
    LEDGER,
    ANSWERS,
    part("commitments", "commitment"),
    part("exemplars", "exemplar"),
    part("consultations", "consultation"),
    within("measures", "measure"),
    within("comments", "comment"),
];

const fn part(name: &'static str, kind: &'static str) -> Section {
    Section {
        name,
        kind,
        has_pages: true,
    }
}

const fn within(name: &'static str, kind: &'static str) -> Section {
    Section {
        has_pages: false,
        ..part(name, kind)
    }
}

impl Section {
    /// The part of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        SECTIONS.into_iter().find(|section| section.name == name)
    }

    /// The parts that have pages.
    pub(super) fn pages() -> impl Iterator<Item = Self> {
        SECTIONS.into_iter().filter(|section| section.has_pages)
    }

    /// Its address.
    pub(super) fn address(self) -> String {
        format!("/public/{}", self.name)
    }

    /// The address of one of its records.
    pub(super) fn of(self, id: DocId) -> String {
        format!("/public/{}/{id}", self.name)
    }
}

/// The address of a public record, which does not change: its own page, or its place on its task's.
pub(super) fn address(board: &Board, one: &Published) -> Option<String> {
    let section = SECTIONS.into_iter().find(|section| section.kind == one.kind)?;
    if section.has_pages {
        return Some(section.of(one.id));
    }
    let task = board.one(LEDGER.kind, text(one, "task").parse().ok()?)?;
    Some(format!("{}#{}", LEDGER.of(task.id), one.id))
}
