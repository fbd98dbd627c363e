//! A record between others: what it rests on, and what came of it. The same on the tablet and in the office.

use yew::prelude::*;

use super::link::Go;
use crate::book::{Chain, Linked};
use crate::components::{StateMark, label};
use crate::i18n::{self, use_texts};
use crate::route::Route;

/// What a chain needs.
#[derive(PartialEq, Properties)]
pub(super) struct ChainViewProps {
    pub(super) chain: Chain,
    /// Whether its records open in the office.
    #[prop_or_default]
    pub(super) in_office: bool,
}

/// What a record rests on and what came of it, each a link. Nothing where there is neither.
#[component]
pub(super) fn ChainView(props: &ChainViewProps) -> Html {
    let t = use_texts();
    let section = |key: &'static str, linked: &[Linked]| {
        let rows = linked.iter().map(|linked| row(&t, linked, props.in_office));
        (!linked.is_empty()).then(|| {
            html! {
                <section class="section" data-test={key}>
                    <h2>{ t.get(key) }</h2>
                    <ul class="rows chain">{ for rows }</ul>
                </section>
            }
        })
    };
    html! {
        <>
            { for section("chain-rests-on", &props.chain.rests_on) }
            { for section("chain-came-of", &props.chain.came_of) }
        </>
    }
}

fn row(t: &i18n::Words, linked: &Linked, in_office: bool) -> Html {
    let id = linked.id;
    let kind = label::kind(t, &linked.kind);
    let inside = html! {
        <>
            <span class="row-title">{ if linked.title.is_empty() { &kind } else { &linked.title } }</span>
            <span class="row-meta"><span>{ &kind }</span></span>
            <span class="row-state">
                if linked.state.is_empty() {
                    <span class="muted small">{ t.with("chain-elsewhere", &[("code", id.receipt_code().into())]) }</span>
                } else {
                    <StateMark kind={linked.kind.clone()} state={linked.state.clone()} />
                }
            </span>
        </>
    };
    let key = format!("{}-{id}", linked.field);
    if linked.state.is_empty() {
        return html! { <li {key}><div class="row">{ inside }</div></li> };
    }
    let to = if in_office {
        Route::OfficeRecord { id }
    } else {
        Route::Record { id }
    };
    html! { <li {key}><Go class="row" {to} test="linked">{ inside }</Go></li> }
}
