//! Records in a list.

use std::rc::Rc;

use lianxin_shared::sync::Summary;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::agent::use_line;
use crate::book::{standing, use_book};
use crate::components::{StandingMark, label};
use crate::i18n::{use_texts, when};
use crate::route::Route;

/// What a list needs.
#[derive(PartialEq, Properties)]
pub struct RowsProps {
    /// The records, in the order shown.
    pub records: Vec<Rc<Summary>>,
}

/// A list of records: title, what it is, when, and its state in words.
#[component]
pub fn Rows(props: &RowsProps) -> Html {
    let rows = props.records.iter().map(|record| {
        html! { <li key={record.doc.to_string()}><Row record={Rc::clone(record)} /></li> }
    });
    html! { <ul class="rows">{ for rows }</ul> }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    record: Rc<Summary>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let line = use_line();
    let navigator = use_navigator();
    let record = &props.record;
    let kind = label::kind(&t, &record.kind);
    let title = if record.title.is_empty() {
        kind.clone()
    } else {
        record.title.clone()
    };
    let theme = record.theme.and_then(|theme| book.title(&theme));
    let route = Route::Record { id: record.doc };
    let href = route.to_path();
    let onclick = move |event: MouseEvent| {
        if let Some(navigator) = &navigator
            && !event.ctrl_key()
            && !event.meta_key()
        {
            event.prevent_default();
            navigator.push(&route);
        }
    };
    html! {
        <a class="row" {href} {onclick} data-test="row" data-id={record.doc.to_string()} data-kind={record.kind.clone()}>
            <span class="row-title">{ title }</span>
            <span class="row-meta">
                <span>{ kind }</span>
                if let Some(theme) = theme {
                    <span>{ theme }</span>
                }
                <span>{ when::day(&t, record.when) }</span>
            </span>
            <span class="row-state"><StandingMark standing={standing(record, &line)} /></span>
        </a>
    }
}
