//! Keeps the book true to the vault: loads it once, then follows the bell.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use lianxin_shared::id::DocId;
use lianxin_shared::texts::Lang;
use lianxin_shared::twins::Twins;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::index::hold;
use super::{Book, BookChange};
use crate::slice::Slices;
use crate::vault::{News, Vault};

/// The book of a vault, kept true as long as the component lives.
#[hook]
pub fn use_book_keeper(vault: &Vault, lang: Lang) -> Book {
    let book = use_reducer(Book::default);
    {
        let dispatcher = book.dispatcher();
        use_effect_with(lang, move |lang| dispatcher.dispatch(BookChange::Speak(*lang)));
    }
    {
        let dispatcher = book.dispatcher();
        use_effect_with(vault.clone(), move |vault| {
            let tell = Callback::from(move |change| dispatcher.dispatch(change));
            let follower = vault.clone();
            let changed = Rc::new(Follower {
                vault: vault.clone(),
                tell: tell.clone(),
                waiting: RefCell::default(),
                // Until everything has been read.
                is_following: Cell::new(true),
            });
            spawn_local({
                let changed = Rc::clone(&changed);
                async move {
                    load(&changed.vault, &changed.tell).await;
                    changed.follow_on().await;
                }
            });
            let listening = vault.bell().listen(Callback::from(move |news| match news {
                News::Written(ids) | News::Synced(ids) => changed.hear(ids),
                News::Drafts => spawn_local(follow_drafts(follower.clone(), tell.clone())),
                _ => {}
            }));
            move || drop(listening)
        });
    }
    (*book).clone()
}

async fn load(vault: &Vault, tell: &Callback<BookChange>) {
    // What cannot be read now is shown as nothing here; the vault keeps it, and a reload tries again.
    tell.emit(BookChange::Drafts(vault.drafts().await.unwrap_or_default()));
    let summaries = vault.summaries().await.unwrap_or_default();
    let mut twins = Twins::default();
    let mut slices = Slices::begin();
    for summary in &summaries {
        hold(&mut twins, summary);
        slices.rest().await;
    }
    tell.emit(BookChange::Loaded(summaries, twins));
}

/// After a change the book rests for this many times as long as it took: whatever comes in, most of the time is left for
/// taking it in, and for the user.
const REST: f64 = 4.0;

/// Follows what is written to documents. The first change is taken up at once, and what comes while it is being taken up all
/// together: a device that reads ten thousand records for the first time must not draw its lists three hundred times.
struct Follower {
    vault: Vault,
    tell: Callback<BookChange>,
    waiting: RefCell<BTreeSet<DocId>>,
    is_following: Cell<bool>,
}

impl Follower {
    fn hear(self: &Rc<Self>, ids: Vec<DocId>) {
        self.waiting.borrow_mut().extend(ids);
        if !self.is_following.replace(true) {
            let follower = Rc::clone(self);
            spawn_local(async move { follower.follow_on().await });
        }
    }

    async fn follow_on(&self) {
        while let Some(ids) = self.take() {
            self.follow(ids).await;
        }
        self.is_following.set(false);
    }

    fn take(&self) -> Option<Vec<DocId>> {
        let ids: Vec<_> = std::mem::take(&mut *self.waiting.borrow_mut())
            .into_iter()
            .collect();
        (!ids.is_empty()).then_some(ids)
    }

    async fn follow(&self, ids: Vec<DocId>) {
        let Ok(summaries) = self.vault.summaries_of(&ids).await else {
            return;
        };
        let begun = js_sys::Date::now();
        self.tell.emit(BookChange::Changed(ids, summaries));
        // The page is drawn before this is over.
        TimeoutFuture::new(0).await;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a second at most"
        )]
        let rest = ((js_sys::Date::now() - begun) * REST).clamp(0.0, 1_000.0) as u32;
        TimeoutFuture::new(rest).await;
    }
}

async fn follow_drafts(vault: Vault, tell: Callback<BookChange>) {
    if let Ok(drafts) = vault.drafts().await {
        tell.emit(BookChange::Drafts(drafts));
    }
}
