//! `POST /api/sync`: one exchange. Frames of pushes are made durable and answered one by one; what the device lacks
//! follows within its budget.

use std::collections::HashSet;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use lianxin_shared::document::inspect;
use lianxin_shared::id::ChangeHash;
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

/// A request, read.
struct Request {
    hello: Hello,
    /// The pushes of each frame.
    frames: Vec<Vec<Push>>,
    /// Why the rest could not be read.
    fault: Option<FaultCode>,
}

/// Answers one exchange. A request without a readable hello is a problem; from there on the good frames go in, and what is
/// wrong is told within the answer.
pub async fn exchange(State(app): State<App>, signed: Signed, body: Bytes) -> Result<Response, Problem> {
    let request = read(&body)?;
    let (frames, answer) = mpsc::channel(AHEAD);
    // The work goes on when the line is cut: what has arrived is taken either way.
    tokio::spawn(async move {
        if let Err(error) = answer_frames(&app, &signed, request, &frames).await {
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

fn read(body: &[u8]) -> Result<Request, Problem> {
    let mut reader = FrameReader::default();
    reader.push(body);
    let first = reader
        .next_frame::<Up>()
        .ok()
        .flatten()
        .ok_or(Problem::FrameInvalid)?;
    let mut messages = first.into_iter();
    let Some(Up::Hello(hello)) = messages.next() else {
        return Err(Problem::MessageUnexpected);
    };
    if hello.protocol != PROTOCOL {
        return Err(Problem::ProtocolUnsupported);
    }
    let mut request = Request {
        hello,
        frames: Vec::new(),
        fault: None,
    };
    let mut messages: Vec<_> = messages.collect();
    loop {
        let mut pushes = Vec::new();
        let mut ended = false;
        for message in messages {
            match message {
                Up::Push(push) if !ended => pushes.push(push),
                Up::End => ended = true,
                _ => request.fault = Some(FaultCode::MessageUnexpected),
            }
        }
        request.frames.push(pushes);
        if ended || request.fault.is_some() {
            return Ok(request);
        }
        match reader.next_frame::<Up>() {
            Ok(Some(next)) => messages = next,
            // The request is over without its end: it was cut.
            Ok(None) | Err(_) => {
                request.fault = Some(FaultCode::FrameInvalid);
                return Ok(request);
            }
        }
    }
}

type Frames = mpsc::Sender<Result<Bytes, std::io::Error>>;

async fn answer_frames(app: &App, signed: &Signed, request: Request, out: &Frames) -> Result<(), StoreError> {
    let Request { hello, frames, fault } = request;
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
    for pushes in frames.into_iter().filter(|pushes| !pushes.is_empty()) {
        let hashes = hashes(&pushes);
        let results = app.door.accept(&signed.principal, hello.device, pushes).await?;
        for result in &results {
            if let (Outcome::Accepted(_), Some((_, hashes))) =
                (&result.outcome, hashes.iter().find(|(doc, _)| *doc == result.doc))
            {
                known.extend(hashes);
            }
        }
        head.extend(results.into_iter().map(Down::Result));
        send(std::mem::take(&mut head)).await;
    }
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

fn hashes(pushes: &[Push]) -> Vec<(lianxin_shared::id::DocId, Vec<ChangeHash>)> {
    let of = |push: &Push| {
        push.changes
            .iter()
            .filter_map(|c| inspect(c).ok())
            .map(|info| info.hash)
            .collect()
    };
    pushes.iter().map(|push| (push.doc, of(push))).collect()
}
