//! Other work that a record rests on: found in what is on this device, by its words.

use std::rc::Rc;

use lianxin_shared::search::matches;
use lianxin_shared::sync::Summary;
use yew::prelude::*;

use super::Control;
use crate::book::{Book, use_book};
use crate::components::event::typed;
use crate::components::{StateMark, label};
use crate::i18n::{self, use_texts};

/// How many are offered before anything is searched for: the form goes on below.
const MAX_UNASKED: usize = 3;
/// How many of what was found are offered.
const MAX_FOUND: usize = 8;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct WorksInputProps {
    pub(super) control: Control,
    pub(super) kind: &'static str,
    pub(super) entries: Vec<String>,
    pub(super) max: usize,
    pub(super) on_change: Callback<Vec<String>>,
}

/// Some records of a kind: those taken with a way to take them back, a box to search in, and what it finds.
#[component]
pub(super) fn WorksInput(props: &WorksInputProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let query = use_state(String::new);
    let control = &props.control;
    let on_query = Callback::from({
        let query = query.setter();
        move |words| query.set(words)
    });
    let has_room = props.entries.len() < props.max;
    let found = offered(book.records(), props.kind, &props.entries, &query);
    let is_empty = found.is_empty();
    let offers = found.into_iter().map(|record| {
        let mut entries = props.entries.clone();
        let id = record.doc.to_string();
        entries.push(id.clone());
        let onclick = {
            let (on_change, query) = (props.on_change.clone(), query.setter());
            move |_: MouseEvent| {
                query.set(String::new());
                on_change.emit(entries.clone());
            }
        };
        html! {
            <li key={id.clone()}>
                <button type="button" class="work" data-value={id} {onclick}>{ shown(&t, &record) }</button>
            </li>
        }
    });
    // Enter in the box would hand the form in.
    let onkeydown = |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
        }
    };
    let search = t.with("ui-work-search", &[("kind", label::kind(&t, props.kind).into())]);
    html! {
        <div class="works" role="group" aria-labelledby={format!("{}-label", control.id)}
            aria-describedby={control.described.clone()}>
            if !props.entries.is_empty() {
                <ul class="rows">{ for props.entries.iter().map(|entry| taken(props, &book, &t, entry)) }</ul>
            }
            if has_room {
                <input class="input" type="search" autocomplete="off" id={&control.id} name={control.name}
                    aria-label={search.clone()} aria-invalid={control.aria_invalid()} placeholder={search}
                    value={(*query).clone()} oninput={typed(&on_query)} {onkeydown} />
                if is_empty {
                    <p class="hint" role="status">{ t.get("ui-work-none") }</p>
                } else {
                    <ul class="rows">{ for offers }</ul>
                }
            }
        </div>
    }
}

fn taken(props: &WorksInputProps, book: &Book, t: &i18n::Words, entry: &str) -> Html {
    let record = entry.parse().ok().and_then(|id| book.get(&id).cloned());
    let title = record.as_ref().map(|record| record.title.clone());
    let title = title
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| t.get("ui-work-elsewhere"));
    let rest: Vec<_> = props.entries.iter().filter(|e| *e != entry).cloned().collect();
    let onclick = props.on_change.reform(move |_: MouseEvent| rest.clone());
    html! {
        <li class="work taken" key={entry.to_owned()} data-value={entry.to_owned()}>
            <span>
                if let Some(record) = record {
                    { shown(t, &record) }
                } else {
                    { &title }
                }
            </span>
            <button type="button" class="remove" aria-label={t.with("ui-remove", &[("name", title.into())])} {onclick}>
                { "✕" }
            </button>
        </li>
    }
}

/// A record by its title and where it stands.
fn shown(t: &i18n::Words, record: &Summary) -> Html {
    let title = if record.title.is_empty() {
        label::kind(t, &record.kind)
    } else {
        record.title.clone()
    };
    html! {
        <>
            <span class="row-title">{ title }</span>
            <StateMark kind={record.kind.clone()} state={record.state.clone()} />
        </>
    }
}

/// The latest records of a kind that have all the words and are not taken yet.
fn offered(records: &[Rc<Summary>], kind: &str, entries: &[String], query: &str) -> Vec<Rc<Summary>> {
    records
        .iter()
        .filter(|record| record.kind == kind && matches(&record.search, query))
        .filter(|record| !entries.contains(&record.doc.to_string()))
        .take(if query.trim().is_empty() {
            MAX_UNASKED
        } else {
            MAX_FOUND
        })
        .cloned()
        .collect()
}
