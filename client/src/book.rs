//! What the pages know without asking anybody.

use std::rc::Rc;

use lianxin_shared::id::{DocId, UserId};
use yew::prelude::*;

/// All summaries in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book;

/// A record to choose from.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Its document.
    pub id: DocId,
    /// Its name.
    pub name: String,
}

impl Book {
    /// The name of a station, theme or person.
    pub fn title(&self, _id: &DocId) -> Option<Rc<str>> {
        None
    }

    /// A person's name by the login name, else the login name.
    pub fn person(&self, user: &UserId) -> String {
        user.to_string()
    }

    /// The active records of a kind to choose from.
    pub fn references(&self, _kind: &str) -> Vec<Choice> {
        Vec::new()
    }
}

/// The book.
#[hook]
pub fn use_book() -> Book {
    use_context::<Book>().unwrap_or_default()
}
