//! 本年: what I have done this year. Each figure opens its records; nobody is compared with anybody.

use std::collections::BTreeMap;
use std::rc::Rc;

use lianxin_shared::records::{Columns, REGISTERS};
use lianxin_shared::sync::Summary;
use yew::prelude::*;
use yew_router::prelude::*;

use super::records::Filter;
use crate::book::use_book;
use crate::components::label;
use crate::i18n::{use_texts, when};
use crate::route::Route;
use crate::session::use_session;

/// The year in figures.
#[component]
pub fn Year() -> Html {
    let t = use_texts();
    let book = use_book();
    let Some(session) = use_session() else {
        return html! {};
    };
    let now = when::now();
    let all = Filter {
        owner: Some(session.principal.user.clone()),
        from: Some(when::start_of_year(now).0),
        ..Filter::default()
    };
    let mine = all.of(book.records());
    let work = REGISTERS
        .iter()
        .filter(|register| register.columns == Columns::Work);
    let sections = work.map(|register| {
        let kind = register.kind;
        let of_kind: Vec<_> = mine.iter().filter(|record| record.kind == kind).collect();
        let states = by_state(&of_kind);
        let filter = Filter {
            kind: Some(kind.to_owned()),
            ..all.clone()
        };
        let figures = register.lifecycle.states().filter_map(|state| {
            let filter = Filter {
                state: Some(state.to_owned()),
                ..filter.clone()
            };
            states
                .get(state)
                .map(|n| html! { <Figure {n} words={label::state(&t, kind, state)} {filter} /> })
        });
        html! {
            <section class="section">
                <h2>{ label::kind(&t, kind) }</h2>
                <div class="figures">
                    <Figure n={of_kind.len()} words={t.get("year-all")} filter={filter.clone()} />
                    { for figures }
                </div>
            </section>
        }
    });
    html! {
        <main class="page" id="page">
            <h1>{ t.with("year-title", &[("year", when::wall(now).year.to_string().into())]) }</h1>
            { for sections }
            <p class="muted small">{ t.get("year-own") }</p>
        </main>
    }
}

#[derive(PartialEq, Properties)]
struct FigureProps {
    n: usize,
    words: String,
    filter: Filter,
}

#[component]
fn Figure(props: &FigureProps) -> Html {
    html! {
        <Link<Route, Filter> to={Route::Records} query={props.filter.clone()} classes="figure">
            <strong>{ props.n }</strong>
            <span>{ &props.words }</span>
        </Link<Route, Filter>>
    }
}

fn by_state<'a>(records: &[&'a Rc<Summary>]) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for record in records {
        *counts.entry(record.state.as_str()).or_default() += 1;
    }
    counts
}
