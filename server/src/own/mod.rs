//! What the server writes itself: records that come from the public page, and the entries that only one decider can make.
//! All of it goes through the one door, like everybody's.

mod duties;

use std::sync::Arc;

use lianxin_shared::document::{Actor, Author, Document, DocumentError};
use lianxin_shared::id::{DeviceId, DocId, Heads};
use lianxin_shared::records::{Envelope, Event, Record, Values, register};
use lianxin_shared::rules::{Principal, Refusal, SERVER};

use crate::clock::now;
use crate::store::{Store, StoreError};
use crate::sync::{Answer, Door, Submission, open};

pub use duties::{Duties, Owed};

/// The device that the server is to itself.
const DEVICE: DeviceId = DeviceId([0; 16]);

/// Why the server's own entry was not made.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document does not take it.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The door did not take it.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Others were quicker each time.
    #[error("busy")]
    Busy,
}

/// A record that the server starts.
#[derive(Debug, Clone)]
pub struct New {
    /// Its id.
    pub id: DocId,
    /// Its register's kind.
    pub kind: &'static str,
    /// The station it belongs to.
    pub station: Option<DocId>,
    /// Its fields.
    pub values: Values,
    /// Its first step, if it takes one at once.
    pub act: Option<&'static str>,
}

/// The server as one who writes. All clones are one.
#[derive(Clone)]
pub struct Own {
    store: Arc<dyn Store>,
    door: Door,
    principal: Principal,
    actor: Actor,
}

impl Own {
    /// The server, with an actor for this start of the process.
    pub fn new(store: Arc<dyn Store>, door: Door) -> Result<Self, StoreError> {
        let unavailable = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
        let mut actor = [0; 16];
        getrandom::fill(&mut actor).map_err(|e| unavailable(&e))?;
        let user = SERVER.parse().map_err(|e| unavailable(&e))?;
        Ok(Self {
            store,
            door,
            principal: Principal::new(user, []),
            actor: Actor(actor),
        })
    }

    /// Who the server is to the rules.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// A step that the server takes, now.
    pub fn event(&self, act: &str) -> Event {
        Event::new(act, &self.principal.user, now())
    }

    /// Starts records, which are stored together.
    pub async fn create(&self, records: &[New]) -> Result<(), OwnError> {
        let author = self.author();
        let mut submissions = Vec::new();
        for record in records {
            let envelope = Envelope {
                schema: register(record.kind).map_or(1, |register| register.schema),
                kind: record.kind.to_owned(),
                id: record.id,
                station: record.station,
                owner: author.user.clone(),
                created_at: author.at,
                attachments: Vec::new(),
            };
            let events: Vec<_> = record.act.iter().map(|act| self.event(act)).collect();
            let mut document = Document::create(&envelope, &record.values, &events, &author)?;
            submissions.push(Submission::of_chunks(record.id, document.changes_since(&[])));
        }
        self.submit(submissions).await
    }

    /// Appends a step to a record, if `step` finds one for it as it stands; answers whether it did.
    pub async fn append(
        &self,
        doc: DocId,
        step: impl Fn(&Record) -> Option<Event> + Send + Sync,
    ) -> Result<bool, OwnError> {
        let Some(content) = self.store.content(doc).await? else {
            return Ok(false);
        };
        let mut document = open(&content)?;
        let Some(event) = step(&document.record()?) else {
            return Ok(false);
        };
        let known = document.heads();
        document.edit(&known, &Values::new(), &[event], &self.author())?;
        self.push(doc, &mut document, &known).await?;
        Ok(true)
    }

    /// A record as it stands.
    pub async fn record(&self, doc: DocId) -> Result<Option<Record>, OwnError> {
        let content = self.store.content(doc).await?;
        Ok(content.map(|content| open(&content)?.record()).transpose()?)
    }

    fn author(&self) -> Author {
        Author {
            user: self.principal.user.clone(),
            actor: self.actor,
            at: now(),
        }
    }

    async fn push(&self, doc: DocId, document: &mut Document, known: &Heads) -> Result<(), OwnError> {
        let submission = Submission::of_chunks(doc, document.changes_since(known.as_slice()));
        self.submit(vec![submission]).await
    }

    async fn submit(&self, submissions: Vec<Submission>) -> Result<(), OwnError> {
        let answers = self.door.accept(&self.principal, DEVICE, submissions).await?;
        for answer in answers {
            match answer {
                Answer::Accepted { .. } => {}
                Answer::Refused(refusal) => return Err(OwnError::Refused(refusal)),
                Answer::Busy => return Err(OwnError::Busy),
            }
        }
        Ok(())
    }
}
