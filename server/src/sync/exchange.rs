//! `POST /api/sync`: one exchange. Frames of pushes are made durable and answered one by one; what the device lacks
//! goes out beside them and after, within its budget.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use lianxin_shared::id::DocId;
use lianxin_shared::protocol::{
    Cursors, Down, FRAME_TARGET, FaultCode, Hello, MAX_REQUEST, MAX_WANTS, Outcome, PROTOCOL, Up, Welcome,
    encode_frame,
};
use lianxin_shared::rules::channels_read_by;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::pull::{Puller, weight};
use super::request::Request;
use super::submission::{Answer, Submission};
use super::{receipt, reconcile};
use crate::app::App;
use crate::auth::Signed;
use crate::problem::{Problem, Refused};
use crate::store::StoreError;

/// How many frames wait for a slow line before the work does.
const AHEAD: usize = 4;

/// How many frames of pushes are worked on beside the one that is being read.
const BESIDE: usize = 2;

/// How long a device may take to take in a piece of the answer. Its place is wanted by others.
const STALLED: Duration = Duration::from_secs(60);

/// Answers one exchange. A request without a readable hello is a problem; from there on the good frames go in, and what is
/// wrong is told within the answer.
pub async fn exchange(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let place = app.limits.exchange(&signed)?;
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > MAX_REQUEST) {
        return Err(Problem::BodyTooLarge.into());
    }
    let mut request = Request::of(body);
    let mut first = request
        .frame()
        .await
        .map_err(|_| Problem::FrameInvalid)?
        .into_iter();
    let Some(Up::Hello(hello)) = first.next() else {
        return Err(Problem::MessageUnexpected.into());
    };
    if hello.protocol != PROTOCOL {
        return Err(Problem::ProtocolUnsupported.into());
    }
    let (frames, answer) = mpsc::channel(AHEAD);
    // The work goes on when the line is cut: what has arrived is taken either way.
    tokio::spawn(async move {
        let _place = place;
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

type Frames = mpsc::Sender<Result<Bytes, std::io::Error>>;

/// What devices ask for, in the order in which it came.
enum Ask {
    Push(Vec<Submission>),
    Compare(Vec<u8>),
    Want(Vec<DocId>),
}

/// The asks in messages that came together, and how the request ends with them, if it does: where a message is out of place,
/// what came before it counts.
fn asks(messages: Vec<Up>) -> (Vec<Ask>, Option<Result<(), FaultCode>>) {
    let mut asks = Vec::new();
    let mut ended = None;
    for message in messages {
        match message {
            _ if ended.is_some() => return (asks, Some(Err(FaultCode::MessageUnexpected))),
            Up::Push(push) => match asks.last_mut() {
                Some(Ask::Push(pushes)) => pushes.push(push.into()),
                _ => asks.push(Ask::Push(vec![push.into()])),
            },
            Up::Compare(question) => asks.push(Ask::Compare(question.into())),
            Up::Want(docs) if docs.len() <= MAX_WANTS => asks.push(Ask::Want(docs)),
            Up::End => ended = Some(Ok(())),
            Up::Hello(_) | Up::Want(_) => return (asks, Some(Err(FaultCode::MessageUnexpected))),
        }
    }
    (asks, ended)
}

/// One exchange being answered.
struct Exchange<'a> {
    app: &'a App,
    signed: &'a Signed,
    hello: Hello,
    channels: Vec<String>,
    out: &'a Frames,
    /// What goes with the next frame.
    head: Vec<Down>,
    /// What the device lacks.
    puller: Puller,
    /// Pushes that are being judged and stored.
    working: VecDeque<Working>,
    /// Whether the device takes nothing in any more.
    is_stalled: bool,
}

struct Working {
    docs: Vec<DocId>,
    answers: JoinHandle<Result<Vec<Answer>, StoreError>>,
}

async fn answer_frames(
    app: &App,
    signed: &Signed,
    hello: Hello,
    first: Vec<Up>,
    mut request: Request,
    out: &Frames,
) -> Result<(), StoreError> {
    let channels: Vec<String> = channels_read_by(&signed.principal)
        .iter()
        .map(ToString::to_string)
        .collect();
    let welcome = Down::Welcome(Welcome {
        epoch: app.life.epoch,
        channels: channels.clone(),
    });
    if hello.epoch.is_some_and(|epoch| epoch != app.life.epoch) {
        // What the device sends builds on what may be lost here: it compares first. The request is read to its end all the
        // same, for not every client hears an answer before that.
        while request.frame().await.is_ok() {}
        let end = Down::End {
            more: true,
            fingerprint: None,
        };
        drop(out.send(Ok(encode_frame(&[welcome, end]).into())).await);
        return Ok(());
    }
    // Without a life to belong to, cursors say nothing.
    let none = Cursors::new();
    let cursors = hello.epoch.map_or(&none, |_| &hello.cursors);
    let puller = Puller::new(
        app.store.clone(),
        app.life.clone(),
        channels.clone(),
        cursors,
        hello.budget,
    );
    let mut exchange = Exchange {
        app,
        signed,
        hello,
        channels,
        out,
        head: vec![welcome],
        puller,
        working: VecDeque::new(),
        is_stalled: false,
    };
    let fault = exchange.take(first, &mut request).await?;
    exchange.give(fault).await
}

impl Exchange<'_> {
    /// Takes what the device sends, to the end or to where it cannot be read.
    async fn take(&mut self, first: Vec<Up>, request: &mut Request) -> Result<Option<FaultCode>, StoreError> {
        let mut messages = Ok(first);
        loop {
            let (asks, ended) = messages.map_or_else(|fault| (Vec::new(), Some(Err(fault))), asks);
            for ask in asks {
                match ask {
                    Ask::Push(submissions) => self.push(submissions).await?,
                    Ask::Compare(question) => {
                        let answer = reconcile::compared(self.app, &self.channels, question).await?;
                        self.head.push(answer);
                    }
                    Ask::Want(docs) => self.fetch(docs).await?,
                }
            }
            if let Some(ended) = ended {
                return Ok(ended.err());
            }
            messages = request.frames().await;
        }
    }

    /// Has pushes judged and stored, while the next are being read. Two that have a document in common come one after the
    /// other.
    async fn push(&mut self, submissions: Vec<Submission>) -> Result<(), StoreError> {
        let docs: Vec<_> = submissions.iter().map(|submission| submission.doc).collect();
        let clash = |working: &Working| working.docs.iter().any(|doc| docs.contains(doc));
        let most = if self.working.iter().any(clash) { 0 } else { BESIDE };
        self.settle(most).await?;
        let (door, principal, device) = (
            self.app.door.clone(),
            self.signed.principal.clone(),
            self.hello.device,
        );
        let answers = tokio::spawn(async move { door.accept(&principal, device, submissions).await });
        self.working.push_back(Working { docs, answers });
        Ok(())
    }

    /// Waits until at most so many frames of pushes are being worked on, and answers the others.
    async fn settle(&mut self, most: usize) -> Result<(), StoreError> {
        while self.working.len() > most
            && let Some(Working { docs, answers }) = self.working.pop_front()
        {
            let answers = answers
                .await
                .map_err(|e| StoreError::Unavailable(e.to_string()))??;
            for (doc, answer) in docs.into_iter().zip(answers) {
                let outcome = self.outcome(doc, answer);
                self.head.push(Down::Result(outcome));
            }
            self.send().await;
        }
        Ok(())
    }

    /// Answers what is through by now.
    async fn settle_ready(&mut self) -> Result<(), StoreError> {
        let ready = self
            .working
            .iter()
            .take_while(|working| working.answers.is_finished());
        self.settle(self.working.len() - ready.count()).await
    }

    fn outcome(&mut self, doc: DocId, answer: Answer) -> Outcome {
        match answer {
            Answer::Accepted { heads, same, changes } => {
                self.puller.knows(changes);
                if same {
                    self.puller.has(doc, heads.clone());
                }
                let receipt = receipt(&self.app.life, doc, heads);
                Outcome::Accepted {
                    heads: (!same).then_some(receipt.heads),
                    mac: receipt.mac,
                }
            }
            Answer::Refused(refusal) => Outcome::Refused(refusal),
            Answer::Busy => Outcome::Busy,
        }
    }

    async fn fetch(&mut self, docs: Vec<DocId>) -> Result<(), StoreError> {
        let mut size = 0;
        for doc in docs {
            let message = reconcile::whole(self.app, &self.signed.principal, doc).await?;
            size += weight(&message);
            self.head.push(message);
            if size >= FRAME_TARGET {
                self.send().await;
                size = 0;
            }
        }
        Ok(())
    }

    /// Answers what is still at work, gives the device what it lacks, and closes the answer. What was there before is given
    /// while its own is being judged and stored: both sides have something to do then.
    async fn give(mut self, fault: Option<FaultCode>) -> Result<(), StoreError> {
        let at_work = self.working.iter().flat_map(|working| &working.docs);
        self.puller.hold(at_work.copied());
        while !self.working.is_empty() && self.goes_on() {
            let messages = self.puller.frame().await?;
            if !messages.is_empty() {
                self.head.extend(messages);
                self.send().await;
            }
            self.settle_ready().await?;
        }
        self.settle(0).await?;
        self.head.extend(fault.map(Down::Fault));
        self.puller.settled();
        while self.goes_on() {
            self.head.extend(self.puller.frame().await?);
            if !self.puller.is_done() && !self.head.is_empty() {
                self.send().await;
            }
        }
        if self.is_left() {
            // All that was pushed is in.
            return Ok(());
        }
        let asked = self.hello.budget > 0;
        let more = asked && !self.puller.is_done();
        let fingerprint = if asked && !more {
            self.puller.fingerprint().await?
        } else {
            None
        };
        self.head.push(Down::End { more, fingerprint });
        self.send().await;
        Ok(())
    }

    /// Whether there may be more for the device, and it wants it.
    fn goes_on(&self) -> bool {
        !self.puller.is_done() && self.puller.has_budget() && !self.is_left()
    }

    /// Whether nobody listens any more.
    fn is_left(&self) -> bool {
        self.out.is_closed() || self.is_stalled
    }

    async fn send(&mut self) {
        let frame = encode_frame(&std::mem::take(&mut self.head));
        if self.is_stalled {
            return;
        }
        // Nobody may listen any more, or only in appearance; what was sent is taken all the same.
        let sent = tokio::time::timeout(STALLED, self.out.send(Ok(frame.into()))).await;
        self.is_stalled = sent.is_err();
    }
}
