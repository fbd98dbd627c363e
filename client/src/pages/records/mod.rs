//! 记录: search on top, chips for kind and state, the latest first. All of it works from summaries, without a network.

mod filter;

pub use filter::Filter;

use std::collections::BTreeSet;

use lianxin_shared::records::{Columns, REGISTERS, Register, register};
use lianxin_shared::rules::may_start;
use yew::prelude::*;
use yew_router::prelude::*;

use super::row::Rows;
use crate::book::use_book;
use crate::components::{Chip, Chips, Empty, SearchBox, label};
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::use_session;

/// How many rows are shown at first, and how many more each time.
const PAGE: usize = 60;

/// The list of records. The filter stands in the address.
#[component]
pub fn Records() -> Html {
    let t = use_texts();
    let book = use_book();
    let navigator = use_navigator();
    let filter: Filter = use_location()
        .and_then(|at| at.query::<Filter>().ok())
        .unwrap_or_default();
    let shown = use_state(|| PAGE);
    let change = Callback::from({
        let shown = shown.clone();
        move |filter: Filter| {
            shown.set(PAGE);
            if let Some(navigator) = &navigator {
                drop(navigator.replace_with_query(&Route::Records, &filter));
            }
        }
    });
    let found = use_memo((book.clone(), filter.clone()), |(book, filter)| {
        filter.of(book.records())
    });
    let session = use_session();
    let held = use_memo(book.clone(), |book| {
        let kinds = book.records().iter().map(|record| record.kind.clone());
        kinds.collect::<BTreeSet<_>>()
    });
    let starts = |register: &Register| {
        session
            .as_ref()
            .is_some_and(|session| may_start(&session.principal, register))
    };
    // Those that there are records of, or could be.
    let kinds: Vec<_> = REGISTERS
        .iter()
        .filter(|register| register.columns == Columns::Work)
        .filter(|register| held.contains(register.kind) || starts(register))
        .map(|register| chip(register.kind, label::kind(&t, register.kind)))
        .collect();
    let counted = filter.figure.as_deref().map(|figure| {
        let all = Filter {
            figure: None,
            subject: None,
            from: None,
            ..filter.clone()
        };
        let onclick = change.reform(move |_: MouseEvent| all.clone());
        let name = t.get(&format!("choice-target-figure-{figure}"));
        html! {
            <div class="actions">
                <span>{ t.with("records-figure", &[("figure", name.into())]) }</span>
                <button type="button" class="button quiet" data-test="all" {onclick}>{ t.get("records-all") }</button>
            </div>
        }
    });
    let states = filter.kind.as_deref().and_then(register).map(|register| {
        let kind = register.kind;
        let states = register
            .lifecycle
            .states()
            .filter(|state| *state != register.lifecycle.start);
        states
            .map(|state| chip(state, label::state(&t, kind, state)))
            .collect::<Vec<_>>()
    });
    let chosen = |value: &Option<String>| value.clone().map(AttrValue::from);
    let on_input = {
        let (filter, change) = (filter.clone(), change.clone());
        Callback::from(move |q| change.emit(Filter { q, ..filter.clone() }))
    };
    let on_kind = {
        let (filter, change) = (filter.clone(), change.clone());
        Callback::from(move |kind: Option<AttrValue>| {
            let kind = kind.map(|kind| kind.to_string());
            change.emit(Filter {
                kind,
                state: None,
                ..filter.clone()
            });
        })
    };
    let on_state = {
        let (filter, change) = (filter.clone(), change);
        Callback::from(move |state: Option<AttrValue>| {
            let state = state.map(|state| state.to_string());
            change.emit(Filter {
                state,
                ..filter.clone()
            });
        })
    };
    let more = found.len().saturating_sub(*shown);
    let show_more = move |_: MouseEvent| shown.set(*shown + PAGE);
    html! {
        <main class="page" id="page">
            <h1>{ t.get("place-records") }</h1>
            { for counted }
            <SearchBox label={t.get("records-search")} value={filter.q.clone()} {on_input} />
            <Chips label={t.get("records-kind")} options={kinds} chosen={chosen(&filter.kind)} on_choose={on_kind} />
            if let Some(states) = states {
                <Chips label={t.get("records-state")} options={states} chosen={chosen(&filter.state)} on_choose={on_state} />
            }
            <p class="muted small" role="status">{ t.with("records-found", &[("n", found.len().into())]) }</p>
            if found.is_empty() && book.is_loaded() {
                <Empty><p>{ t.get(if filter.is_off() { "records-none" } else { "records-none-found" }) }</p></Empty>
            } else if !found.is_empty() {
                <Rows records={found[..found.len() - more].to_vec()} />
            }
            if more > 0 {
                <button type="button" class="button quiet" data-test="show-more" onclick={show_more}>
                    { t.with("records-more", &[("n", more.into())]) }
                </button>
            }
        </main>
    }
}

fn chip(value: &'static str, label: String) -> Chip {
    Chip {
        value: value.into(),
        label: label.into(),
        count: None,
    }
}
