//! `GET /public/feed.atom`: what has moved, the latest first (RFC 4287).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use lianxin_shared::hex;
use lianxin_shared::id::DocId;
use lianxin_shared::rules::Published;
use maud::{Markup, PreEscaped, html};

use super::board::Board;
use super::section::{SECTIONS, Section, address};
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{dates, fields, layout};
use crate::app::App;

/// The most entries.
const MOST: usize = 50;

/// The feed.
pub async fn feed(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    // What people say stands on the task's page; the feed tells what is done.
    let sections = SECTIONS.into_iter().filter(|section| section.kind != "comment");
    let mut moved: Vec<_> = sections.flat_map(|section| board.of(section.kind)).collect();
    moved.sort_by_key(|one| std::cmp::Reverse((one.updated(), one.id)));
    let updated = moved.first().map(|one| one.updated()).unwrap_or_default();
    let name = visitor.get("public-name");
    let own = DocId(app.life.epoch.0).companion("feed");
    // Every element is closed: this is XML.
    let feed = html! {
        (PreEscaped(r#"<?xml version="1.0" encoding="utf-8"?>"#))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(visitor.lang.as_str()) {
            id { (urn(own)) }
            title { (name) }
            updated { (dates::rfc3339(updated)) }
            author { name { (name) } }
            link rel="self" type="application/atom+xml" href=(visitor.link("/public/feed.atom")) {}
            link rel="alternate" type="text/html" href=(visitor.link("/public")) {}
            @for one in moved.into_iter().take(MOST) { (entry(&visitor, &board, one)) }
        }
    };
    let headers = layout::for_everybody("application/atom+xml; charset=utf-8");
    Ok((headers, feed.into_string()).into_response())
}

fn entry(visitor: &Visitor, board: &Board, one: &Published) -> Markup {
    let address = address(board, one).map(|address| visitor.link(&address));
    let kind = Section::pages().find(|section| section.kind == one.kind);
    let kind = kind.map_or("measures", |section| section.name);
    let title = format!(
        "{}: {} ({})",
        visitor.get(&format!("public-{kind}")),
        fields::title(one),
        fields::state(visitor, one)
    );
    html! {
        entry {
            id { (urn(one.id)) }
            title { (title) }
            updated { (dates::rfc3339(one.updated())) }
            @if let Some(address) = address { link rel="alternate" type="text/html" href=(address) {} }
            @if let Some(words) = one.steps.last().and_then(|step| step.words.as_ref()) {
                content type="text" { (words) }
            }
        }
    }
}

/// A document's id as one that feed readers know: its 16 bytes are a UUID's.
fn urn(id: DocId) -> String {
    let hex = hex::written(&id.0);
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    format!("urn:uuid:{}", parts.join("-"))
}
