//! Laying one record down, and what is done to it: through the one door, like everybody's.

use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment, UserId};
use lianxin_shared::records::{Envelope, Event, Value, Values, register};
use lianxin_shared::rules::{Principal, RefusalCode};
use sha2::{Digest, Sha256};

use super::DemoError;
use super::cast::{principal, system};
use crate::app::App;
use crate::clock::now;
use crate::sync::{Answer, Submission};

/// Whom the office assigns records to.
const HANDLER: &str = "handler1";

pub(super) const HOUR_MS: i64 = 60 * 60 * 1000;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

pub(super) async fn lay_reference(
    app: &App,
    kind: &str,
    name: &str,
    values: &[(&str, Value)],
) -> Result<(), DemoError> {
    let values = values.iter().filter(|(_, value)| !value.is_empty());
    let values = values
        .map(|(field, value)| ((*field).to_owned(), value.clone()))
        .collect();
    let envelope = envelope(kind, named(name), None, &system()?.user, Moment(0));
    create(app, &system()?, envelope, &values, &[]).await
}

/// The office's steps on a record, an hour after each other.
pub(super) async fn office(
    app: &App,
    id: DocId,
    steps: &[(&str, &str)],
    since: Moment,
) -> Result<(), DemoError> {
    if steps.is_empty() {
        return Ok(());
    }
    let clerk = principal("clerk1")?;
    let mut events = Vec::new();
    for (n, (act, words)) in (1..).zip(steps) {
        let at = Moment(since.0 + n * HOUR_MS);
        let mut event = Event::new(act, &clerk.user, at).with_words(words);
        if *act == "assign" {
            event.handler = Some(HANDLER.parse()?);
            event.due = Some(Moment(now().0 + 10 * DAY_MS));
        }
        events.push(event);
    }
    act(app, &clerk, id, events).await
}

/// Steps on a record, each a change of its own.
pub(super) async fn act(app: &App, by: &Principal, id: DocId, events: Vec<Event>) -> Result<(), DemoError> {
    let Some(content) = app.store.content(id).await? else {
        return Ok(());
    };
    let mut document = crate::sync::open(&content)?;
    let known = document.heads();
    for event in events {
        let (base, author) = (document.heads(), author(&by.user, event.at));
        document.edit(&base, &Values::new(), &[event], &author)?;
    }
    push(app, by, id, &mut document, &known).await
}

pub(super) async fn create(
    app: &App,
    by: &Principal,
    envelope: Envelope,
    values: &Values,
    events: &[Event],
) -> Result<(), DemoError> {
    let id = envelope.id;
    if app.store.content(id).await?.is_some() {
        return Ok(());
    }
    let author = author(&by.user, envelope.created_at);
    let mut document = Document::create(&envelope, values, events, &author)?;
    push(app, by, id, &mut document, &Heads::default()).await
}

pub(super) async fn push(
    app: &App,
    by: &Principal,
    doc: DocId,
    document: &mut Document,
    known: &Heads,
) -> Result<(), DemoError> {
    let submission = Submission::of_chunks(doc, document.changes_since(known.as_slice()));
    let device = DeviceId(named("device:demo").0);
    match app.door.accept(by, device, vec![submission]).await?.pop() {
        // What somebody has removed for good stays so.
        Some(Answer::Refused(refusal)) if refusal.code == RefusalCode::Erased => Ok(()),
        Some(Answer::Refused(refusal)) => Err(refusal.into()),
        _ => Ok(()),
    }
}

pub(super) fn envelope(
    kind: &str,
    id: DocId,
    station: Option<DocId>,
    owner: &UserId,
    created_at: Moment,
) -> Envelope {
    let schema = register(kind).map_or(1, |register| register.schema);
    let kind = kind.to_owned();
    Envelope {
        schema,
        kind,
        id,
        station,
        owner: owner.clone(),
        created_at,
        attachments: Vec::new(),
    }
}

/// One actor a user: these documents are written once, by this program alone.
pub(super) fn author(user: &UserId, at: Moment) -> Author {
    Author {
        user: user.clone(),
        actor: Actor(named(&format!("actor:{user}")).0),
        at,
    }
}

/// An id that is the same in every database.
pub(super) fn named(name: &str) -> DocId {
    let digest = Sha256::digest(name.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    DocId(id)
}
