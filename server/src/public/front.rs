//! `GET /public`: what was promised, how far it is, what is late.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::board::Board;
use super::section::{ANSWERS, LEDGER, SECTIONS, Section};
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{dates, fields, layout};
use crate::app::App;
use crate::clock::now;

/// How many answers the front shows.
const LATEST: usize = 3;

/// The front page.
pub async fn front(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let body = html! {
        h1 { (visitor.get("public-front")) }
        p.lead { (visitor.get("public-front-about")) }
        (promised(&visitor, &board))
        (latest(&visitor, &board))
        h2 { (visitor.get("public-parts")) }
        ul.parts {
            @for section in Section::pages() {
                li {
                    a href=(visitor.link(&section.address())) { (visitor.get(&format!("public-{}", section.name))) }
                    " " span.quiet { (visitor.count("public-records", board.of(section.kind).len())) }
                    p.quiet { (visitor.get(&format!("public-{}-about", section.name))) }
                }
            }
            li {
                a href=(visitor.link("/public/suggest")) { (visitor.get("public-suggest")) }
                p.quiet { (visitor.get("public-suggest-about")) }
            }
        }
        (open_data(&visitor))
    };
    Ok(layout::page(&visitor, &visitor.get("public-front"), &body))
}

fn promised(visitor: &Visitor, board: &Board) -> Markup {
    let (tasks, now) = (board.of(LEDGER.kind), now());
    let closed = tasks.iter().filter(|task| !task.open).count();
    let late: Vec<_> = tasks.iter().filter(|task| task.is_overdue(now)).collect();
    let measures = board.of("measure");
    let done = measures.iter().filter(|measure| !measure.open).count();
    let figure = |n: usize, key: &str| html! { li { b { (n) } " " (visitor.get(key)) } };
    html! {
        ul.figures {
            (figure(tasks.len(), "public-figure-tasks"))
            (figure(closed, "public-figure-closed"))
            (figure(late.len(), "public-figure-late"))
            (figure(measures.len(), "public-figure-measures"))
            (figure(done, "public-figure-done"))
        }
        @if !late.is_empty() {
            h2 { (visitor.get("public-late")) }
            ul.records {
                @for task in late {
                    li {
                        a href=(visitor.link(&LEDGER.of(task.id))) { (fields::title(task)) }
                        " " (layout::standing(visitor, task, now))
                        @if let Some(due) = task.due { p.quiet { (visitor.get("field-rectification-deadline")) " " (dates::day(visitor, due)) } }
                    }
                }
            }
        }
        p { a.button href=(visitor.link(&LEDGER.address())) { (visitor.get("public-whole-ledger")) } }
    }
}

fn latest(visitor: &Visitor, board: &Board) -> Markup {
    let answers = board.of(ANSWERS.kind);
    html! {
        @if !answers.is_empty() {
            h2 { (visitor.get("public-latest")) }
            ul.records {
                @for one in answers.iter().take(LATEST) {
                    li {
                        a href=(visitor.link(&ANSWERS.of(one.id))) { (fields::title(one)) }
                        @if let Some(words) = one.steps.last().and_then(|step| step.words.as_ref()) {
                            p.prose.answer { (words) }
                        }
                    }
                }
            }
        }
    }
}

fn open_data(visitor: &Visitor) -> Markup {
    html! {
        h2 { (visitor.get("public-data")) }
        p { (visitor.get("public-data-about")) }
        ul.files {
            @for section in SECTIONS {
                li {
                    (visitor.get(&format!("public-{}", section.name)))
                    @for form in ["csv", "json"] {
                        " " a href=(visitor.link(&format!("/public/data/{}.{form}", section.name))) { (form.to_uppercase()) }
                    }
                }
            }
        }
    }
}
