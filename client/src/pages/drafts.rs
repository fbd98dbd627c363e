//! What is half written.

use gloo_events::EventListener;
use lianxin_shared::id::Moment;
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
    let navigator = use_navigator();
    let draft = &props.draft;
    let (is_thrown, set_thrown) = use_thrown(draft);
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
    let onclick = set_thrown.reform(move |_: MouseEvent| !is_thrown);
    html! {
        <div class="draft-row">
            if is_thrown {
                <div class="row" data-test="draft-thrown" role="status">
                    <span class="row-title">{ title }</span>
                    <span class="row-meta">{ t.get("draft-dropped") }</span>
                </div>
            } else {
                <a class="row" {href} onclick={open} data-test="draft" data-id={id.to_string()}>
                    <span class="row-title">{ title }</span>
                    <span class="row-meta"><span>{ kind }</span><span>{ when::moment(&t, draft.touched) }</span></span>
                </a>
            }
            <button type="button" class="button quiet" data-test="draft-drop" {onclick}>
                { t.get(if is_thrown { "draft-undo" } else { "draft-drop" }) }
            </button>
        </div>
    }
}

/// Whether a draft was thrown away on this page, and what throws it away or takes it back. It goes when the page is left: until
/// then nothing is done, and what is written on in another window meanwhile stays.
#[hook]
fn use_thrown(draft: &Draft) -> (bool, Callback<bool>) {
    let vault = use_context::<Vault>();
    let thrown = use_state(|| None::<Moment>);
    let is_thrown = *thrown == Some(draft.touched);
    let waiting = use_mut_ref(|| None);
    waiting.replace(vault.filter(|_| is_thrown).zip(Some(draft.id)));
    use_effect_with((), move |()| {
        let throw = move || {
            if let Some((vault, id)) = waiting.take() {
                // One that does not go is still there the next time.
                spawn_local(async move { drop(vault.drop_draft(id).await) });
            }
        };
        let hidden = web_sys::window().map(|window| {
            let throw = throw.clone();
            EventListener::new(&window, "pagehide", move |_| throw())
        });
        move || {
            drop(hidden);
            throw();
        }
    });
    let touched = draft.touched;
    let set = Callback::from(move |is_thrown: bool| thrown.set(is_thrown.then_some(touched)));
    (is_thrown, set)
}
