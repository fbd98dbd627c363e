//! `GET /api/documents/{id}`: one document, for whoever may read it.

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::protocol::Receipt;
use lianxin_shared::rules::may_read;
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
    let content = app.store.content(id).await?.ok_or(Problem::DocumentUnknown)?;
    let unreadable = |error: lianxin_shared::document::DocumentError| {
        tracing::error!(%error, doc = %id, "document.unreadable");
        Problem::Internal
    };
    let mut document = open(&content).map_err(unreadable)?;
    if !may_read(&signed.principal, &document.record().map_err(unreadable)?) {
        return Err(Problem::DocumentUnknown);
    }
    let receipt = receipt(&app.life, id, content.heads.clone());
    let opened = Opened {
        document: document.save().into(),
        heads: content.heads,
        receipt,
    };
    let bytes = minicbor::to_vec(opened).map_err(|_| Problem::Internal)?;
    Ok(([(CONTENT_TYPE, "application/cbor")], bytes).into_response())
}
