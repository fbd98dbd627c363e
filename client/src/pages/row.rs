//! Records in a list.

use std::rc::Rc;

use lianxin_shared::sync::Summary;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::agent::use_line;
use crate::book::{concerns, standing, use_book};
use crate::components::{StandingMark, StateMark, label};
use crate::i18n::{use_texts, when};
use crate::photos::Thumb;
use crate::route::Route;
use crate::session::use_session;

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
    let session = use_session();
    let navigator = use_navigator();
    let record = &props.record;
    let kind = label::kind(&t, &record.kind);
    let title = if record.title.is_empty() {
        kind.clone()
    } else {
        record.title.clone()
    };
    // How somebody else's published record stands with the office is not the reader's business.
    let is_mine = session.is_none_or(|session| concerns(&session.principal, record));
    let standing = standing(record, &line);
    let state = label::state(&t, &record.kind, &record.state);
    let is_said = state == t.get(&format!("standing-{}", standing.as_str()));
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
            if let Some(file) = record.thumb {
                <Thumb {file} />
            }
            <span class="row-title">{ title }</span>
            <span class="row-meta">
                <span>{ kind }</span>
                if let Some(theme) = theme {
                    <span>{ theme }</span>
                }
                <span>{ when::day(&t, record.when) }</span>
                if let Some(due) = record.due.filter(|_| record.is_open()) {
                    <span>{ t.with("ui-due", &[("when", when::day(&t, due).into())]) }</span>
                }
                if is_mine && !is_said {
                    <span>{ state.clone() }</span>
                }
            </span>
            <span class="row-state">
                if is_mine {
                    <StandingMark {standing} />
                } else {
                    <StateMark kind={record.kind.clone()} state={record.state.clone()} />
                }
            </span>
        </a>
    }
}
