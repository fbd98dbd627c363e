//! `POST /api/sync`: one exchange. Frames of pushes are made durable and answered one by one; what the device lacks
//! follows within its budget.

use std::collections::HashSet;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use lianxin_shared::document::inspect;
use lianxin_shared::id::{ChangeHash, DocId};
use lianxin_shared::protocol::{
    Down, FaultCode, FrameReader, Hello, Outcome, PROTOCOL, Push, Up, Welcome, encode_frame,
};
use lianxin_shared::rules::channels_read_by;
use tokio::sync::mpsc;

use super::pull::Puller;
use crate::app::App;
use crate::auth::Signed;
use crate::problem::Problem;
use crate::store::StoreError;

/// The largest request, in bytes.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// How many frames wait for a slow line before the work does.
const AHEAD: usize = 4;

/// A request as it arrives.
struct Request {
    body: BodyDataStream,
    reader: FrameReader,
    /// Bytes that may still come.
    left: usize,
}

/// Answers one exchange. A request without a readable hello is a problem; from there on the good frames go in, and what is
/// wrong is told within the answer.
pub async fn exchange(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_BODY) {
        return Err(Problem::BodyTooLarge);
    }
    let mut request = Request {
        body: body.into_data_stream(),
        reader: FrameReader::default(),
        left: MAX_BODY,
    };
    let mut first = request
        .frame()
        .await
        .map_err(|_| Problem::FrameInvalid)?
        .into_iter();
    let Some(Up::Hello(hello)) = first.next() else {
        return Err(Problem::MessageUnexpected);
    };
    if hello.protocol != PROTOCOL {
        return Err(Problem::ProtocolUnsupported);
    }
    let (frames, answer) = mpsc::channel(AHEAD);
    // The work goes on when the line is cut: what has arrived is taken either way.
    tokio::spawn(async move {
        let first = first.collect();
        if let Err(error) = answer_frames(&app, &signed, hello, first, request, &frames).await {
            tracing::error!(%error, "sync.failed");
            // Without its end the answer counts as cut, and the device comes again.
            drop(
                frames
                    .send(Err(std::io::Error::other("the server could not go on")))
                    .await,
            );
        }
    });
    let frames = stream::unfold(answer, |mut answer| async {
        answer.recv().await.map(|frame| (frame, answer))
    });
    Ok(([(CONTENT_TYPE, "application/cbor")], Body::from_stream(frames)).into_response())
}

impl Request {
    /// The next frame. A request that is over, cut or too long has none.
    async fn frame(&mut self) -> Result<Vec<Up>, FaultCode> {
        loop {
            if let Some(messages) = self.reader.next_frame().map_err(|_| FaultCode::FrameInvalid)? {
                return Ok(messages);
            }
            let Some(Ok(bytes)) = self.body.next().await else {
                return Err(FaultCode::FrameInvalid);
            };
            self.left = self
                .left
                .checked_sub(bytes.len())
                .ok_or(FaultCode::FrameInvalid)?;
            self.reader.push(&bytes);
        }
    }
}

/// The pushes of a frame, and whether it closes the request.
fn pushes(messages: Vec<Up>) -> Result<(Vec<Push>, bool), FaultCode> {
    let mut pushes = Vec::new();
    let mut ended = false;
    for message in messages {
        match message {
            Up::Push(push) if !ended => pushes.push(push),
            Up::End => ended = true,
            _ => return Err(FaultCode::MessageUnexpected),
        }
    }
    Ok((pushes, ended))
}

type Frames = mpsc::Sender<Result<Bytes, std::io::Error>>;

async fn answer_frames(
    app: &App,
    signed: &Signed,
    hello: Hello,
    first: Vec<Up>,
    mut request: Request,
    out: &Frames,
) -> Result<(), StoreError> {
    let send = async |messages: Vec<Down>| drop(out.send(Ok(encode_frame(&messages).into())).await);
    let channels: Vec<String> = channels_read_by(&signed.principal)
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut head = vec![Down::Welcome(Welcome {
        epoch: app.life.epoch,
        channels: channels.clone(),
    })];
    let mut known = HashSet::new();
    let mut frame = Ok(first);
    let fault = loop {
        let (pushes, ended) = match frame.and_then(pushes) {
            Ok(read) => read,
            Err(fault) => break Some(fault),
        };
        if !pushes.is_empty() {
            let hashes = hashes(&pushes);
            let results = app.door.accept(&signed.principal, hello.device, pushes).await?;
            let accepted = results
                .iter()
                .filter(|result| matches!(result.outcome, Outcome::Accepted(_)));
            for result in accepted {
                known.extend(
                    hashes
                        .iter()
                        .filter(|(doc, _)| *doc == result.doc)
                        .flat_map(|(_, hashes)| hashes),
                );
            }
            head.extend(results.into_iter().map(Down::Result));
            send(std::mem::take(&mut head)).await;
        }
        if ended {
            break None;
        }
        frame = request.frame().await;
    };
    head.extend(fault.map(Down::Fault));

    let mut more = false;
    if hello.budget > 0 {
        let cursors = if hello.epoch == Some(app.life.epoch) {
            hello.cursors
        } else {
            Default::default()
        };
        let mut puller = Puller::new(
            app.store.clone(),
            app.life.clone(),
            channels,
            &cursors,
            known,
            hello.budget,
        );
        while !puller.is_done() && puller.has_budget() {
            head.extend(puller.frame().await?);
            if !puller.is_done() && !head.is_empty() {
                send(std::mem::take(&mut head)).await;
            }
            if out.is_closed() {
                // Nobody listens any more; all that was pushed is in.
                return Ok(());
            }
        }
        more = !puller.is_done();
    }
    head.push(Down::End { more });
    send(head).await;
    Ok(())
}

fn hashes(pushes: &[Push]) -> Vec<(DocId, Vec<ChangeHash>)> {
    let of = |push: &Push| {
        push.changes
            .iter()
            .filter_map(|c| inspect(c).ok())
            .map(|info| info.hash)
            .collect()
    };
    pushes.iter().map(|push| (push.doc, of(push))).collect()
}
