//! What is half written.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::start::NewQuery;
use crate::book::use_book;
use crate::components::{Empty, label};
use crate::i18n::{use_texts, when};
use crate::route::Route;
use crate::vault::{Draft, Vault};

/// The list of drafts.
#[component]
pub fn Drafts() -> Html {
    let t = use_texts();
    let book = use_book();
    html! {
        <main class="page" id="page">
            <h1>{ t.get("drafts") }</h1>
            if book.drafts().is_empty() {
                <Empty><p>{ t.get("drafts-none") }</p></Empty>
            } else {
                <DraftRows />
            }
        </main>
    }
}

/// The drafts as rows.
#[component]
pub fn DraftRows() -> Html {
    let book = use_book();
    let rows = book.drafts().iter().map(|draft| {
        html! { <li key={draft.id.to_string()}><Row draft={draft.clone()} /></li> }
    });
    html! { <ul class="rows">{ for rows }</ul> }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    draft: Draft,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let t = use_texts();
    let vault = use_context::<Vault>();
    let navigator = use_navigator();
    let is_asked = use_state(|| false);
    let draft = &props.draft;
    let kind = label::kind(&t, &draft.kind);
    let title = if draft.title().is_empty() {
        kind.clone()
    } else {
        draft.title().into_owned()
    };
    let id = draft.id;
    let open = {
        let (kind, is_new) = (draft.kind.clone(), draft.base.is_none());
        move |event: MouseEvent| {
            event.prevent_default();
            let Some(navigator) = &navigator else { return };
            if is_new {
                let kind = kind.clone();
                // The id is written as text, which every query can carry.
                let query = NewQuery {
                    draft: Some(id),
                    ..NewQuery::default()
                };
                drop(navigator.push_with_query(&Route::New { kind }, &query));
            } else {
                navigator.push(&Route::Edit { id });
            }
        }
    };
    let href = if draft.base.is_none() {
        format!(
            "{}?draft={id}",
            Route::New {
                kind: draft.kind.clone()
            }
            .to_path()
        )
    } else {
        Route::Edit { id }.to_path()
    };
    let throw_away = {
        let is_asked = is_asked.clone();
        move |_: MouseEvent| {
            let Some(vault) = vault.clone().filter(|_| *is_asked) else {
                is_asked.set(true);
                return;
            };
            spawn_local(async move { drop(vault.drop_draft(id).await) });
        }
    };
    html! {
        <div class="draft-row">
            <a class="row" {href} onclick={open} data-test="draft" data-id={id.to_string()}>
                <span class="row-title">{ title }</span>
                <span class="row-meta"><span>{ kind }</span><span>{ when::moment(&t, draft.touched) }</span></span>
            </a>
            <button type="button" class="button quiet" onclick={throw_away}>
                { t.get(if *is_asked { "draft-drop-sure" } else { "draft-drop" }) }
            </button>
        </div>
    }
}
