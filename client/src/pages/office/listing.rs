//! The list as it comes from the server, page by page: a reducer, and what asks for it.

use std::collections::BTreeSet;
use std::rc::Rc;

use lianxin_shared::id::{DocId, Moment, UserId};
use serde::Deserialize;
use yew::prelude::*;

use crate::api::{Api, ApiError};

/// How many records a page has.
const PAGE: usize = 50;
/// The most that are asked for at once when the list is refreshed.
const MAX_REFRESH: usize = 200;

/// A record of the list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Row {
    /// Its document.
    pub(super) id: DocId,
    /// Its kind.
    pub(super) kind: String,
    /// Its station.
    #[serde(default)]
    pub(super) station: Option<DocId>,
    /// When the server received it.
    pub(super) received_at: Moment,
    /// Its state.
    #[serde(default)]
    pub(super) state: Option<String>,
    /// What names it.
    #[serde(default)]
    pub(super) title: String,
    /// Its theme.
    #[serde(default)]
    pub(super) theme: Option<DocId>,
    /// The beginning of its words, or the words around what was looked for.
    #[serde(default)]
    pub(super) excerpt: String,
    /// Its number in the district's books.
    #[serde(default)]
    pub(super) number: Option<String>,
    /// Whether something is still expected.
    #[serde(default)]
    pub(super) open: bool,
    /// Whom it is assigned to.
    #[serde(default)]
    pub(super) handler: Option<UserId>,
    /// By when it is to be done.
    #[serde(default)]
    pub(super) due: Option<Moment>,
    /// Whether it was answered in general words.
    #[serde(default)]
    pub(super) general: bool,
    /// How often it was found wanting.
    #[serde(default)]
    pub(super) setbacks: u32,
}

impl Row {
    /// Whether something is expected that was due before `now`.
    pub(super) fn is_overdue(&self, now: Moment) -> bool {
        self.open && self.due.is_some_and(|due| due < now)
    }
}

/// Some records, in order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Page {
    /// The records.
    pub(super) records: Vec<Row>,
    /// Where the next page starts, if there is one.
    #[serde(default)]
    pub(super) next: Option<String>,
}

/// The list as far as it is here.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Listing {
    /// What was asked for.
    pub(super) query: String,
    /// The records; nothing before the first page is here.
    pub(super) rows: Option<Vec<Row>>,
    /// Where the next page starts, if there is one.
    pub(super) next: Option<String>,
    /// Why the last question was not answered. What is here stays.
    pub(super) error: Option<ApiError>,
}

/// What happens to the list.
#[derive(Debug)]
pub(super) enum Change {
    /// Something else is asked for.
    Ask(String),
    /// The beginning of what was asked for is here, or here anew.
    Head(String, Page),
    /// The next page is here, from that place on.
    More(String, String, Page),
    /// A question was not answered.
    Failed(String, ApiError),
}

impl Reducible for Listing {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut listing = (*self).clone();
        match change {
            Change::Ask(query) if query != self.query => {
                return Rc::new(Self {
                    query,
                    ..Self::default()
                });
            }
            Change::Head(query, page) if query == self.query => listing.take_head(page),
            Change::More(query, from, page) if query == self.query && Some(&from) == self.next.as_ref() => {
                let rows = listing.rows.get_or_insert_default();
                let here: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
                rows.extend(page.records.into_iter().filter(|row| !here.contains(&row.id)));
                listing.next = page.next;
                listing.error = None;
            }
            Change::Failed(query, error) if query == self.query => listing.error = Some(error),
            // An answer to what is asked no more.
            _ => return self,
        }
        Rc::new(listing)
    }
}

impl Listing {
    /// The beginning of the list anew. What was loaded after it stays where it is, so that the reader's place does.
    fn take_head(&mut self, page: Page) {
        let last = page.records.last().map(|row| row.id);
        let here: BTreeSet<_> = page.records.iter().map(|row| row.id).collect();
        let rows = self.rows.take().unwrap_or_default();
        let after = rows.iter().position(|row| Some(row.id) == last);
        let tail: Vec<_> = rows
            .into_iter()
            .skip(after.map_or(usize::MAX, |last| last + 1))
            .filter(|row| page.next.is_some() && !here.contains(&row.id))
            .collect();
        if tail.is_empty() {
            self.next = page.next;
        }
        let mut rows = page.records;
        rows.extend(tail);
        self.rows = Some(rows);
        self.error = None;
    }
}

/// Asks for the beginning of a list of which so many are here already.
pub(super) async fn ask_head(api: Api, query: String, here: usize) -> Change {
    let limit = here.clamp(PAGE, MAX_REFRESH);
    match api.get(&format!("/api/records?{query}&limit={limit}")).await {
        Ok(page) => Change::Head(query, page),
        Err(error) => Change::Failed(query, error),
    }
}

/// Asks for the page that starts at `from`.
pub(super) async fn ask_more(api: Api, query: String, from: String) -> Change {
    let path = format!("/api/records?{query}&limit={PAGE}&after={from}");
    match api.get(&path).await {
        Ok(page) => Change::More(query, from, page),
        Err(error) => Change::Failed(query, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u8) -> Row {
        Row {
            id: DocId([n; 16]),
            kind: "suggestion".to_owned(),
            station: None,
            received_at: Moment(n.into()),
            state: None,
            title: String::new(),
            theme: None,
            excerpt: String::new(),
            number: None,
            open: true,
            handler: None,
            due: None,
            general: false,
            setbacks: 0,
        }
    }

    fn page(ids: &[u8], next: Option<&str>) -> Page {
        Page {
            records: ids.iter().map(|n| row(*n)).collect(),
            next: next.map(ToOwned::to_owned),
        }
    }

    fn run(changes: Vec<Change>) -> Rc<Listing> {
        changes
            .into_iter()
            .fold(Rc::default(), |listing: Rc<Listing>, change| {
                listing.reduce(change)
            })
    }

    fn ids(listing: &Listing) -> Vec<u8> {
        listing.rows.iter().flatten().map(|row| row.id.0[0]).collect()
    }

    #[test]
    fn a_refreshed_beginning_keeps_what_was_loaded_after_it() {
        let head = |ids: &[u8], next| Change::Head(String::new(), page(ids, next));
        let listing = run(vec![
            head(&[9, 8], Some("8")),
            Change::More(String::new(), "8".to_owned(), page(&[7, 6], Some("6"))),
            head(&[10, 9], Some("9")),
        ]);
        assert_eq!(ids(&listing), [10, 9, 8, 7, 6]);
        assert_eq!(listing.next.as_deref(), Some("6"));
        let shorter = listing.reduce(head(&[9], None));
        assert_eq!((ids(&shorter), shorter.next.clone()), (vec![9], None));
    }

    #[test]
    fn an_answer_to_what_is_asked_no_more_changes_nothing() {
        let listing = run(vec![
            Change::Head(String::new(), page(&[2], None)),
            Change::Ask("q=x".to_owned()),
            Change::Head(String::new(), page(&[2], None)),
        ]);
        assert_eq!(listing.rows, None);
    }

    #[test]
    fn a_page_that_comes_twice_is_taken_once() {
        let more = || Change::More(String::new(), "8".to_owned(), page(&[7], None));
        let listing = run(vec![
            Change::Head(String::new(), page(&[9, 8], Some("8"))),
            more(),
            more(),
        ]);
        assert_eq!(ids(&listing), [9, 8, 7]);
    }
}
