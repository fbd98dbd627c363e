//! `GET /public/ledger/{id}`: one task, from the problem to what people say of it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use lianxin_shared::id::DocId;
use lianxin_shared::rules::Published;
use maud::{Markup, html};
use serde::Deserialize;

use super::board::{Board, number, text};
use super::comment::{self, ASPECTS};
use super::form::Draft;
use super::section::LEDGER;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{fields, layout, ledger};
use crate::app::App;
use crate::clock::now;

/// The fields that stand in places of their own.
const APART: [&str; 7] = [
    "subject",
    "rank",
    "problems",
    "goal",
    "evidence",
    "deadline",
    "deadline_of",
];

/// What has just been done, as the address of the page says after a form was sent.
#[derive(Deserialize)]
pub struct Just {
    said: Option<String>,
}

/// A task.
pub async fn task(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(just): Query<Just>,
) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let id: DocId = id.parse().map_err(|_| Trouble::Unknown)?;
    let task = board.one(LEDGER.kind, id).ok_or(Trouble::Unknown)?;
    let said = just.said.filter(|said| comment::SAID.contains(&said.as_str()));
    let body = whole(&visitor, &board, task, said.as_deref(), &Draft::default())?;
    Ok(layout::page(&visitor, fields::title(task), &body))
}

/// The task's page with a comment that is being written.
pub(super) fn whole(
    visitor: &Visitor,
    board: &Board,
    task: &Published,
    said: Option<&str>,
    draft: &Draft,
) -> Result<Markup, Trouble> {
    let shown = fields::shown(board, visitor, task);
    let in_its_place = |name: &str| shown.iter().find(|shown| shown.field.name == name);
    Ok(html! {
        p.above { a href=(visitor.link(&LEDGER.address())) { (visitor.get("public-ledger")) } }
        h1 { (fields::title(task)) }
        p { (layout::standing(visitor, task, now())) }
        @if let Some(said) = said { p.notice role="status" { (visitor.get(&format!("public-said-{said}"))) } }
        @for name in ["problems", "goal"] {
            @if let Some(shown) = in_its_place(name) {
                h2 { (shown.label) }
                p.prose { (fields::joined(visitor, &shown.words)) }
            }
        }
        (measures(visitor, &board.of_task("measure", task.id)))
        h2 { (visitor.get("public-who")) }
        dl {
            @for shown in shown.iter().filter(|shown| !APART.contains(&shown.field.name)) { (layout::field(visitor, shown)) }
            (ledger::deadline(visitor, task))
        }
        @if !task.steps.is_empty() { h2 { (visitor.get("public-steps")) } }
        (layout::steps(visitor, task))
        @if let Some(evidence) = in_its_place("evidence") {
            h2 { (evidence.label) }
            p.prose { (fields::joined(visitor, &evidence.words)) }
        }
        (comments(visitor, &board.of_task("comment", task.id)))
        (comment::form(visitor, task, draft)?)
    })
}

fn measures(visitor: &Visitor, measures: &[&Published]) -> Markup {
    html! {
        @if !measures.is_empty() {
            h2 { (visitor.get("public-measures")) }
            (ledger::progress(visitor, measures))
            ol.records {
                @for measure in measures {
                    li id=(measure.id) {
                        p.prose { (text(measure, "body")) }
                        p { (layout::standing(visitor, measure, now())) }
                        (layout::steps(visitor, measure))
                    }
                }
            }
        }
    }
}

fn comments(visitor: &Visitor, comments: &[&Published]) -> Markup {
    let in_state = |state: &'static str| comments.iter().filter(move |one| one.state == state);
    let waiting = comments.iter().filter(|one| one.state == "received").count();
    html! {
        h2 id="said" { (visitor.get("public-comments")) }
        (ratings(visitor, comments))
        @if comments.is_empty() { p { (visitor.get("public-no-comments")) } }
        @for aspect in ASPECTS {
            @let shown: Vec<_> = in_state("shown").filter(|one| text(one, "aspect") == aspect).collect();
            @if !shown.is_empty() {
                h3 { (visitor.get(&format!("choice-comment-aspect-{aspect}"))) }
                ul.records {
                    @for one in shown {
                        li id=(one.id) {
                            p.prose { (text(one, "body")) }
                            @if let Some(rating) = number(one, "rating") {
                                p.quiet { (visitor.with("public-rated", &[("n", rating.into())])) }
                            }
                            @if let Some(words) = office(one) {
                                p.prose.answer { (visitor.get("public-office")) " " (words) }
                            }
                        }
                    }
                }
            }
        }
        @for one in in_state("withheld") {
            p.withheld id=(one.id) { (visitor.get("public-withheld")) " " (office(one).unwrap_or_default()) }
        }
        @if waiting > 0 { p.quiet { (visitor.count("public-waiting", waiting)) } }
    }
}

/// What the office said of a comment.
fn office(comment: &Published) -> Option<&str> {
    comment.steps.last()?.words.as_deref()
}

/// How often each mark was given, of the comments that are shown.
fn ratings(visitor: &Visitor, comments: &[&Published]) -> Markup {
    let given: Vec<_> = comments.iter().filter_map(|one| number(one, "rating")).collect();
    html! {
        @if !given.is_empty() {
            table.ratings {
                caption { (visitor.count("public-ratings", given.len())) }
                tbody {
                    @for mark in (1..=5).rev() {
                        @let times = given.iter().filter(|rating| **rating == mark).count();
                        tr {
                            th scope="row" { (visitor.get(&format!("public-rating-{mark}"))) }
                            td { progress max=(given.len()) value=(times) aria-hidden="true" {} }
                            td.number { (times) }
                        }
                    }
                }
            }
        }
    }
}
