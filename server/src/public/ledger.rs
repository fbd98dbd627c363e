//! `GET /public/ledger`: every task of the rectification ledger.

use axum::extract::State;
use axum::response::Response;
use lianxin_shared::id::Moment;
use lianxin_shared::rules::Published;
use maud::{Markup, html};

use super::board::{Board, number, text};
use super::section::LEDGER;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{dates, fields, layout};
use crate::app::App;
use crate::clock::now;

/// The ledger.
pub async fn ledger(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let tasks = board.of(LEDGER.kind);
    let title = visitor.get("public-ledger");
    let body = html! {
        h1 { (title) }
        p.lead { (visitor.get("public-ledger-about")) }
        @if tasks.is_empty() { p { (visitor.get("public-nothing")) } }
        @for part in ["near", "long"] {
            @let tasks: Vec<_> = tasks.iter().filter(|task| text(task, "part") == part).collect();
            @if !tasks.is_empty() {
                h2 { (visitor.get(&format!("choice-rectification-part-{part}"))) }
                ol.records {
                    @for task in tasks { li { (entry(&visitor, &board, task)) } }
                }
            }
        }
    };
    Ok(layout::page(&visitor, &title, &body))
}

fn entry(visitor: &Visitor, board: &Board, task: &Published) -> Markup {
    let shown = fields::shown(board, visitor, task);
    let who = shown.iter().filter(|shown| shown.field.name == "departments");
    html! {
        h3 { a href=(visitor.link(&LEDGER.of(task.id))) { (fields::title(task)) } }
        p { (layout::standing(visitor, task, now())) }
        p.prose { (text(task, "goal")) }
        dl {
            @for shown in who { (layout::field(visitor, shown)) }
            (deadline(visitor, task))
        }
        (progress(visitor, &board.of_task("measure", task.id)))
    }
}

/// By when, and what is to be there by then.
pub(super) fn deadline(visitor: &Visitor, task: &Published) -> Markup {
    let of = text(task, "deadline_of");
    html! {
        @if let Some(at) = number(task, "deadline") {
            dt { (visitor.get("field-rectification-deadline")) }
            dd {
                (dates::day(visitor, Moment(at)))
                @if !of.is_empty() { " · " (visitor.get(&format!("choice-rectification-deadline_of-{of}"))) }
            }
        }
    }
}

/// How many of the measures are done.
pub(super) fn progress(visitor: &Visitor, measures: &[&Published]) -> Markup {
    let done = measures.iter().filter(|measure| !measure.open).count();
    let words = visitor.with(
        "public-progress",
        &[("done", done.into()), ("all", measures.len().into())],
    );
    html! {
        @if !measures.is_empty() {
            p.progress { progress max=(measures.len()) value=(done) aria-label=(words) {} " " (words) }
        }
    }
}
