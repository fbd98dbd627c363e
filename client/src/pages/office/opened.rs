//! A record as the office opens it: the document, its companion, and writing to it.

use std::rc::Rc;

use lianxin_shared::document::{Author, Concurrent, Document, DocumentError, Edit, Revision};
use lianxin_shared::id::{DeviceId, DocId, Heads};
use lianxin_shared::records::{Attachment, Event, Record, Register, Values};
use minicbor::Decode;
use minicbor::bytes::ByteVec;

use super::push::{PushError, push};
use crate::api::{Api, ApiError};
use crate::vault::VaultError;

/// Why a record could not be opened or written.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum OpenError {
    /// The server did not answer, or said no.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// There is no such record, or it is none of the user's business.
    #[error("no such record")]
    Gone,
    /// The answer holds no record that this version knows.
    #[error("cannot be read: {0}")]
    Unreadable(Rc<DocumentError>),
    /// The step cannot be taken from where the record stands by now.
    #[error("not from here")]
    MovedOn,
    /// The changes did not go in.
    #[error(transparent)]
    Push(#[from] PushError),
    /// The device did not keep what is half written.
    #[error(transparent)]
    Vault(Rc<VaultError>),
}

impl From<VaultError> for OpenError {
    fn from(error: VaultError) -> Self {
        Self::Vault(Rc::new(error))
    }
}

impl From<DocumentError> for OpenError {
    fn from(error: DocumentError) -> Self {
        Self::Unreadable(Rc::new(error))
    }
}

/// What the user writes: values, events, what hangs on the record.
#[derive(Debug, Default)]
pub(in crate::pages) struct Written {
    pub(super) values: Values,
    pub(super) events: Vec<Event>,
    /// Nothing where that is not touched.
    pub(super) attachments: Option<Vec<Attachment>>,
}

/// How the server hands out a document.
#[derive(Decode)]
#[cbor(map)]
struct Stored {
    #[n(0)]
    document: ByteVec,
}

/// A record with its document. Equal to itself alone.
#[derive(Debug)]
pub(super) struct Opened {
    document: Document,
    /// The state it was opened in.
    heads: Heads,
    /// Its register.
    pub(super) register: &'static Register,
    /// The record.
    pub(super) record: Record,
    /// Who changed what, when.
    pub(super) revisions: Vec<Revision>,
    /// What people wrote at once.
    pub(super) concurrent: Vec<Concurrent>,
    /// What goes with it in narrower channels, if there is anything and the user may see it.
    pub(super) companion: Option<Record>,
}

/// A record as a prop: equal to itself alone.
#[derive(Debug, Clone)]
pub(super) struct Same(pub(super) Rc<Opened>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Opened {
    /// Opens a record and its companion.
    pub(super) async fn open(api: &Api, id: DocId) -> Result<Self, OpenError> {
        let mut document = fetch(api, id).await?;
        let record = document.record()?;
        let register = record
            .register()
            .ok_or_else(|| DocumentError::NotARecord(record.envelope.kind.clone()))?;
        let companion = match register.companion() {
            None => None,
            Some(companion) => match fetch(api, id.companion(companion.kind)).await {
                Ok(document) => Some(document.record()?),
                Err(OpenError::Gone) => None,
                Err(error) => return Err(error),
            },
        };
        Ok(Self {
            heads: document.heads(),
            revisions: document.history(),
            concurrent: document.concurrent(),
            document,
            register,
            record,
            companion,
        })
    }

    /// Writes on top of what was opened, and sends it.
    pub(super) async fn write(
        &self,
        api: &Api,
        device: DeviceId,
        author: &Author,
        written: &Written,
    ) -> Result<(), OpenError> {
        let mut document = self.document.clone();
        let edit = Edit {
            values: &written.values,
            events: &written.events,
            attachments: written.attachments.as_deref(),
        };
        if !document.revise(&self.heads, &edit, author)? {
            return Ok(());
        }
        let changes = document.changes_since(self.heads.as_slice());
        push(api, device, self.record.envelope.id, changes).await?;
        Ok(())
    }
}

async fn fetch(api: &Api, id: DocId) -> Result<Document, OpenError> {
    let bytes = match api.bytes(&format!("/api/documents/{id}")).await {
        Err(ApiError::Problem {
            status: 403 | 404 | 410,
            ..
        }) => return Err(OpenError::Gone),
        answer => answer?,
    };
    let stored: Stored =
        minicbor::decode(&bytes).map_err(|e| OpenError::Api(ApiError::Unreadable(e.to_string())))?;
    Ok(Document::load(&stored.document)?)
}
