//! All that came in, the last received first.

use lianxin_shared::id::DocId;
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

use super::failure;
use super::feed::Feed;
use super::filter::Filter;
use super::filters::Filters;
use super::keys::use_keys;
use super::listing::Row;
use crate::book::use_book;
use crate::components::{Empty, Notice, StateMark, Tone, When, label};
use crate::i18n::use_texts;
use crate::route::Route;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct InboxProps {
    pub(super) filter: Filter,
    pub(super) feed: Feed,
    /// The record that is open beside the list.
    pub(super) open: Option<DocId>,
}

/// The list with its filters.
#[component]
pub(super) fn Inbox(props: &InboxProps) -> Html {
    let t = use_texts();
    let navigator = use_navigator();
    let (list, search) = (use_node_ref(), use_node_ref());
    let query = props.filter.query();
    let back = {
        let (navigator, query, is_open) = (navigator.clone(), query.clone(), props.open.is_some());
        Callback::from(move |()| {
            if let Some(navigator) = navigator.as_ref().filter(|_| is_open) {
                // Raw text always makes a query.
                let Ok(()) = navigator.push_with_query(&Route::Office, Raw(query.clone()));
            }
        })
    };
    use_keys(list.clone(), search.clone(), back);
    let listing = &props.feed.listing;
    let on_more = props.feed.more.reform(|_: MouseEvent| ());
    let on_again = props.feed.again.reform(|_: MouseEvent| ());
    html! {
        <section class="pane list" aria-labelledby="inbox-title">
            <h1 id="inbox-title">{ t.get("office-inbox") }</h1>
            <Filters filter={props.filter.clone()} counts={props.feed.counts.clone()} {search} />
            if let Some(error) = &listing.error {
                <Notice tone={Tone::Attention}>
                    <p>{ failure::of_api(&t, error) }</p>
                    <button type="button" class="button" onclick={on_again}>{ t.get("office-again") }</button>
                </Notice>
            }
            <div ref={list}>
                {
                    match &listing.rows {
                        None if listing.error.is_some() => html! {},
                        None => html! { <Empty><p role="status">{ t.get("office-loading") }</p></Empty> },
                        Some(rows) if rows.is_empty() => {
                            let words = if props.filter.is_open() { "office-none" } else { "office-none-found" };
                            html! { <Empty><p role="status">{ t.get(words) }</p></Empty> }
                        }
                        Some(rows) => html! {
                            <ul class="rows">
                                { for rows.iter().map(|row| html! {
                                    <li key={row.id.to_string()}>
                                        <Entry row={row.clone()} query={query.clone()}
                                            is_open={props.open == Some(row.id)} />
                                    </li>
                                }) }
                            </ul>
                        },
                    }
                }
            </div>
            if listing.next.is_some() {
                <div class="actions">
                    <button type="button" class="button" onclick={on_more} data-test="more">
                        { t.get("office-more") }
                    </button>
                </div>
            }
            <p class="keys muted small">{ t.get("office-keys") }</p>
        </section>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct EntryProps {
    row: Row,
    query: String,
    is_open: bool,
}

/// A row: what it is about, where it came from, where it stands.
#[component]
fn Entry(props: &EntryProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let navigator = use_navigator();
    let row = &props.row;
    let route = Route::OfficeRecord { id: row.id };
    let href = if props.query.is_empty() {
        route.to_path()
    } else {
        format!("{}?{}", route.to_path(), props.query)
    };
    let onclick = {
        let query = props.query.clone();
        move |event: MouseEvent| {
            let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
            if let Some(navigator) = navigator.as_ref().filter(|_| !elsewhere) {
                event.prevent_default();
                // Raw text always makes a query.
                let Ok(()) = navigator.push_with_query(&route, Raw(query.clone()));
            }
        }
    };
    let kind = label::kind(&t, &row.kind);
    let title = if row.title.is_empty() { &kind } else { &row.title };
    let name = |id: Option<DocId>| id.and_then(|id| book.title(&id)).map(|name| name.to_string());
    html! {
        <a class="row" {href} {onclick} aria-current={props.is_open.then_some("true")} data-test="row"
            data-id={row.id.to_string()} data-kind={row.kind.clone()} data-state={row.state.clone()}>
            <span class="row-title">{ title }</span>
            <span class="row-meta">
                <span>{ &kind }</span>
                { for name(row.station).map(|name| html! { <span>{ name }</span> }) }
                { for name(row.theme).map(|name| html! { <span>{ name }</span> }) }
                <When at={row.received_at} />
            </span>
            <span class="row-state">
                if let Some(state) = &row.state {
                    <StateMark kind={row.kind.clone()} state={state.clone()} />
                }
            </span>
        </a>
    }
}
