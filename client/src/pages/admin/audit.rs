//! What those who administer did, the latest first.

use std::rc::Rc;

use lianxin_shared::id::{Moment, UserId};
use serde::Deserialize;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Places;
use crate::api::{ApiError, use_api};
use crate::book::use_book;
use crate::components::{Empty, Notice, Tone, When, label};
use crate::i18n::{Words, use_texts};
use crate::pages::office::failure;
use crate::pages::office::{Take, use_asked};
use crate::route::Route;

/// Some acts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Page {
    acts: Vec<Act>,
    next: Option<u64>,
}

/// An act.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Act {
    at: Moment,
    by: UserId,
    deed: String,
    about: String,
    kind: Option<String>,
    words: String,
}

/// The list.
#[component]
pub(super) fn Audit() -> Html {
    let t = use_texts();
    let api = use_api();
    let asked = use_asked::<Page>(Some("/api/audit".to_owned()));
    // The pages after the first.
    let more = use_state(Vec::<Page>::new);
    let error = use_state(|| None);
    let pages: Vec<&Page> = asked.answer.iter().map(Rc::as_ref).chain(more.iter()).collect();
    let next = pages.last().and_then(|page| page.next);
    let on_more = {
        let (more, error) = (more.clone(), error.setter());
        Callback::from(move |_: MouseEvent| {
            let (api, more, error) = (api.clone(), more.clone(), error.clone());
            let Some(before) = next else { return };
            spawn_local(async move {
                match api.get::<Page>(&format!("/api/audit?before={before}")).await {
                    Ok(page) => more.set(more.iter().cloned().chain([page]).collect()),
                    Err(why) => error.set(Some(why)),
                }
            });
        })
    };
    let acts = pages.iter().flat_map(|page| &page.acts);
    let is_empty = asked.answer.as_ref().is_some_and(|page| page.acts.is_empty());
    html! {
        <>
            <section class="pane list" aria-labelledby="audit-title">
                <Places current={Route::Audit} />
                <h1 id="audit-title">{ t.get("admin-audit") }</h1>
                <div class="actions">
                    <Take address="/api/audit/export.csv" label="audit-csv" />
                    <Take address="/api/audit/export.json" label="audit-json" />
                </div>
                <Verify />
                if let Some(error) = (*error).as_ref().or(asked.error.as_ref()) {
                    <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice>
                }
                if is_empty {
                    <Empty><p>{ t.get("audit-none") }</p></Empty>
                } else {
                    <ul class="rows">{ for acts.map(|act| html! { <Row act={act.clone()} /> }) }</ul>
                }
                if next.is_some() {
                    <div class="actions">
                        <button type="button" class="button" onclick={on_more} data-test="more">{ t.get("office-more") }</button>
                    </div>
                }
            </section>
            <section class="pane record"><Empty><p>{ t.get("audit-hint") }</p></Empty></section>
        </>
    }
}

/// What looking through all acts found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Found {
    acts: u64,
    breaks: Vec<String>,
}

/// A button that has the server look whether anything was changed or taken out, and what it found.
#[component]
fn Verify() -> Html {
    let t = use_texts();
    let api = use_api();
    let found = use_state(|| None::<Result<Found, ApiError>>);
    let onclick = {
        let (api, found) = (api.clone(), found.setter());
        move |_: MouseEvent| {
            let (api, found) = (api.clone(), found.clone());
            spawn_local(async move { found.set(Some(api.get("/api/audit/verify").await)) });
        }
    };
    let said = (*found).as_ref().map(|found| match found {
        Err(error) => html! {
            <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice>
        },
        Ok(Found { acts, breaks }) if breaks.is_empty() => html! {
            <Notice tone={Tone::Good}>
                <p data-test="audit-sound">{ t.with("audit-sound", &[("n", (*acts).into())]) }</p>
            </Notice>
        },
        Ok(Found { breaks, .. }) => html! {
            <Notice tone={Tone::Attention}>
                <p data-test="audit-broken">{ t.get("audit-broken") }</p>
                <ul>{ for breaks.iter().map(|one| html! { <li lang="en">{ one }</li> }) }</ul>
            </Notice>
        },
    });
    html! {
        <div class="actions" role="status">
            <button type="button" class="button quiet" {onclick} data-test="audit-verify">{ t.get("audit-verify") }</button>
            { for said }
        </div>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct RowProps {
    act: Act,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let Act {
        at,
        by,
        deed,
        about,
        kind,
        words,
    } = &props.act;
    let about = match kind {
        Some(kind) => t.with(
            "audit-document",
            &[
                ("kind", label::kind(&t, kind).into()),
                ("id", about.clone().into()),
            ],
        ),
        None => about.clone(),
    };
    let words = if matches!(
        deed.as_str(),
        "erased" | "session-ended" | "device-withdrawn" | "push-released" | "push-forgotten"
    ) {
        words.clone()
    } else {
        changed(&t, words)
    };
    html! {
        <li class="row" data-test="act" data-deed={deed.clone()}>
            <span class="row-title">{ t.get(&format!("deed-{deed}")) }{ t.get("ui-between") }{ about }</span>
            if !words.is_empty() {
                <span class="row-words">{ words }</span>
            }
            <span class="row-meta"><span>{ book.person(by) }</span><When at={*at} /></span>
        </li>
    }
}

/// What was changed of an account, in words.
fn changed(t: &Words, keys: &str) -> String {
    let one = |key: &str| match (key.strip_prefix('+'), key.strip_prefix('-')) {
        (Some(role), _) => t.with(
            "audit-role-given",
            &[("role", t.get(&format!("role-{role}")).into())],
        ),
        (_, Some(role)) => t.with(
            "audit-role-taken",
            &[("role", t.get(&format!("role-{role}")).into())],
        ),
        _ => t.get(&format!("audit-{key}")),
    };
    let words: Vec<_> = keys.split_whitespace().map(one).collect();
    words.join(&t.get("ui-separator"))
}
