//! People and places: who and what records refer to, readable without a line.

use std::rc::Rc;

use lianxin_shared::records::{Columns, REGISTERS, register};
use lianxin_shared::search;
use lianxin_shared::sync::Summary;
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;

use super::link::Go;
use crate::book::use_book;
use crate::components::{Chip, Chips, Empty, SearchBox, StateMark, label};
use crate::i18n::use_texts;
use crate::route::Route;

/// How many are shown at once; a search finds the others.
const MAX_SHOWN: usize = 200;

/// What the list is narrowed to, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Query {
    /// The register's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Words that all occur.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
}

/// The page of people and places.
#[component]
pub fn People() -> Html {
    let t = use_texts();
    let book = use_book();
    let navigator = use_navigator();
    let query = use_location()
        .and_then(|at| at.query::<Query>().ok())
        .unwrap_or_default();
    let change = Callback::from(move |query: Query| {
        if let Some(navigator) = &navigator {
            // Names and words always make a query.
            drop(navigator.replace_with_query(&Route::People, &query));
        }
    });
    let kinds = REGISTERS
        .iter()
        .filter(|register| register.columns == Columns::Reference);
    let options: Vec<_> = kinds
        .map(|register| Chip {
            value: register.kind.into(),
            label: label::kind(&t, register.kind).into(),
            count: None,
        })
        .collect();
    let kind = query.kind.clone().unwrap_or_else(|| "station".to_owned());
    let all = use_memo((book.clone(), kind.clone()), |(book, kind)| book.every(kind));
    let found: Vec<_> = all
        .iter()
        .filter(|summary| search::matches(&summary.search, &query.q))
        .cloned()
        .collect();
    let on_input = change.reform({
        let query = query.clone();
        move |q| Query { q, ..query.clone() }
    });
    let on_choose = change.reform(|kind: Option<AttrValue>| Query {
        kind: kind.map(|kind| kind.to_string()),
        q: String::new(),
    });
    let rows = found.iter().take(MAX_SHOWN).map(|summary| {
        html! { <li key={summary.doc.to_string()}><Row summary={Rc::clone(summary)} /></li> }
    });
    html! {
        <main class="page" id="page">
            <h1>{ t.get("people") }</h1>
            <Chips label={t.get("records-kind")} {options} chosen={AttrValue::from(kind)} {on_choose} />
            <SearchBox label={t.get("people-search")} value={query.q.clone()} {on_input} />
            <p class="muted small" role="status">{ t.with("people-found", &[("n", found.len().into())]) }</p>
            if found.is_empty() && book.is_loaded() {
                <Empty><p>{ t.get("people-none") }</p></Empty>
            } else {
                <ul class="rows">{ for rows }</ul>
            }
        </main>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    summary: Rc<Summary>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let book = use_book();
    let summary = &props.summary;
    let id = summary.doc;
    let name = book.title(&id).map_or_else(String::new, |name| name.to_string());
    // What is in use needs no mark.
    let is_retired =
        register(&summary.kind).is_some_and(|register| register.lifecycle.start != summary.state);
    html! {
        <Go class="row" to={Route::Record { id }} test="row">
            <span class="row-title">{ name }</span>
            if is_retired {
                <span class="row-state"><StateMark kind={summary.kind.clone()} state={summary.state.clone()} /></span>
            }
        </Go>
    }
}
