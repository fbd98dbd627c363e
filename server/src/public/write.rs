//! What the public pages write: entries of the server's own, through the one door like everything else.

use lianxin_shared::document::{Actor, Author, Document, DocumentError};
use lianxin_shared::id::{DeviceId, DocId, UserId};
use lianxin_shared::records::{Envelope, Event, Record, Values, register};
use lianxin_shared::rules::{Principal, SERVER};
use sha2::{Digest, Sha256};

use super::form::Draft;
use super::trouble::Trouble;
use crate::app::App;
use crate::clock::now;
use crate::sync::{Answer, Submission, open};

/// The device that the public pages write as.
const DEVICE: DeviceId = DeviceId(*b"the public pages");

/// A record to be started.
pub(super) struct New {
    pub(super) id: DocId,
    pub(super) kind: &'static str,
    pub(super) station: Option<DocId>,
    pub(super) values: Values,
    /// Its first step, if it takes one.
    pub(super) act: Option<&'static str>,
}

impl From<DocumentError> for Trouble {
    fn from(error: DocumentError) -> Self {
        tracing::error!(%error, "public.document");
        Self::Internal
    }
}

impl From<getrandom::Error> for Trouble {
    fn from(error: getrandom::Error) -> Self {
        tracing::error!(%error, "public.random");
        Self::Internal
    }
}

/// 128 random bits.
pub(super) fn fresh() -> Result<String, getrandom::Error> {
    random().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The id of what a form makes. The same form with the same words makes the same record, so sending it twice sends it once;
/// nobody can work it out from the form.
pub(super) fn id_of(app: &App, about: &str, draft: &Draft) -> DocId {
    let mut hash = Sha256::new()
        .chain_update(b"public form")
        .chain_update(app.life.receipt_key)
        .chain_update(about);
    for part in draft.all().flat_map(|(name, text)| [name, text]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize()[..16]);
    DocId(id)
}

/// Starts records, all or none; answers whether they are new. Where the first is there already, so are the others.
pub(super) async fn create(app: &App, records: Vec<New>) -> Result<bool, Trouble> {
    let _writing = app.public.0.writing.lock().await;
    if let Some(first) = records.first()
        && app.store.content(first.id).await?.is_some()
    {
        return Ok(false);
    }
    let mut submissions = Vec::new();
    for record in records {
        let author = author()?;
        let envelope = Envelope {
            schema: register(record.kind).map_or(1, |register| register.schema),
            kind: record.kind.to_owned(),
            id: record.id,
            station: record.station,
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let events: Vec<_> = record
            .act
            .map(|act| Event::new(act, &author.user, author.at))
            .into_iter()
            .collect();
        let mut document = Document::create(&envelope, &record.values, &events, &author)?;
        submissions.push(Submission::of_chunks(record.id, document.changes_since(&[])));
    }
    accept(app, submissions).await.map(|()| true)
}

/// Takes a step on a record, if it still stands as it must; answers whether it was taken.
pub(super) async fn step(
    app: &App,
    id: DocId,
    stands: impl Fn(&Record) -> bool,
    event: impl Fn(&Author) -> Event,
) -> Result<bool, Trouble> {
    let _writing = app.public.0.writing.lock().await;
    let content = app.store.content(id).await?.ok_or(Trouble::Unknown)?;
    let mut document = open(&content)?;
    if !stands(&document.record()?) {
        return Ok(false);
    }
    let (author, base) = (author()?, document.heads());
    document.edit(&base, &Values::new(), &[event(&author)], &author)?;
    let changes = document.changes_since(base.as_slice());
    accept(app, vec![Submission::of_chunks(id, changes)]).await?;
    Ok(true)
}

/// The record in a document, if there is one.
pub(super) async fn read(app: &App, id: DocId) -> Result<Option<Record>, Trouble> {
    let Some(content) = app.store.content(id).await? else {
        return Ok(None);
    };
    Ok(Some(open(&content)?.record()?))
}

async fn accept(app: &App, submissions: Vec<Submission>) -> Result<(), Trouble> {
    let server = Principal::new(server()?, []);
    let answers = app.door.accept(&server, DEVICE, submissions).await?;
    app.public.0.board.stale();
    for answer in answers {
        match answer {
            Answer::Accepted { .. } => {}
            Answer::Busy => return Err(Trouble::Unavailable),
            Answer::Refused(refusal) => {
                tracing::error!(%refusal, "public.refused");
                return Err(Trouble::Internal);
            }
        }
    }
    Ok(())
}

/// Each write has an actor of its own: so no two have to be in order, and a failed one leaves no number behind.
fn author() -> Result<Author, Trouble> {
    Ok(Author {
        user: server()?,
        actor: Actor(random()?),
        at: now(),
    })
}

fn server() -> Result<UserId, Trouble> {
    SERVER.parse().map_err(|_| Trouble::Internal)
}

fn random() -> Result<[u8; 16], getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
