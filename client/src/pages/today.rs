//! 今天: the station's day, what waits for me, and the two things that are done most.

use std::cmp::Reverse;
use std::rc::Rc;

use lianxin_shared::id::Moment;
use lianxin_shared::records::register;
use lianxin_shared::rules::Principal;
use lianxin_shared::standing::Standing;
use lianxin_shared::sync::Summary;
use yew::prelude::*;

use super::drafts::DraftRows;
use super::link::Go;
use super::row::Rows;
use super::start::{LargeButtons, startable};
use crate::book::{Book, concerns, use_book};
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
    let planned = planned(&book, &session.principal, when::start_of_day(now));
    let waiting = waiting(&book, &session.principal, now);
    let startable = startable(&session.principal);
    html! {
        <main class="page wide" id="page">
            <h1>{ t.get("place-today") }</h1>
            if startable.is_empty() {
                <p class="muted">{ t.get("start-nothing") }</p>
            } else {
                <div class="starts">
                    <LargeButtons />
                    if startable.len() > 2 {
                        <Go to={Route::Start} class="button whole" test="start">{ t.get("today-start") }</Go>
                    }
                </div>
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

/// What takes place from today on, for a week, the next first.
fn planned(book: &Book, user: &Principal, today: Moment) -> Vec<Rc<Summary>> {
    let coming = today.0..today.0 + 7 * DAY;
    let is_coming = |record: &&Rc<Summary>| {
        let takes_place = register(&record.kind).is_some_and(|register| register.when.is_some());
        takes_place && coming.contains(&record.when.0) && concerns(user, record)
    };
    let mut planned: Vec<_> = book.records().iter().filter(is_coming).cloned().collect();
    planned.sort_by_key(|record| record.when);
    planned
}

/// What asks something of me, then what is due within a week or late, and then what the office answered within two weeks.
fn waiting(book: &Book, user: &Principal, now: Moment) -> Vec<Rc<Summary>> {
    let mut waiting = book.attention(user);
    let is_due = |record: &&Rc<Summary>| {
        let is_near = |due: Moment| due.0 < now.0 + 7 * DAY;
        record.is_open() && record.due.is_some_and(is_near)
    };
    let is_answered = |record: &&Rc<Summary>| {
        let is_fresh = record.since.is_some_and(|since| since.0 > now.0 - 14 * DAY);
        record.words.is_some() && is_fresh && record.standing(false) == Standing::Answered
    };
    let mine = || book.records().iter().filter(|record| concerns(user, record));
    let mut due: Vec<_> = mine().filter(is_due).cloned().collect();
    due.sort_by_key(|record| record.due);
    let mut answered: Vec<_> = mine().filter(is_answered).cloned().collect();
    answered.sort_by_key(|record| Reverse(record.since));
    for record in due.into_iter().chain(answered) {
        if waiting.iter().all(|other| other.doc != record.doc) {
            waiting.push(record);
        }
    }
    waiting
}
