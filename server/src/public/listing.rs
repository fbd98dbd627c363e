//! `GET /public/{section}`: the answers, commitments, exemplars or consultations.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use lianxin_shared::rules::Published;
use maud::{Markup, html};
use serde::Deserialize;

use super::board::Board;
use super::section::Section;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{dates, fields, layout};
use crate::app::App;
use crate::clock::now;

/// How many stand on a page.
const PAGE: usize = 20;

/// Which page.
#[derive(Deserialize)]
pub struct Which {
    page: Option<usize>,
}

/// One part, the latest first.
pub async fn listing(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Trouble> {
    let section = Section::pages().find(|section| section.name == name);
    let section = section.ok_or(Trouble::Unknown)?;
    let board = app.public.board(&app).await?;
    let records = board.of(section.kind);
    let pages = records.len().div_ceil(PAGE).max(1);
    let page = which.page.unwrap_or(1);
    if !(1..=pages).contains(&page) {
        return Err(Trouble::Unknown);
    }
    let title = visitor.get(&format!("public-{name}"));
    let body = html! {
        h1 { (title) }
        p.lead { (visitor.get(&format!("public-{name}-about"))) }
        @if records.is_empty() { p { (visitor.get("public-nothing")) } }
        ul.records {
            @for one in records.iter().skip((page - 1) * PAGE).take(PAGE) {
                li { (entry(&visitor, &board, section, one)) }
            }
        }
        @if pages > 1 { (turn(&visitor, section, page, pages)) }
    };
    Ok(layout::page(&visitor, &title, &body))
}

fn entry(visitor: &Visitor, board: &Board, section: Section, one: &Published) -> Markup {
    let who = fields::shown(board, visitor, one);
    let who = who.iter().find(|shown| shown.field.name == "person");
    let words = one.steps.last().and_then(|step| step.words.as_ref());
    html! {
        h2 { a href=(visitor.link(&section.of(one.id))) { (fields::title(one)) } }
        p.quiet {
            @if let Some(who) = who { (fields::joined(visitor, &who.words)) " · " }
            @if let Some(since) = one.since { (dates::day(visitor, since)) }
        }
        p { (layout::standing(visitor, one, now())) }
        @if let Some(words) = words { p.prose.answer { (words) } }
    }
}

fn turn(visitor: &Visitor, section: Section, page: usize, pages: usize) -> Markup {
    let to = |page: usize| visitor.link(&format!("{}?page={page}", section.address()));
    let here = visitor.with("public-page", &[("page", page.into()), ("pages", pages.into())]);
    html! {
        nav.turn aria-label=(here) {
            @if page > 1 { a rel="prev" href=(to(page - 1)) { (visitor.get("public-newer")) } }
            span { (here) }
            @if page < pages { a rel="next" href=(to(page + 1)) { (visitor.get("public-older")) } }
        }
    }
}
