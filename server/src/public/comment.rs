//! `POST /public/ledger/{id}`: what somebody says of a task, and how they judge it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Value, Values, register};
use lianxin_shared::rules::{Completeness, Published, validate};
use maud::{Markup, html};

use super::form::{self, Draft};
use super::section::LEDGER;
use super::task;
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::write;
use super::{fields, layout};
use crate::app::App;
use crate::limits::Address;
use crate::own::New;

/// The three public acts: 提意见、监督、评判.
pub(super) const ASPECTS: [&str; 3] = ["measures", "process", "effect"];

/// What can be said after a comment was sent: messages `public-said-KEY`.
pub(super) const SAID: [&str; 2] = ["received", "unrated"];

/// The most characters of a comment: in a form each can take nine bytes.
const MAX_WORDS: usize = 1_000;

/// How long one address's rating of a task stands alone.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The most ratings that are remembered. Beyond, those of the last day that are known still count, and others go unhindered.
const MOST: usize = 50_000;

/// Who has rated which task today, in memory: enough to keep one person from being many, and no record of who was here.
#[derive(Debug, Default)]
pub(super) struct Rated(Mutex<HashMap<(Address, DocId), Instant>>);

impl Rated {
    fn may(&self, address: Address, task: DocId, now: Instant) -> bool {
        let rated = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rated
            .get(&(address, task))
            .is_none_or(|at| now.duration_since(*at) >= DAY)
    }

    fn mark(&self, address: Address, task: DocId, now: Instant) {
        let mut rated = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rated.len() >= MOST {
            rated.retain(|_, at| now.duration_since(*at) < DAY);
        }
        if rated.len() < MOST {
            rated.insert((address, task), now);
        }
    }
}

/// Takes a comment. It waits for the office; the page says that there is one.
pub async fn comment(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    mut draft: Draft,
) -> Result<Response, Trouble> {
    let board = app.public.board(&app).await?;
    let id: DocId = id.parse().map_err(|_| Trouble::Unknown)?;
    let task = board.one(LEDGER.kind, id).ok_or(Trouble::Unknown)?;
    let register = register("comment").ok_or(Trouble::Internal)?;
    let mut values: Values = [("task".to_owned(), Value::Text(id.to_string()))].into();
    for name in ["aspect", "body"] {
        values.insert(name.to_owned(), Value::from(draft.get(name)));
    }
    let rating = draft
        .get("rating")
        .parse::<i64>()
        .ok()
        .filter(|n| (1..=5).contains(n));
    draft.limit(&visitor, "body", MAX_WORDS);
    draft.find(&visitor, validate(register, &values, Completeness::Complete));
    if !draft.is_good() {
        let body = task::whole(&visitor, &board, task, None, &draft)?;
        let page = layout::private(&visitor, fields::title(task), &body);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let (rated, now) = (&app.public.0.rated, Instant::now());
    let counts = rated.may(visitor.address, id, now);
    if let Some(rating) = rating.filter(|_| counts) {
        values.insert("rating".to_owned(), Value::Number(rating));
    }
    let new = New {
        id: write::id_of(&app, "comment", &draft),
        kind: "comment",
        station: None,
        values,
        act: Some("submit"),
    };
    let is_new = write::create(&app, &[new]).await?;
    if is_new && rating.is_some() && counts {
        rated.mark(visitor.address, id, now);
    }
    let said = if is_new && rating.is_some() && !counts {
        "unrated"
    } else {
        "received"
    };
    let address = visitor.link(&format!("{}?said={said}", LEDGER.of(id)));
    Ok(Redirect::to(&address).into_response())
}

/// The form below a task.
pub(super) fn form(visitor: &Visitor, task: &Published, draft: &Draft) -> Result<Markup, Trouble> {
    let aspect = |key: &str| {
        (
            key.to_owned(),
            visitor.get(&format!("choice-comment-aspect-{key}")),
        )
    };
    let rating = |n: i64| (n.to_string(), visitor.get(&format!("public-rating-{n}")));
    let aspects: Vec<_> = ASPECTS.into_iter().map(aspect).collect();
    let ratings: Vec<_> = (1..=5).rev().map(rating).collect();
    Ok(html! {
        form.say method="post" action=(visitor.link(&LEDGER.of(task.id))) {
            h2 { (visitor.get("public-say")) }
            p.quiet { (visitor.get("public-say-about")) }
            (form::summary(visitor, draft))
            (form::choice(draft, "aspect", &visitor.get("public-say-aspect"), &aspects))
            (form::area(visitor, draft, "body", "public-say-body", MAX_WORDS))
            (form::choice(draft, "rating", &visitor.get("public-say-rating"), &ratings))
            (form::hidden(visitor)?)
            button { (visitor.get("public-send")) }
        }
    })
}
