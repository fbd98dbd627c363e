//! `GET /api/documents/{id}`: one document, for whoever may read it; `…/companion`: the one that accompanies it.

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use lianxin_shared::document::{Document, DocumentError};
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::protocol::Receipt;
use lianxin_shared::records::{Record, Register};
use lianxin_shared::rules::{may_read, may_read_companion};
use minicbor::Encode;
use minicbor::bytes::ByteVec;

use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::sync::{open, receipt};

/// A document with its history.
#[derive(Encode)]
#[cbor(map)]
struct Opened {
    /// The document, saved.
    #[n(0)]
    document: ByteVec,
    /// Its state.
    #[n(1)]
    heads: Heads,
    /// The receipt for it.
    #[n(2)]
    receipt: Receipt,
}

/// The document. One that the caller may not read is as unknown as one that is not there.
pub async fn document(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    let found = Found::of(&app, id).await?;
    if !may_read(&signed.principal, &found.record) {
        return Err(Problem::DocumentUnknown);
    }
    found.answer(&app)
}

/// The document that accompanies another, as the contact accompanies a suggestion: for whoever may read it by itself, and for
/// whoever the other is assigned to.
pub async fn companion(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    let main = Found::of(&app, id).await?;
    let register = main.record.register().and_then(Register::companion);
    let register = register.ok_or(Problem::DocumentUnknown)?;
    let companion = Found::of(&app, id.companion(register.kind)).await?;
    if !may_read_companion(&signed.principal, &main.record, &companion.record) {
        return Err(Problem::DocumentUnknown);
    }
    companion.answer(&app)
}

/// A document that is here.
struct Found {
    id: DocId,
    heads: Heads,
    document: Document,
    record: Record,
}

impl Found {
    async fn of(app: &App, id: DocId) -> Result<Self, Problem> {
        let content = app.store.content(id).await?.ok_or(Problem::DocumentUnknown)?;
        let unreadable = |error: DocumentError| {
            tracing::error!(%error, doc = %id, "document.unreadable");
            Problem::Internal
        };
        let document = open(&content).map_err(unreadable)?;
        Ok(Self {
            id,
            record: document.record().map_err(unreadable)?,
            heads: content.heads,
            document,
        })
    }

    fn answer(mut self, app: &App) -> Result<Response, Problem> {
        let opened = Opened {
            document: self.document.save().into(),
            receipt: receipt(&app.life, self.id, self.heads.clone()),
            heads: self.heads,
        };
        let bytes = minicbor::to_vec(opened).map_err(|_| Problem::Internal)?;
        Ok(([(CONTENT_TYPE, "application/cbor")], bytes).into_response())
    }
}
