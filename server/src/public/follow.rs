//! `/follow`: what became of a suggestion, for whoever holds its receipt.

use std::time::Instant;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lianxin_shared::records::{Record, register};
use lianxin_shared::rules::{Followed, followed, rating};
use maud::{Markup, html};
use serde::Deserialize;

use super::board::Board;
use super::form::{self, Draft};
use super::section::ANSWERS;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{dates, layout, write};
use crate::app::App;
use crate::limits::Kind;

/// How many mergings are followed.
const MERGINGS: usize = 8;

/// The most characters that go with a rating.
const MAX_WORDS: usize = 500;

/// What was typed into the box.
#[derive(Deserialize)]
pub struct Typed {
    code: Option<String>,
}

/// What has just been done.
#[derive(Deserialize)]
pub struct Just {
    said: Option<String>,
}

/// `GET /follow`: the box; with a code in it, the way to its page.
pub async fn look_up(visitor: Visitor, Query(typed): Query<Typed>) -> Response {
    let typed = typed.code.unwrap_or_default();
    match canonical(&typed) {
        Some(code) => Redirect::to(&visitor.link(&format!("/follow/{code}"))).into_response(),
        None => layout::private(&visitor, &visitor.get("public-follow"), &ask(&visitor, &typed)),
    }
}

/// `GET /follow/{code}`: the address in the QR code of a receipt.
pub async fn follow(
    State(app): State<App>,
    visitor: Visitor,
    Path(typed): Path<String>,
    Query(just): Query<Just>,
) -> Result<Response, Trouble> {
    let Some(code) = canonical(&typed) else {
        let page = layout::private(&visitor, &visitor.get("public-follow"), &ask(&visitor, &typed));
        return Ok((StatusCode::NOT_FOUND, page).into_response());
    };
    if code != typed {
        return Ok(Redirect::to(&visitor.link(&format!("/follow/{code}"))).into_response());
    }
    let Some(own) = by_code(&app, &visitor, &code).await? else {
        let page = layout::private(&visitor, &code, &not_yet(&visitor, &code));
        return Ok((StatusCode::NOT_FOUND, page).into_response());
    };
    let board = app.public.board(&app).await?;
    let said = just.said.is_some_and(|said| said == "received");
    let leading = leading(&app, &own).await?;
    let body = whole(&visitor, &board, &code, said, &own, &leading)?;
    Ok(layout::private(&visitor, &code, &body))
}

/// `POST /follow/{code}`: the resident's judgement of the answer. One an answer: the lifecycle has no second.
pub async fn rate(
    State(app): State<App>,
    visitor: Visitor,
    Path(code): Path<String>,
    draft: Draft,
) -> Result<Response, Trouble> {
    let code = canonical(&code).ok_or(Trouble::Unknown)?;
    let own = by_code(&app, &visitor, &code).await?.ok_or(Trouble::Unknown)?;
    let step = register(&own.kind).and_then(rating).ok_or(Trouble::Internal)?;
    let mark = step.marks.first().ok_or(Trouble::Internal)?;
    let key = mark.keys.iter().find(|key| **key == draft.get(mark.name));
    let key = key.ok_or(Trouble::Unreadable)?;
    let words: String = draft
        .get("words")
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    if words.chars().count() > MAX_WORDS {
        return Err(Trouble::TooLarge);
    }
    // Where it cannot be judged any more, the page says how it stands.
    let rating = |record: &Record| {
        let event = app.own.event(step.act).with_mark(mark.name, key);
        followed(record)?.ratable.then(|| event.with_words(&words))
    };
    write::step(&app, own.id, rating).await?;
    Ok(Redirect::to(&visitor.link(&format!("/follow/{code}"))).into_response())
}

/// A code as it is written: people leave out the dash, write small, and type what a Chinese keyboard gives them.
fn canonical(typed: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let letters = typed.chars().map(narrow).filter(char::is_ascii_alphanumeric);
    let letters: String = letters.map(|c| c.to_ascii_uppercase()).take(9).collect();
    let is_letter = |c: char| c.is_ascii_alphanumeric() && !"01IO".contains(c);
    (letters.len() == 8 && letters.chars().all(is_letter))
        .then(|| format!("{}-{}", &letters[..4], &letters[4..]))
}

/// What a code stands for. Whoever asks for codes that do not exist is slowed down, and then told nothing of those that do.
async fn by_code(app: &App, visitor: &Visitor, code: &str) -> Result<Option<Followed>, Trouble> {
    let (pace, now) = (app.limits.pace(), Instant::now());
    pace.may(Kind::Guess, visitor.address, now)?;
    let record = match app.store.by_receipt(code.to_owned()).await? {
        Some(id) => app.own.record(id).await?,
        None => None,
    };
    let own = record.as_ref().and_then(followed);
    if own.is_none() {
        pace.take(Kind::Guess, visitor.address, now)?;
    }
    Ok(own)
}

