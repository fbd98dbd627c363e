//! How the server is: which devices do not come any more, what was refused, versions, space, the last backup.

use std::collections::BTreeMap;

use lianxin_shared::id::{Moment, UserId};
use serde::Deserialize;
use yew::prelude::*;

use super::Places;
use super::refused::{Refused, RefusedPush};
use crate::book::use_book;
use crate::components::{Empty, Notice, Tone, When};
use crate::i18n::use_texts;
use crate::pages::office::failure;
use crate::pages::office::use_asked;
use crate::route::Route;

/// How it is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct State {
    version: String,
    clients: BTreeMap<String, u64>,
    away: Vec<Away>,
    refused: Vec<Refused>,
    database: u64,
    free: Option<u64>,
    backup: Option<Moment>,
}

/// A device that has not come for long.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Away {
    user: UserId,
    device: String,
    seen_at: Moment,
}

/// The page.
#[component]
pub(super) fn ServerState() -> Html {
    let t = use_texts();
    let book = use_book();
    let asked = use_asked::<State>(Some("/api/state".to_owned()));
    let size = |bytes: u64| t.with("state-mib", &[("n", (bytes / 1_048_576).into())]);
    let unknown = || html! { t.get("state-unknown") };
    let shown = |state: &State| {
        let version = |(version, n): (&String, &u64)| {
            let name = if version.is_empty() {
                t.get("state-other-client")
            } else {
                version.clone()
            };
            html! { <li>{ t.with("state-client", &[("version", name.into()), ("n", (*n).into())]) }</li> }
        };
        let away = |away: &Away| {
            html! {
                <li class="row" data-test="away">
                    <span class="row-title">{ book.person(&away.user) }</span>
                    <span class="row-meta"><span>{ &away.device }</span><When at={away.seen_at} /></span>
                </li>
            }
        };
        let refused =
            |refused: &Refused| html! { <RefusedPush key={refused.key()} refused={refused.clone()} /> };
        html! {
            <>
                <dl class="facts" data-test="state">
                    <dt>{ t.get("state-version") }</dt><dd>{ &state.version }</dd>
                    <dt>{ t.get("state-database") }</dt><dd>{ size(state.database) }</dd>
                    <dt>{ t.get("state-free") }</dt><dd>{ state.free.map_or_else(unknown, |free| html! { size(free) }) }</dd>
                    <dt>{ t.get("state-backup") }</dt>
                    <dd>{ state.backup.map_or_else(|| html! { t.get("state-no-backup") }, |at| html! { <When {at} /> }) }</dd>
                </dl>
                <h2>{ t.get("state-clients") }</h2>
                <ul>{ for state.clients.iter().map(version) }</ul>
                <h2>{ t.with("state-away", &[("n", state.away.len().into())]) }</h2>
                <ul class="rows">{ for state.away.iter().map(away) }</ul>
                <h2>{ t.with("state-refused", &[("n", state.refused.len().into())]) }</h2>
                <ul class="rows">{ for state.refused.iter().map(refused) }</ul>
            </>
        }
    };
    html! {
        <>
            <section class="pane list" aria-labelledby="state-title">
                <Places current={Route::State} />
                <h1 id="state-title">{ t.get("admin-state") }</h1>
                if let Some(error) = &asked.error {
                    <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice>
                }
                { for asked.answer.iter().map(|state| shown(state)) }
            </section>
            <section class="pane record"><Empty><p>{ t.get("state-hint") }</p></Empty></section>
        </>
    }
}
