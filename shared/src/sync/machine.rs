//! What the device does next.
//!
//! ```text
//!            Wake, Timer                Collected                  Ended, all committed
//!   Resting ─────────────► Collecting ───────────► Exchanging ─────────────────────────► Resting
//!      ▲                                               │ Cut, Denied, a commit failed
//!      └──────────────── Timer, Wake ──────────────── Waiting
//! ```

use std::collections::{BTreeMap, VecDeque};

use super::{Accepted, Batch, Outgoing, Position};
use crate::id::{DeviceId, DocId, Heads};
use crate::protocol::{
    Down, FRAME_TARGET, FrameReader, Hello, Outcome, PROTOCOL, Push, Up, Welcome, encode_frame,
};

const MIN_BUDGET: u32 = 16 * 1024;
const MAX_BUDGET: u32 = 1024 * 1024;

/// Something happened.
#[derive(Debug)]
pub enum Input {
    /// There may be something to do: the app started, a record was saved, the line came back, a channel moved.
    Wake,
    /// The time asked for by [`Output::Retry`] is over.
    Timer,
    /// The unsent work asked for by [`Output::Collect`]; `more` if not all of it fitted.
    Collected {
        /// What is to be sent.
        work: Vec<Outgoing>,
        /// Whether there is more.
        more: bool,
    },
    /// Bytes of the answer arrived.
    Chunk(Vec<u8>),
    /// The answer is over.
    Ended,
    /// The line was cut, or there is none.
    Cut,
    /// The server does not know the session (401).
    Denied,
    /// The server answered that it cannot take the exchange.
    Failed,
    /// The oldest batch that was not yet stored is stored. `gap` as in [`super::Applied`].
    Committed {
        /// Whether something was missing in between.
        gap: bool,
    },
    /// It could not be stored.
    CommitFailed,
}

/// Something is to be done, in the order given.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Gather unsent work of about so many bytes, at least one document if there is any; answer [`Input::Collected`].
    Collect {
        /// Bytes of changes.
        budget: usize,
    },
    /// Send this as the body of `POST /api/sync`; answer [`Input::Chunk`], [`Input::Ended`] or one of the failures.
    Exchange(Vec<u8>),
    /// Store this in one transaction, durably; answer [`Input::Committed`] or [`Input::CommitFailed`]. Batches are to be
    /// stored one after the other.
    Commit(Batch),
    /// Come again with [`Input::Timer`] after about so long (add some chance, so that not all devices come at once).
    Retry {
        /// Milliseconds.
        after_ms: u32,
    },
    /// Everything is done.
    Rest,
}

/// What the device knows of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not tried yet.
    Unknown,
    /// The last exchange went through.
    On,
    /// The last exchange did not.
    Off,
    /// The server wants the user to sign in again.
    SignedOut,
}

#[derive(Debug)]
enum Phase {
    Resting,
    Collecting,
    Exchanging(Exchange),
    Waiting,
}

#[derive(Debug, Default)]
struct Exchange {
    reader: FrameReader,
    sent: BTreeMap<DocId, Heads>,
    more: bool,
    closed: bool,
    end: Option<Ending>,
    gap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    Cut,
    Denied,
}

/// The device's side of sync.
#[derive(Debug)]
pub struct Machine {
    device: DeviceId,
    position: Position,
    durable: Position,
    storing: VecDeque<Position>,
    phase: Phase,
    woken: bool,
    budget: u32,
    failures: u32,
    line: Line,
}

impl Machine {
    /// A machine that goes on where the device was.
    pub fn new(device: DeviceId, position: Position) -> Self {
        Self {
            device,
            durable: position.clone(),
            position,
            storing: VecDeque::new(),
            phase: Phase::Resting,
            woken: false,
            budget: 64 * 1024,
            failures: 0,
            line: Line::Unknown,
        }
    }

    /// What the device knows of the line.
    pub fn line(&self) -> Line {
        self.line
    }

    /// The documents that are on their way right now.
    pub fn on_their_way(&self) -> Vec<DocId> {
        match &self.phase {
            Phase::Exchanging(exchange) => exchange.sent.keys().copied().collect(),
            _ => Vec::new(),
        }
    }

    /// Takes what happened and answers what is to be done.
    pub fn handle(&mut self, input: Input) -> Vec<Output> {
        match (input, &mut self.phase) {
            (Input::Wake | Input::Timer, Phase::Resting | Phase::Waiting) => self.collect(),
            (Input::Wake, _) => {
                self.woken = true;
                Vec::new()
            }
            (Input::Collected { work, more }, Phase::Collecting) => vec![self.open(work, more)],
            (Input::Chunk(bytes), Phase::Exchanging(exchange)) if exchange.end.is_none() => {
                exchange.reader.push(&bytes);
                self.read()
            }
            (Input::Ended, Phase::Exchanging(exchange)) => {
                let whole = exchange.closed && exchange.sent.is_empty();
                self.close(if whole { Ending::Whole } else { Ending::Cut })
            }
            (Input::Cut | Input::Failed, Phase::Exchanging(_)) => self.close(Ending::Cut),
            (Input::Denied, Phase::Exchanging(_)) => self.close(Ending::Denied),
            (Input::Committed { gap }, _) => {
                if let Some(position) = self.storing.pop_front() {
                    self.durable = position;
                }
                if let Phase::Exchanging(exchange) = &mut self.phase {
                    exchange.gap |= gap;
                }
                self.finish()
            }
            (Input::CommitFailed, _) => {
                self.storing.pop_front();
                self.close(Ending::Cut)
            }
            _ => Vec::new(),
        }
    }

