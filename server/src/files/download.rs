//! `GET /api/documents/{id}/files/{hash}`: a file, for whoever may read a record that names it.

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use lianxin_shared::records::{Attachment, PDF};

use super::asked::Asked;
use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;

/// The file. What is in it runs nothing.
pub async fn download(
    State(app): State<App>,
    signed: Signed,
    address: Path<(String, String)>,
) -> Result<Response, Problem> {
    let Asked { file, kind } = Asked::of(&app, &signed, address).await?;
    let bytes = app.files.read(file.hash).await?.ok_or(Problem::FileNotHere)?;
    let ending = if kind == PDF { "pdf" } else { "jpg" };
    let name = &file.hash.to_string()[..12];
    let headers: [(HeaderName, String); 3] = [
        (CONTENT_TYPE, kind),
        (
            CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.{ending}\""),
        ),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The bytes of a picture, for a page that has it within itself; nothing where it is no picture or not here yet.
pub(crate) async fn picture(app: &App, attachment: &Attachment) -> Option<Bytes> {
    if !attachment.is_picture() {
        return None;
    }
    app.files.read(attachment.file.hash).await.ok()?
}
