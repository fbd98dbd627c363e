//! What the pages know without asking anybody: every summary and draft, in memory. Documents are loaded only when opened.
//!
//! - [`state`]: the pure part; [`index`]: every summary, and what is looked up among them; [`chain`]: links followed both ways; [`keep`]: keeps it true to the vault.

mod chain;
mod index;
mod keep;
mod state;

pub use chain::{Chain, Linked};
pub use keep::use_book_keeper;
pub use state::{Book, BookChange, Choice, Person, concerns, standing};

use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::sync::{Held, Summary};
use yew::prelude::*;

use crate::vault::Vault;

/// The book.
#[hook]
pub fn use_book() -> Book {
    use_context::<Book>().unwrap_or_default()
}

/// What is known of a document that a page opens.
#[derive(Debug, Clone)]
pub enum Page {
    /// The vault is being read.
    Opening,
    /// It is not on this device.
    Gone,
    /// It is here, as held.
    Here(Rc<Held>),
}

/// A document from the vault, read again whenever it changes; gone if there is none to read.
#[hook]
pub fn use_held(id: Option<DocId>) -> Page {
    let vault = use_context::<Vault>();
    let book = use_book();
    let page = use_state(|| (id, Page::Opening));
    let version = Version(id.and_then(|id| book.get(&id).cloned()));
    {
        let page = page.clone();
        use_effect_with((id, version, book.is_loaded()), move |(id, ..)| {
            let id = *id;
            wasm_bindgen_futures::spawn_local(async move {
                let Some(vault) = vault else { return };
                let held = match id {
                    Some(id) => vault.held(id).await.ok().flatten(),
                    None => None,
                };
                page.set((id, held.map_or(Page::Gone, |held| Page::Here(Rc::new(held)))));
            });
        });
    }
    // What was read for another address says nothing of this one.
    if page.0 == id {
        page.1.clone()
    } else {
        Page::Opening
    }
}

/// A summary as a dependency: the book puts a new one in place with every change of its document.
struct Version(Option<Rc<Summary>>);

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}
