//! Keeps the book true to the vault: loads it once, then follows the bell.

use lianxin_shared::id::DocId;
use lianxin_shared::texts::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Book, BookChange};
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
            spawn_local(load(vault.clone(), tell.clone()));
            let follower = vault.clone();
            let listening = vault.bell().listen(Callback::from(move |news| match news {
                News::Written(ids) | News::Synced(ids) => {
                    spawn_local(follow(follower.clone(), ids, tell.clone()));
                }
                News::Drafts => spawn_local(follow_drafts(follower.clone(), tell.clone())),
                _ => {}
            }));
            move || drop(listening)
        });
    }
    (*book).clone()
}

async fn load(vault: Vault, tell: Callback<BookChange>) {
    // What cannot be read now is shown as nothing here; the vault keeps it, and a reload tries again.
    let summaries = vault.summaries().await.unwrap_or_default();
    let drafts = vault.drafts().await.unwrap_or_default();
    tell.emit(BookChange::Loaded(summaries, drafts));
}

async fn follow(vault: Vault, ids: Vec<DocId>, tell: Callback<BookChange>) {
    if let Ok(summaries) = vault.summaries_of(&ids).await {
        tell.emit(BookChange::Changed(ids, summaries));
    }
}

async fn follow_drafts(vault: Vault, tell: Callback<BookChange>) {
    if let Ok(drafts) = vault.drafts().await {
        tell.emit(BookChange::Drafts(drafts));
    }
}
