//! One exchange as the device sees it: what was sent, and what has come of it so far.

use std::collections::VecDeque;

use super::{Accepted, Batch, Fingerprint, Outgoing, Position};
use crate::id::{DocId, Epoch, Heads};
use crate::protocol::{
    Cursors, Down, FRAME_TARGET, FrameReader, Hello, Outcome, Receipt, Up, Welcome, encode_frame,
};
use crate::rules::RefusalCode;

/// What an exchange is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Push and pull.
    Sync,
    /// A question of a comparison.
    Compare,
    /// Documents that a comparison has shown to be different.
    Fetch,
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    Cut,
    Denied,
    /// The server has too much to do now, and says for how long, in milliseconds.
    TurnedAway(u32),
    Outdated,
}

/// Unsent work as it travels.
#[derive(Debug)]
pub(super) struct Load {
    frames: Vec<u8>,
    /// What is in it, in order.
    sent: VecDeque<(DocId, Heads)>,
    /// Whether there was more than fitted.
    more: bool,
}

impl Load {
    /// Packs what was collected.
    pub(super) fn pack(work: Vec<Outgoing>, more: bool) -> Self {
        let (mut frames, mut sent) = (Vec::new(), VecDeque::new());
        let (mut frame, mut size) = (Vec::new(), 0);
        for outgoing in work {
            size += outgoing.size();
            sent.push_back((outgoing.push.doc, outgoing.heads));
            frame.push(Up::Push(outgoing.push));
            if size >= FRAME_TARGET {
                frames.extend(encode_frame(&std::mem::take(&mut frame)));
                size = 0;
            }
        }
        frame.push(Up::End);
        frames.extend(encode_frame(&frame));
        Self { frames, sent, more }
    }
}

/// What goes out after an exchange. It is gathered and packed while the server is at work.
#[derive(Debug)]
pub(super) enum Next {
    /// Whatever there is then.
    Unknown,
    /// It has been asked for.
    Asked,
    /// It is ready.
    Packed(Load),
}

/// One exchange.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) aim: Aim,
    pub(super) next: Next,
    pub(super) reader: FrameReader,
    /// What was pushed and not yet answered.
    pub(super) sent: VecDeque<(DocId, Heads)>,
    /// Whether there is more to do after it.
    pub(super) more: bool,
    /// Something was missing in between.
    pub(super) gap: bool,
    pub(super) end: Option<Ending>,
    /// The server's life and the user's channels, as it said.
    pub(super) welcome: Option<Welcome>,
    /// The server lives another life than the device's cursors: nothing of this exchange counts.
    pub(super) astray: bool,
    pub(super) compared: Option<(Vec<u8>, Cursors)>,
    /// What the server has in the user's channels, if the device now has been told all of it.
    pub(super) fingerprint: Option<Fingerprint>,
    closed: bool,
}

impl Exchange {
    /// An exchange that brings this, with its body.
    pub(super) fn open(hello: Hello, load: Load) -> (Self, Vec<u8>) {
        let mut body = encode_frame(&[Up::Hello(hello)]);
        body.extend(load.frames);
        let mut exchange = Self::of(Aim::Sync);
        exchange.sent = load.sent;
        if load.more {
            exchange.next = Next::Asked;
        }
        (exchange, body)
    }

    /// An exchange with one message.
    pub(super) fn ask(aim: Aim, hello: Hello, message: Up) -> (Self, Vec<u8>) {
        let body = encode_frame(&[Up::Hello(hello), message, Up::End]);
        (Self::of(aim), body)
    }

    fn of(aim: Aim) -> Self {
        Self {
            aim,
            next: Next::Unknown,
            reader: FrameReader::default(),
            sent: VecDeque::new(),
            more: false,
            gap: false,
            end: None,
            welcome: None,
            astray: false,
            compared: None,
            fingerprint: None,
            closed: false,
        }
    }

    /// The answer is over. Whole, if everything was said that had to be.
    pub(super) fn ended(&self) -> Ending {
        let answered = match self.aim {
            Aim::Sync | Aim::Fetch => self.sent.is_empty(),
            Aim::Compare => self.compared.is_some(),
        };
        if self.closed && (answered || self.astray) {
            Ending::Whole
        } else {
            Ending::Cut
        }
    }

    /// What the messages of a frame change. `position` is where the device is with what came before.
    pub(super) fn take(
        &mut self,
        messages: Vec<Down>,
        epoch: Option<Epoch>,
        position: &mut Position,
    ) -> Batch {
        let mut batch = Batch::default();
        for message in messages {
            if self.astray && !matches!(message, Down::End { .. }) {
                continue;
            }
            match message {
                Down::Welcome(welcome) => {
                    self.astray = epoch.is_some_and(|epoch| epoch != welcome.epoch);
                    if !self.astray && self.aim == Aim::Sync {
                        batch.purge = greet(position, &welcome);
                    }
                    self.welcome = Some(welcome);
                }
                Down::Result(outcome) => self.result(outcome, &mut batch),
                Down::Pull(pull) => batch.pulls.push(pull),
                Down::Left { doc, erased: false } => batch.left.push(doc),
                Down::Left { doc, erased: true } => batch.erased.push(doc),
                Down::Cursors(cursors) => position.cursors.extend(cursors),
                Down::Compared { answer, cursors } => self.compared = Some((answer.into(), cursors)),
                Down::Fault(_) => {}
                Down::End { more, fingerprint } => {
                    self.more |= more;
                    self.fingerprint = fingerprint;
                    self.closed = true;
                }
            }
        }
        batch.position = position.clone();
        batch
    }

    fn result(&mut self, outcome: Outcome, batch: &mut Batch) {
        // A result for something that was not sent says nothing about what is here.
        let Some((doc, sent)) = self.sent.pop_front() else {
            return;
        };
        match outcome {
            Outcome::Accepted { heads, mac } => {
                let heads = heads.unwrap_or_else(|| sent.clone());
                let receipt = Receipt { heads, mac };
                batch.accepted.push(Accepted { doc, sent, receipt });
            }
            Outcome::Refused(refusal) if refusal.code == RefusalCode::Erased => batch.erased.push(doc),
            Outcome::Refused(refusal) => batch.refused.push((doc, refusal)),
            Outcome::Busy => self.more = true,
        }
    }
}

/// Takes the server's welcome; answers whether the user's channels have changed.
pub(super) fn greet(position: &mut Position, welcome: &Welcome) -> bool {
    position.epoch = Some(welcome.epoch);
    position
        .cursors
        .retain(|channel, _| welcome.channels.contains(channel));
    let changed = position.channels != welcome.channels;
    position.channels.clone_from(&welcome.channels);
    changed
}
