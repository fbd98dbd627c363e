//! What came of a record: its events in words.

use lianxin_shared::records::{Event, Register};
use yew::prelude::*;

use super::{Declared, When, label};
use crate::book::{Book, use_book};
use crate::i18n::{Words, use_texts, when};

/// What a timeline needs.
#[derive(Debug, PartialEq, Properties)]
pub struct TimelineProps {
    /// The register.
    pub register: Declared<Register>,
    /// The events, oldest first.
    pub events: Vec<Event>,
}

/// The events of a record, newest first: what, who, when, with which words.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let t = use_texts();
    let book = use_book();
    html! {
        <ol class="timeline">
            { for props.events.iter().rev().map(|event| entry(&t, &book, props.register, event)) }
        </ol>
    }
}

fn entry(t: &Words, book: &Book, register: Declared<Register>, event: &Event) -> Html {
    html! {
        <li data-act={event.act.clone()}>
            <strong>{ label::act(t, register.kind, &event.act) }</strong>
            <div class="muted small">
                { book.person(&event.by) }{ t.get("ui-between") }<When at={event.at} />
            </div>
            if let Some(handler) = &event.handler {
                <p>{ t.with("ui-assigned", &[("name", book.person(handler).into())]) }</p>
            }
            if let Some(due) = event.due {
                <p>{ t.with("ui-due", &[("when", when::day(t, due).into())]) }</p>
            }
            if let Some(title) = event.into.and_then(|id| book.title(&id)) {
                <p>{ t.with("ui-merged-into", &[("title", title.to_string().into())]) }</p>
            }
            if let Some(number) = &event.number {
                <p>{ t.with("ui-numbered", &[("number", number.clone().into())]) }</p>
            }
            if !event.marks.is_empty() {
                <p>{ judgements(t, &register, event) }</p>
            }
            if let Some(words) = &event.words {
                <div class="words">{ words }</div>
            }
        </li>
    }
}

/// The judgements of a step in words; what this version knows nothing of is left out.
fn judgements(t: &Words, register: &Register, event: &Event) -> String {
    let steps = register.lifecycle.steps.iter();
    let known = steps
        .filter(|step| step.act == event.act)
        .flat_map(|step| step.marks);
    let said = known.filter_map(|mark| {
        let key = event.marks.get(mark.name)?;
        let name = label::judgement(t, register.kind, mark.name);
        let key = label::mark(t, register.kind, mark.name, key);
        Some(t.with("ui-judged", &[("name", name.into()), ("key", key.into())]))
    });
    said.collect::<Vec<_>>().join(&t.get("ui-between"))
}