    fn collect(&mut self) -> Vec<Output> {
        self.woken = false;
        self.phase = Phase::Collecting;
        vec![Output::Collect {
            budget: self.budget as usize,
        }]
    }

    fn open(&mut self, work: Vec<Outgoing>, more: bool) -> Output {
        let hello = Hello {
            protocol: PROTOCOL,
            device: self.device,
            epoch: self.position.epoch,
            cursors: self.position.cursors.clone(),
            budget: self.budget,
        };
        let mut body = Vec::new();
        let mut frame = vec![Up::Hello(hello)];
        let mut size = 0;
        let mut sent = BTreeMap::new();
        for Outgoing { doc, changes, heads } in work {
            size += changes.iter().map(Vec::len).sum::<usize>();
            sent.insert(doc, heads);
            frame.push(Up::Push(Push {
                doc,
                changes: changes.into_iter().map(Into::into).collect(),
            }));
            if size >= FRAME_TARGET {
                body.extend(encode_frame(&std::mem::take(&mut frame)));
                size = 0;
            }
        }
        frame.push(Up::End);
        body.extend(encode_frame(&frame));
        self.phase = Phase::Exchanging(Exchange {
            sent,
            more,
            ..Exchange::default()
        });
        Output::Exchange(body)
    }

    fn read(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        loop {
            let Phase::Exchanging(exchange) = &mut self.phase else {
                return outputs;
            };
            match exchange.reader.next_frame::<Down>() {
                Ok(Some(messages)) => {
                    let batch = self.take(messages);
                    self.storing.push_back(batch.position.clone());
                    outputs.push(Output::Commit(batch));
                }
                Ok(None) => return outputs,
                Err(_) => {
                    outputs.extend(self.close(Ending::Cut));
                    return outputs;
                }
            }
        }
    }

    fn take(&mut self, messages: Vec<Down>) -> Batch {
        let mut batch = Batch::default();
        for message in messages {
            let Phase::Exchanging(exchange) = &mut self.phase else {
                break;
            };
            match message {
                Down::Welcome(welcome) => batch.purge = self.welcome(welcome),
                Down::Result(result) => {
                    // A result for something that was not sent says nothing about what is here.
                    if let Some(sent) = exchange.sent.remove(&result.doc) {
                        let doc = result.doc;
                        match result.outcome {
                            Outcome::Accepted(receipt) => {
                                batch.accepted.push(Accepted { doc, sent, receipt });
                            }
                            Outcome::Refused(refusal) => batch.refused.push((doc, refusal)),
                        }
                    }
                }
                Down::Pull(pull) => batch.pulls.push(pull),
                Down::Left(doc) => batch.left.push(doc),
                Down::Cursors(cursors) => self.position.cursors.extend(cursors),
                Down::Fault(_) => {}
                Down::End { more } => {
                    exchange.more |= more;
                    exchange.closed = true;
                }
            }
        }
        batch.position = self.position.clone();
        batch
    }

    fn welcome(&mut self, welcome: Welcome) -> bool {
        if self.position.epoch != Some(welcome.epoch) {
            // The server has not seen these cursors either: both sides start over, and repeats are harmless.
            self.position.cursors.clear();
            self.position.epoch = Some(welcome.epoch);
        }
        self.position
            .cursors
            .retain(|channel, _| welcome.channels.contains(channel));
        let changed = self.position.channels != welcome.channels;
        self.position.channels = welcome.channels;
        changed
    }

    fn close(&mut self, ending: Ending) -> Vec<Output> {
        if let Phase::Exchanging(exchange) = &mut self.phase {
            exchange.end.get_or_insert(ending);
        }
        self.finish()
    }

    /// Goes on once the answer is over and everything of it is stored.
    fn finish(&mut self) -> Vec<Output> {
        let Phase::Exchanging(exchange) = &self.phase else {
            return Vec::new();
        };
        let Some(ending) = exchange.end.filter(|_| self.storing.is_empty()) else {
            return Vec::new();
        };
        let again = exchange.more || self.woken;
        self.position = self.durable.clone();
        if exchange.gap {
            self.position.cursors.clear();
        }
        match ending {
            Ending::Whole if exchange.gap => self.wait(),
            Ending::Whole => {
                self.failures = 0;
                self.line = Line::On;
                self.budget = self.budget.saturating_mul(2).min(MAX_BUDGET);
                self.phase = Phase::Resting;
                if again { self.collect() } else { vec![Output::Rest] }
            }
            Ending::Cut => {
                self.line = Line::Off;
                self.budget = (self.budget / 2).max(MIN_BUDGET);
                self.wait()
            }
            Ending::Denied => {
                self.line = Line::SignedOut;
                self.wait()
            }
        }
    }

    fn wait(&mut self) -> Vec<Output> {
        self.phase = Phase::Waiting;
        let after_ms = 1_000u32.saturating_mul(1 << self.failures.min(5)).min(30_000);
        self.failures += 1;
        vec![Output::Retry { after_ms }]
    }
}