/// The record whose answer is this one's too: itself, or what it was merged into.
async fn leading(app: &App, own: &Followed) -> Result<Followed, Trouble> {
    let mut last = own.clone();
    for _ in 0..MERGINGS {
        let Some(into) = last.into else {
            break;
        };
        let record = app.own.record(into).await?;
        match record.as_ref().and_then(followed) {
            Some(next) => last = next,
            None => break,
        }
    }
    Ok(last)
}

fn ask(visitor: &Visitor, typed: &str) -> Markup {
    html! {
        h1 { (visitor.get("public-follow")) }
        @if typed.is_empty() {
            p.lead { (visitor.get("public-follow-about")) }
        } @else {
            p.notice.wrong role="alert" { (visitor.get("public-follow-no-code")) }
        }
        p { (visitor.get("public-follow-box")) }
    }
}

fn not_yet(visitor: &Visitor, code: &str) -> Markup {
    html! {
        h1 { (visitor.get("public-follow-unknown")) }
        p.receipt { (code) }
        p { (visitor.get("public-follow-unknown-offline")) }
        p { (visitor.get("public-follow-unknown-check")) }
    }
}

fn whole(
    visitor: &Visitor,
    board: &Board,
    code: &str,
    said: bool,
    own: &Followed,
    leading: &Followed,
) -> Result<Markup, Trouble> {
    let station = own.station.and_then(|id| board.name(id, visitor.lang));
    let is_merged = leading.id != own.id;
    Ok(html! {
        @if said {
            p.notice role="status" { (visitor.get("public-said-suggestion")) }
        }
        p.receipt { (code) }
        h1 { (standing(visitor, own)) }
        p.quiet {
            (visitor.get("public-follow-taken")) " " (dates::day(visitor, own.taken))
            @if let Some(station) = station { " · " (station) }
        }
        @if is_merged {
            p { (visitor.get("public-follow-merged-about")) " " (standing(visitor, leading)) }
        }
        @for step in leading.answers.iter().rev() {
            h2 { (visitor.get("public-follow-answer")) " " (dates::day(visitor, step.at)) }
            p.prose.answer { (step.words.as_deref().unwrap_or_default()) }
        }
        @for (name, key) in &own.ratings {
            p { (visitor.get("public-follow-rating")) " " b { (visitor.get(&format!("choice-{}-{name}-{key}", own.kind))) } }
        }
        @if board.one(ANSWERS.kind, own.id).is_some() {
            p { a href=(visitor.link(&ANSWERS.of(own.id))) { (visitor.get("public-follow-published")) } }
        }
        @if own.ratable { (rating_form(visitor, code, own)?) }
        p.quiet { (visitor.get("public-follow-keep")) }
    })
}

fn standing(visitor: &Visitor, one: &Followed) -> String {
    visitor.get(&format!("public-follow-{}", one.state))
}

fn rating_form(visitor: &Visitor, code: &str, own: &Followed) -> Result<Markup, Trouble> {
    let step = register(&own.kind).and_then(rating).ok_or(Trouble::Internal)?;
    let draft = Draft::default();
    let choices = |name: &str, keys: &[&str]| -> Vec<_> {
        let label = |key: &&str| visitor.get(&format!("choice-{}-{name}-{key}", own.kind));
        keys.iter().map(|key| ((*key).to_owned(), label(key))).collect()
    };
    Ok(html! {
        form.say method="post" action=(visitor.link(&format!("/follow/{code}"))) {
            h2 { (visitor.get("public-follow-rate")) }
            @for mark in step.marks {
                (form::choice(&draft, mark.name, &visitor.get(&format!("choice-{}-{}", own.kind, mark.name)),
                    &choices(mark.name, mark.keys)))
            }
            (form::line(visitor, &draft, "words", "public-follow-words", MAX_WORDS))
            (form::hidden(visitor)?)
            button { (visitor.get("public-send")) }
        }
    })
}

#[cfg(test)]
mod tests {
    use lianxin_shared::id::DocId;
    use lianxin_shared::texts::{Lang, Texts};

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = DocId([7; 16]).receipt_code();
        let plain = code.replace('-', "");
        let wide: String = plain
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
            .collect();
        for typed in [
            code.clone(),
            plain.clone(),
            code.to_lowercase(),
            format!(" {plain} "),
            wide,
        ] {
            assert_eq!(canonical(&typed).as_deref(), Some(code.as_str()), "{typed}");
        }
        for typed in ["", "ABCD", "ABCD-EFGH-JKLM", "ABCD-EFG0", "居民"] {
            assert_eq!(canonical(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_receipt_says_where_it_stands_in_every_state() {
        let states = register(ANSWERS.kind).unwrap().lifecycle.states();
        let keys: Vec<_> = states.map(|state| format!("public-follow-{state}")).collect();
        for lang in Lang::ALL {
            let texts = Texts::of(*lang);
            for key in &keys {
                assert!(texts.has(key), "{lang:?}: {key}");
            }
        }
    }
}
