//! `/public/suggest`: a resident's own suggestion, by the QR code of a station.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Value, Values, register};
use lianxin_shared::rules::{Completeness, Issue, IssueCode, validate};
use maud::{Markup, html};

use super::board::Board;
use super::form::{self, Draft};
use super::layout;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::write;
use crate::app::App;
use crate::own::New;

/// The most characters of a suggestion: in a form each can take nine bytes.
const MAX_WORDS: usize = 1_500;

/// `GET /public/suggest`: the stations to choose from.
pub async fn choose(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let stations = board.in_use("station", visitor.lang);
    let title = visitor.get("public-suggest");
    let body = html! {
        h1 { (title) }
        p.lead { (visitor.get("public-suggest-about")) }
        p { (visitor.get("public-suggest-where")) }
        @if stations.is_empty() { p { (visitor.get("public-nothing")) } }
        ul.records {
            @for (id, name) in stations {
                li { a href=(visitor.link(&address(id))) { (name) } }
            }
        }
    };
    Ok(layout::page(&visitor, &title, &body))
}

/// `GET /public/suggest/{station}`: the form.
pub async fn suggest(
    State(app): State<App>,
    visitor: Visitor,
    Path(station): Path<String>,
) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let (id, name) = station_of(&board, &visitor, &station)?;
    let body = form(&visitor, &board, id, name, &Draft::default())?;
    Ok(layout::private(&visitor, &visitor.get("public-suggest"), &body))
}

/// `POST /public/suggest/{station}`: takes it, and leads to its receipt.
pub async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Path(station): Path<String>,
    mut draft: Draft,
) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let (station, name) = station_of(&board, &visitor, &station)?;
    let filled = |names: &[&str]| -> Values {
        let filled = names.iter().filter(|name| !draft.get(name).is_empty());
        filled
            .map(|name| ((*name).to_owned(), Value::from(draft.get(name))))
            .collect()
    };
    let mut said = filled(&["body", "theme", "location"]);
    if !draft.get("consent").is_empty() {
        said.insert("consent".to_owned(), Value::Flag(true));
    }
    let contact = filled(&["name", "phone"]);
    let mut issues = Vec::new();
    for (kind, values) in [("suggestion", &said), ("contact", &contact)] {
        let register = register(kind).ok_or(Trouble::Internal)?;
        issues.extend(validate(register, values, Completeness::Complete));
    }
    let is_theme = |(id, _): &(DocId, &str)| id.to_string() == draft.get("theme");
    if said.contains_key("theme") && !board.in_use("theme", visitor.lang).iter().any(is_theme) {
        let (field, code) = ("theme", IssueCode::NotAChoice);
        issues.push(Issue { field, code });
    }
    draft.limit(&visitor, "body", MAX_WORDS);
    draft.find(&visitor, issues);
    if !draft.is_good() {
        let body = form(&visitor, &board, station, name, &draft)?;
        let page = layout::private(&visitor, &visitor.get("public-suggest"), &body);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let id = write::id_of(&app, &format!("suggestion at {station}"), &draft);
    let mut records = vec![New {
        id,
        kind: "suggestion",
        station: Some(station),
        values: said,
        act: Some("submit"),
    }];
    if !contact.is_empty() {
        records.push(New {
            id: id.companion("contact"),
            kind: "contact",
            station: Some(station),
            values: contact,
            act: None,
        });
    }
    write::create(&app, &records).await?;
    let address = visitor.link(&format!("/follow/{}?said=received", id.receipt_code()));
    Ok(Redirect::to(&address).into_response())
}

fn address(station: DocId) -> String {
    format!("/public/suggest/{station}")
}

/// A station that takes suggestions.
fn station_of<'a>(board: &'a Board, visitor: &Visitor, id: &str) -> Result<(DocId, &'a str), Trouble> {
    let stations = board.in_use("station", visitor.lang);
    let id: DocId = id.parse().map_err(|_| Trouble::Unknown)?;
    stations
        .into_iter()
        .find(|station| station.0 == id)
        .ok_or(Trouble::Unknown)
}

fn form(
    visitor: &Visitor,
    board: &Board,
    station: DocId,
    name: &str,
    draft: &Draft,
) -> Result<Markup, Trouble> {
    let themes = board.in_use("theme", visitor.lang);
    let themes: Vec<_> = themes
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    Ok(html! {
        p.above { (name) }
        h1 { (visitor.get("public-suggest")) }
        p.lead { (visitor.get("public-suggest-about")) }
        form.say method="post" action=(visitor.link(&address(station))) {
            (form::summary(visitor, draft))
            (form::area(visitor, draft, "body", "public-suggest-body", MAX_WORDS))
            (form::select(visitor, draft, "theme", "field-suggestion-theme", &themes))
            (form::line(visitor, draft, "location", "field-suggestion-location", 100))
            fieldset {
                legend { (visitor.get("public-suggest-contact")) }
                p.quiet { (visitor.get("public-suggest-contact-about")) }
                (form::line(visitor, draft, "name", "field-contact-name", 40))
                (form::line(visitor, draft, "phone", "field-contact-phone", 40))
            }
            (form::tick(visitor, draft, "consent", "public-suggest-consent"))
            (form::hidden(visitor)?)
            button { (visitor.get("public-send")) }
        }
    })
}
