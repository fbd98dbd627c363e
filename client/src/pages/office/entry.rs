//! A row of the list: what it is about, where it came from, where it stands, by when and by whom it is to be done.

use lianxin_shared::id::DocId;
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

use super::listing::Row;
use crate::book::use_book;
use crate::components::{Hits, StateMark, When, label};
use crate::i18n::{use_texts, when};
use crate::route::Route;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct EntryProps {
    pub(super) row: Row,
    /// The list's filter, to go back to.
    pub(super) query: String,
    /// What was looked for.
    pub(super) words: Option<String>,
    pub(super) is_open: bool,
    pub(super) is_ticked: bool,
    pub(super) on_tick: Callback<DocId>,
}

/// A row with its tick.
#[component]
pub(super) fn Entry(props: &EntryProps) -> Html {
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
    let onchange = {
        let id = row.id;
        props.on_tick.reform(move |_: Event| id)
    };
    let words = props.words.clone().map(AttrValue::from);
    let tick = t.with("office-tick", &[("title", title.clone().into())]);
    html! {
        <>
            <label class="tick">
                <input type="checkbox" checked={props.is_ticked} {onchange} aria-label={tick} data-test="tick" />
            </label>
            <a class="row" {href} {onclick} aria-current={props.is_open.then_some("true")} data-test="row"
                data-id={row.id.to_string()} data-kind={row.kind.clone()} data-state={row.state.clone()}>
                <span class="row-title"><Hits text={title.clone()} query={words.clone()} /></span>
                if words.is_some() && row.excerpt != row.title {
                    <span class="row-excerpt"><Hits text={row.excerpt.clone()} query={words} /></span>
                }
                <span class="row-meta">
                    <span>{ &kind }</span>
                    { for row.number.clone().map(|number| html! { <span data-test="number">{ number }</span> }) }
                    { for name(row.station).map(|name| html! { <span>{ name }</span> }) }
                    { for name(row.theme).map(|name| html! { <span>{ name }</span> }) }
                    <When at={row.received_at} />
                    { for row.handler.as_ref().map(|user| html! {
                        <span data-test="handler">{ t.with("office-handled-by", &[("name", book.person(user).into())]) }</span>
                    }) }
                </span>
                <span class="row-state">
                    <Care row={row.clone()} />
                    if let Some(state) = &row.state {
                        <StateMark kind={row.kind.clone()} state={state.clone()} />
                    }
                </span>
            </a>
        </>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct CareProps {
    row: Row,
}

/// What a row needs: by when, and what went wrong with it. In words, since a colour alone says nothing to many.
#[component]
fn Care(props: &CareProps) -> Html {
    let t = use_texts();
    let row = &props.row;
    let due = row.due.filter(|_| row.open).map(|due| {
        let day = when::day(&t, due);
        if row.is_overdue(when::now()) {
            html! { <span class="badge attention" data-test="overdue">{ t.with("office-overdue", &[("day", day.into())]) }</span> }
        } else {
            html! { <span data-test="due">{ t.with("ui-due", &[("when", day.into())]) }</span> }
        }
    });
    html! {
        <>
            { for due }
            if row.general {
                <span class="badge attention" data-test="general">{ t.get("office-care-general") }</span>
            }
            if row.setbacks > 0 {
                <span class="badge" data-test="setbacks">{ t.with("office-setbacks", &[("n", i64::from(row.setbacks).into())]) }</span>
            }
        </>
    }
}
