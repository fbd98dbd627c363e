//! 今天: the station's day, what waits for me, and the two things that are done most.

use std::rc::Rc;

use lianxin_shared::id::Moment;
use lianxin_shared::records::{Columns, REGISTERS, register};
use lianxin_shared::standing::Standing;
use lianxin_shared::sync::Summary;
use yew::prelude::*;
use yew_router::prelude::*;

use super::drafts::DraftRows;
use super::row::Rows;
use crate::book::{Book, use_book};
use crate::components::Empty;
use crate::i18n::{use_texts, when};
use crate::route::Route;
use crate::session::use_session;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The start page.
#[component]
pub fn Today() -> Html {
    let t = use_texts();
    let book = use_book();
    let Some(session) = use_session() else {
        return html! {};
    };
    let now = when::now();
    let planned = planned(&book, when::start_of_day(now));
    let waiting = waiting(&book, now);
    let may_write = session.principal.stations().next().is_some();
    // The suggestion first: the resident is speaking already.
    let work = REGISTERS
        .iter()
        .rev()
        .filter(|register| register.columns == Columns::Work);
    let buttons = work.enumerate().map(|(n, register)| {
        let kind = register.kind;
        html! { <NewButton {kind} label={t.get(&format!("new-{kind}"))} is_first={n == 0} /> }
    });
    html! {
        <main class="page wide" id="page">
            <h1>{ t.get("place-today") }</h1>
            if may_write {
                <div class="actions">{ for buttons }</div>
            } else {
                <p class="muted">{ t.get("today-no-station") }</p>
            }
            <div class="column">
                <section class="section">
                    <h2>{ t.get("today-waiting") }</h2>
                    if waiting.is_empty() {
                        <Empty><p>{ t.get("today-nothing-waits") }</p></Empty>
                    } else {
                        <Rows records={waiting} />
                    }
                </section>
            </div>
            <div class="column">
                if !book.drafts().is_empty() {
                    <section class="section">
                        <h2>{ t.get("drafts") }</h2>
                        <DraftRows />
                    </section>
                }
                <section class="section">
                    <h2>{ t.get("today-planned") }</h2>
                    if planned.is_empty() {
                        <Empty><p>{ t.get("today-nothing-planned") }</p></Empty>
                    } else {
                        <Rows records={planned} />
                    }
                </section>
            </div>
        </main>
    }
}

#[derive(PartialEq, Properties)]
struct NewButtonProps {
    kind: AttrValue,
    label: String,
    is_first: bool,
}

#[component]
fn NewButton(props: &NewButtonProps) -> Html {
    let navigator = use_navigator();
    let kind = props.kind.to_string();
    let onclick = move |_: MouseEvent| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::New { kind: kind.clone() });
        }
    };
    html! {
        <button type="button" class={classes!("button", "large", props.is_first.then_some("primary"))}
            data-test={format!("new-{}", props.kind)} {onclick}>{ &props.label }</button>
    }
}

/// Activities from today on, for a week, the next first.
fn planned(book: &Book, today: Moment) -> Vec<Rc<Summary>> {
    let coming = today.0..today.0 + 7 * DAY;
    let is_coming = |record: &&Rc<Summary>| {
        let takes_place = register(&record.kind).is_some_and(|register| register.when.is_some());
        takes_place && coming.contains(&record.when.0)
    };
    let mut planned: Vec<_> = book.records().iter().filter(is_coming).cloned().collect();
    planned.sort_by_key(|record| record.when);
    planned
}

/// What asks something of me, and then what the office answered within two weeks.
fn waiting(book: &Book, now: Moment) -> Vec<Rc<Summary>> {
    let mut waiting = book.attention();
    let is_answered = |record: &&Rc<Summary>| {
        let is_fresh = record.since.is_some_and(|since| since.0 > now.0 - 14 * DAY);
        record.words.is_some() && is_fresh && record.standing(false) == Standing::Answered
    };
    let mut answered: Vec<_> = book.records().iter().filter(is_answered).cloned().collect();
    answered.sort_by_key(|record| std::cmp::Reverse(record.since));
    waiting.extend(answered);
    waiting
}
