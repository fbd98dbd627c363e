//! `HEAD` and `PATCH /api/documents/{id}/files/{hash}`: the core of tus 1.0. Nothing has to be created first: the record that
//! names the file has said how large it is and what is in it.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::asked::Asked;
use super::{Files, FilesError};
use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;

/// The version of tus.
const TUS: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
/// Up to where the bytes are.
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// How many there are in all.
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// The media type of a piece.
const PIECE: &str = "application/offset+octet-stream";

/// How much is gathered before it is written. What was written survives any cut.
const GATHERED: usize = 256 * 1024;

/// Of less than this nothing is kept, unless it is the end: a file must not come to thousands of pieces.
const LEAST: usize = 4 * 1024;

/// The most that is read of a piece that is not taken, in bytes.
const READ_OUT: usize = 1024 * 1024;

/// A line that is silent for so long is a cut line.
const SILENCE: Duration = Duration::from_secs(30);

/// Up to where the file is here.
pub async fn standing(
    State(app): State<App>,
    signed: Signed,
    address: Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    is_spoken(&headers)?;
    let Asked { file, .. } = Asked::of(&app, &signed, address).await?;
    let offset = app.files.offset(&file).await?;
    let headers = [
        (TUS, VERSION),
        (OFFSET, offset.into()),
        (LENGTH, file.size.into()),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::OK, headers).into_response())
}

/// Takes the next bytes. However they end, what came of them is kept.
pub async fn append(
    State(app): State<App>,
    signed: Signed,
    address: Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let body = body.into_data_stream();
    let (asked, offset) = match awaited(&app, &signed, address, &headers).await {
        Ok(awaited) => awaited,
        Err(problem) => {
            read_out(body).await;
            return Err(problem);
        }
    };
    // On its own: when the line is cut this request is given up, and what has come must be kept all the same.
    let files = app.files.clone();
    let taking = tokio::spawn(async move { take(&files, &asked, offset, body).await });
    let offset = taking.await.map_err(|_| Problem::Internal)??;
    Ok((StatusCode::NO_CONTENT, [(TUS, VERSION), (OFFSET, offset.into())]).into_response())
}

/// The file that a piece is of, and where it goes on, if that is where the file stands.
async fn awaited(
    app: &App,
    signed: &Signed,
    address: Path<(String, String)>,
    headers: &HeaderMap,
) -> Result<(Asked, u64), Problem> {
    is_spoken(headers)?;
    if headers.get(CONTENT_TYPE).is_none_or(|kind| kind != PIECE) {
        return Err(Problem::UploadTypeUnsupported);
    }
    let offset = headers.get(OFFSET).and_then(|offset| offset.to_str().ok());
    let offset: u64 = offset
        .and_then(|offset| offset.parse().ok())
        .ok_or(Problem::RequestInvalid)?;
    let asked = Asked::of(app, signed, address).await?;
    if app.files.offset(&asked.file).await? != offset {
        return Err(Problem::OffsetWrong);
    }
    Ok((asked, offset))
}

/// Reads what is on its way of a piece that is not taken: a line that closes over unread bytes takes the answer with it.
async fn read_out(mut body: BodyDataStream) {
    let reading = async {
        let mut left = READ_OUT;
        while let Some(Ok(bytes)) = body.next().await
            && let Some(rest) = left.checked_sub(bytes.len())
        {
            left = rest;
        }
    };
    // Whoever takes longer does not wait for the answer.
    drop(tokio::time::timeout(SILENCE, reading).await);
}

fn is_spoken(headers: &HeaderMap) -> Result<(), Problem> {
    let spoken = headers.get(&TUS).is_some_and(|version| version == VERSION);
    spoken.then_some(()).ok_or(Problem::TusUnsupported)
}

/// Writes bytes as they come; answers up to where they are here.
async fn take(
    files: &Files,
    asked: &Asked,
    mut offset: u64,
    mut body: BodyDataStream,
) -> Result<u64, Problem> {
    let mut gathered = BytesMut::new();
    loop {
        let next = tokio::time::timeout(SILENCE, body.next()).await;
        let Ok(Some(Ok(bytes))) = next else { break };
        if offset + (gathered.len() + bytes.len()) as u64 > asked.file.size {
            return Err(Problem::BodyTooLarge);
        }
        gathered.extend_from_slice(&bytes);
        if gathered.len() >= GATHERED {
            offset = write(files, asked, offset, gathered.split().freeze()).await?;
        }
    }
    let is_end = offset + gathered.len() as u64 == asked.file.size;
    if !gathered.is_empty() && (is_end || gathered.len() >= LEAST) {
        offset = write(files, asked, offset, gathered.freeze()).await?;
    }
    Ok(offset)
}

async fn write(files: &Files, asked: &Asked, offset: u64, piece: Bytes) -> Result<u64, FilesError> {
    let end = offset + piece.len() as u64;
    files.add(&asked.file, &asked.kind, offset, piece).await?;
    Ok(end)
}
