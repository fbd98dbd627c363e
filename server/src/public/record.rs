//! `GET /public/{section}/{id}`: one answer, commitment, exemplar or consultation.

use axum::extract::{Path, State};
use axum::response::Response;
use lianxin_shared::id::DocId;
use lianxin_shared::records::register;
use maud::html;

use super::section::Section;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{fields, layout};
use crate::app::App;
use crate::clock::now;

/// All that is public of a record, by its declaration.
pub async fn record(
    State(app): State<App>,
    visitor: Visitor,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let section = Section::pages().find(|section| section.name == name);
    let section = section.ok_or(Trouble::Unknown)?;
    let id: DocId = id.parse().map_err(|_| Trouble::Unknown)?;
    let board = app.public.board(&app).await?;
    let one = board.one(section.kind, id).ok_or(Trouble::Unknown)?;
    let title = fields::title(one);
    let named_by = register(&one.kind).map_or("", |register| register.title);
    let shown = fields::shown(&board, &visitor, one);
    // A title that is one line stands above already.
    let more = shown
        .iter()
        .filter(|shown| shown.field.name != named_by || shown.words != [title]);
    let body = html! {
        p.above { a href=(visitor.link(&section.address())) { (visitor.get(&format!("public-{name}"))) } }
        h1 { (title) }
        p { (layout::standing(&visitor, one, now())) }
        dl { @for shown in more { (layout::field(&visitor, shown)) } }
        @if !one.steps.is_empty() { h2 { (visitor.get("public-steps")) } }
        (layout::steps(&visitor, one))
    };
    Ok(layout::page(&visitor, title, &body))
}
