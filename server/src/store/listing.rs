//! Records as the office queries them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::rules::Subject;

use super::Row;

/// Which records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// Of this station.
    pub station: Option<DocId>,
    /// In this state.
    pub state: Option<String>,
    /// On this theme.
    pub theme: Option<DocId>,
    /// That took place at this moment or later.
    pub from: Option<Moment>,
    /// That took place before this moment.
    pub before: Option<Moment>,
    /// Assigned to this user.
    pub handler: Option<UserId>,
    /// Assigned to nobody.
    pub unassigned: bool,
    /// Assigned by this user.
    pub assigner: Option<UserId>,
    /// Started by this user.
    pub owner: Option<UserId>,
    /// Of which something is still expected, or nothing any more.
    pub open: Option<bool>,
    /// Open, and due before this moment.
    pub overdue: Option<Moment>,
    /// Open, and due by no day.
    pub undated: bool,
    /// Open, and without a step since this moment.
    pub stalled: Option<Moment>,
    /// Answered in general words.
    pub general: bool,
    /// Found wanting at least once.
    pub wanting: bool,
    /// That count for this.
    pub credit: Option<CreditFilter>,
    /// That have, for each of these tokens, one that begins with it. Of longer ones the first [`Filter::MAX_TOKEN`]
    /// characters count.
    pub tokens: Vec<String>,
    /// In which order.
    pub order: Order,
}

/// The order of a list. Where it leaves two records alike, the one received later comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The latest received first.
    #[default]
    Received,
    /// Those whose titles have most of the tokens first.
    ///
    /// Not by bm25 or `ts_rank`: neither index keeps what they need. SQLite's holds each token of a record once, and what was
    /// accepted a moment ago is not in it yet, so it would have no rank at all; PostgreSQL's is over arrays and knows no counts.
    /// And a record here is a page at most, where how often a word stands says little, while its title says what it is about.
    Words,
    /// What is due first; what is never due at the end.
    Due,
}

/// How much there is to watch over in what one user handles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Who; nobody for what is assigned to nobody.
    pub handler: Option<UserId>,
    /// Of how many something is still expected.
    pub open: u64,
    /// How many are overdue.
    pub overdue: u64,
    /// How many are stalled.
    pub stalled: u64,
    /// How many were answered in general words.
    pub general: u64,
    /// How many were found wanting at least once.
    pub wanting: u64,
}

/// How long a record waited for its first answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Its theme.
    pub theme: Option<DocId>,
    /// In milliseconds.
    pub ms: i64,
}

/// The records behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreditFilter {
    /// Of these, each in the form of [`Subject`].
    pub subjects: Vec<String>,
    /// The figure.
    pub figure: String,
}

/// So much of a figure for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Who. A user who is a person on record is that person.
    pub subject: Subject,
    /// Of what.
    pub figure: String,
    /// How much.
    pub amount: u64,
    /// From how many records.
    pub records: u64,
    /// When the last of them took place.
    pub last: Moment,
}

/// The records that one names, and those that name it, each with the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// What it names.
    pub to: Vec<(String, Listed)>,
    /// What names it.
    pub from: Vec<(String, Listed)>,
}

impl Filter {
    /// How many characters of a token are compared.
    pub const MAX_TOKEN: usize = 64;
}

/// The column in which a token is looked for: to lower a title costs more than to search it, and Chinese needs none of it.
pub(super) fn title_for(token: &str) -> &'static str {
    if token.chars().any(char::is_lowercase) {
        "lower(title)"
    } else {
        "title"
    }
}

/// As much of a token as is compared.
pub(super) fn compared(token: &str) -> &str {
    let end = token.char_indices().nth(Filter::MAX_TOKEN);
    end.map_or(token, |(end, _)| &token[..end])
}

/// One record of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its document.
    pub doc: DocId,
    /// When the server first accepted it.
    pub received_at: Moment,
    /// The rest. Its words are left out.
    pub row: Row,
}

/// Some records, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The records.
    pub records: Vec<Listed>,
    /// Where the next page starts, if there is one.
    pub next: Option<Mark>,
}

/// A place between two records of a list. It stays where it is when records are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// How far up the list's [`Order`] puts the record before it; 0 where that is by receipt alone.
    pub rank: i64,
    /// When the record before it was received.
    pub received_at: Moment,
    /// Its number.
    pub number: i64,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.rank, self.received_at.0, self.number)
    }
}

/// The text is no mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct NotAMark;

impl FromStr for Mark {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        let (rank, rest) = text.split_once('.').ok_or(NotAMark)?;
        let (received_at, number) = rest.split_once('.').ok_or(NotAMark)?;
        Ok(Self {
            rank: rank.parse().map_err(|_| NotAMark)?,
            received_at: Moment(received_at.parse().map_err(|_| NotAMark)?),
            number: number.parse().map_err(|_| NotAMark)?,
        })
    }
}

/// How many records, by what they have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub total: u64,
    /// By kind.
    pub by_kind: BTreeMap<String, u64>,
    /// By state.
    pub by_state: BTreeMap<String, u64>,
    /// By station.
    pub by_station: BTreeMap<DocId, u64>,
    /// By theme.
    pub by_theme: BTreeMap<DocId, u64>,
}

impl Counts {
    /// Counts `n` records that are alike in all of these.
    pub(super) fn add(
        &mut self,
        kind: String,
        state: String,
        station: Option<DocId>,
        theme: Option<DocId>,
        n: u64,
    ) {
        self.total += n;
        *self.by_kind.entry(kind).or_default() += n;
        *self.by_state.entry(state).or_default() += n;
        for (place, counts) in [(station, &mut self.by_station), (theme, &mut self.by_theme)] {
            if let Some(id) = place {
                *counts.entry(id).or_default() += n;
            }
        }
    }
}
