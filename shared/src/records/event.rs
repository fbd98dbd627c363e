//! One entry of a record's timeline.

use std::collections::BTreeMap;

use autosurgeon::reconcile::MapReconciler as _;
use autosurgeon::{Hydrate, HydrateError, Reconcile, Reconciler, reconcile::NoKey};

use crate::id::{DocId, Moment, UserId};

/// Who took which step, when, with which words. Entries are only ever appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The step's name.
    pub act: String,
    /// Who took it.
    pub by: UserId,
    /// When, by that person's clock.
    pub at: Moment,
    /// The words it was taken with.
    pub words: Option<String>,
    /// Whom the record was assigned to.
    pub handler: Option<UserId>,
    /// By when.
    pub due: Option<Moment>,
    /// The record it was merged into.
    pub into: Option<DocId>,
    /// The number that the server gave.
    pub number: Option<String>,
    /// The judgements, by name.
    pub marks: BTreeMap<String, String>,
}

impl Event {
    /// A step with nothing but its name.
    pub fn new(act: &str, by: &UserId, at: Moment) -> Self {
        Self {
            act: act.to_owned(),
            by: by.clone(),
            at,
            words: None,
            handler: None,
            due: None,
            into: None,
            number: None,
            marks: BTreeMap::new(),
        }
    }

    /// The same step with a judgement.
    pub fn with_mark(mut self, name: &str, key: &str) -> Self {
        self.marks.insert(name.to_owned(), key.to_owned());
        self
    }

    /// The same step with words; blank words are none.
    pub fn with_words(mut self, words: &str) -> Self {
        let words = words.trim();
        self.words = (!words.is_empty()).then(|| words.to_owned());
        self
    }
}

/// How an event lies in the document.
#[derive(Hydrate)]
pub(crate) struct Stored {
    act: String,
    by: String,
    at: i64,
    #[autosurgeon(missing = "Option::default")]
    words: Option<String>,
    #[autosurgeon(missing = "Option::default")]
    handler: Option<String>,
    #[autosurgeon(missing = "Option::default")]
    due: Option<i64>,
    #[autosurgeon(missing = "Option::default")]
    into: Option<String>,
    #[autosurgeon(missing = "Option::default")]
    number: Option<String>,
    #[autosurgeon(missing = "Option::default")]
    marks: Option<BTreeMap<String, String>>,
}

/// What an event does not have is not written: each key costs bytes in every copy of the record.
impl Reconcile for Stored {
    type Key<'a> = NoKey;

    fn reconcile<R: Reconciler>(&self, mut reconciler: R) -> Result<(), R::Error> {
        let mut map = reconciler.map()?;
        map.put("act", &self.act)?;
        map.put("by", &self.by)?;
        map.put("at", self.at)?;
        let texts = [
            ("words", &self.words),
            ("handler", &self.handler),
            ("into", &self.into),
            ("number", &self.number),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                map.put(key, text)?;
            }
        }
        if let Some(due) = self.due {
            map.put("due", due)?;
        }
        if let Some(marks) = &self.marks {
            map.put("marks", marks)?;
        }
        Ok(())
    }
}

impl From<&Event> for Stored {
    fn from(event: &Event) -> Self {
        Self {
            act: event.act.clone(),
            by: event.by.to_string(),
            at: event.at.0,
            words: event.words.clone(),
            handler: event.handler.as_ref().map(ToString::to_string),
            due: event.due.map(|due| due.0),
            into: event.into.map(|id| id.to_string()),
            number: event.number.clone(),
            marks: (!event.marks.is_empty()).then(|| event.marks.clone()),
        }
    }
}

impl TryFrom<Stored> for Event {
    type Error = HydrateError;

    fn try_from(stored: Stored) -> Result<Self, HydrateError> {
        let wrong = |what: &str| HydrateError::unexpected(what, "something else".to_owned());
        Ok(Self {
            act: stored.act,
            by: stored.by.parse().map_err(|_| wrong("a user name"))?,
            at: Moment(stored.at),
            words: stored.words,
            handler: stored
                .handler
                .map(|h| h.parse())
                .transpose()
                .map_err(|_| wrong("a user name"))?,
            due: stored.due.map(Moment),
            into: stored
                .into
                .map(|i| i.parse())
                .transpose()
                .map_err(|_| wrong("a document id"))?,
            number: stored.number,
            marks: stored.marks.unwrap_or_default(),
        })
    }
}
