//! What the device does next.
//!
//! ```text
//!            Wake, Timer                Collected                  Ended, all committed
//!   Resting ─────────────► Collecting ───────────► Exchanging ─────────────────────────► Resting
//!      ▲                                               │ Cut, Denied, a commit failed
//!      └──────────────── Timer, Wake ──────────────── Waiting
//! ```
//!
//! Where not all of the work fits into one exchange, the next load is collected while the server is at work on this one, and goes
//! out as soon as that is through.
//!
//! Where the server turned it away because it has too much to do, the device waits for the timer alone: whatever wakes it
//! meanwhile, as the server's own news of what others sent, would bring all that were turned away back at once.
//!
//! A check (`check`) comes in between where the two may not hold the same.

use std::collections::{BTreeSet, VecDeque};

use super::check::Check;
use super::exchange::{Aim, Ending, Exchange, Load, Next};
use super::{Batch, Fingerprint, Holdings, Input, Line, Output, Position, Wait};
use crate::id::{DeviceId, DocId, Epoch};
use crate::protocol::{Cursors, Down, Hello, MAX_REQUEST, PROTOCOL};

const MIN_BUDGET: u32 = 16 * 1024;
/// Each exchange ends in a wait on both sides, so the fewer the better; and none may take longer than what is written meanwhile can wait.
const MAX_BUDGET: u32 = MAX_REQUEST as u32;

/// After an exchange that took longer, in milliseconds, the next brings less: what is written meanwhile waits for its end.
const SLOW_MS: u32 = 8_000;
/// After one that took less than this the next may bring twice as much.
const QUICK_MS: u32 = 3_000;
/// After one that took less than this, four times as much: each exchange more is a wait on both sides.
const AT_ONCE_MS: u32 = 500;

#[derive(Debug)]
pub(super) enum Phase {
    Resting,
    Collecting,
    Surveying,
    Exchanging(Box<Exchange>),
    /// A step of a check is being stored.
    Settling,
    Waiting,
    /// Like that, for nothing but the timer.
    TurnedAway,
}

/// The device's side of sync.
#[derive(Debug)]
pub struct Machine {
    device: DeviceId,
    pub(super) position: Position,
    pub(super) durable: Position,
    /// What is stored, in one number a channel.
    holdings: Holdings,
    /// Both sides were seen to hold something else, and a check was made for that; until they are seen to hold the same, no
    /// other one is.
    differed: bool,
    /// What the batch that is being stored brings the device to.
    storing: Option<Position>,
    /// Batches that are stored after it.
    waiting: VecDeque<Batch>,
    pub(super) phase: Phase,
    pub(super) check: Option<Check>,
    pub(super) check_wanted: bool,
    woken: bool,
    budget: u32,
    took_ms: u32,
    failures: u32,
    line: Line,
}

impl Machine {
    /// A machine that goes on where the device was, with what it now really holds.
    pub fn new(device: DeviceId, position: Position, holdings: Holdings) -> Self {
        Self {
            device,
            durable: position.clone(),
            position,
            holdings,
            differed: false,
            storing: None,
            waiting: VecDeque::new(),
            phase: Phase::Resting,
            check: None,
            check_wanted: false,
            woken: false,
            budget: 256 * 1024,
            took_ms: 0,
            failures: 0,
            line: Line::Unknown,
        }
    }

    /// What the device knows of the line.
    pub fn line(&self) -> Line {
        self.line
    }

    /// Whether a check is wanted or on its way.
    pub fn is_checking(&self) -> bool {
        self.check_wanted
    }

    /// The documents that are on their way right now.
    pub fn on_their_way(&self) -> Vec<DocId> {
        match &self.phase {
            Phase::Exchanging(exchange) => exchange.sent.iter().map(|(doc, _)| *doc).collect(),
            _ => Vec::new(),
        }
    }

    /// Hears for how many milliseconds the exchange has gone on that ends now. Where nobody says, the line counts as quick.
    pub fn took(&mut self, ms: u32) {
        self.took_ms = ms;
    }

    /// Takes what happened and answers what is to be done.
    pub fn handle(&mut self, input: Input) -> Vec<Output> {
        match (input, &mut self.phase) {
            (Input::Check, phase) => {
                self.check_wanted = true;
                self.woken = true;
                if matches!(phase, Phase::Resting | Phase::Waiting) {
                    self.begin()
                } else {
                    Vec::new()
                }
            }
            (Input::Wake, Phase::Resting | Phase::Waiting)
            | (Input::Timer, Phase::Resting | Phase::Waiting | Phase::TurnedAway) => self.begin(),
            (Input::Wake, _) => {
                self.woken = true;
                Vec::new()
            }
            (Input::Collected { work, more }, Phase::Collecting) => self.send(Load::pack(work, more)),
            (Input::Collected { work, more }, Phase::Exchanging(exchange))
                if matches!(exchange.next, Next::Asked) =>
            {
                exchange.next = Next::Packed(Load::pack(work, more));
                self.finish()
            }
            (Input::Surveyed(states), Phase::Surveying) => self.compare(&states),
            (Input::Chunk(bytes), Phase::Exchanging(exchange)) if exchange.end.is_none() => {
                exchange.reader.push(&bytes);
                self.read()
            }
            (Input::Ended, Phase::Exchanging(exchange)) => {
                let ending = exchange.ended();
                self.close(ending)
            }
            (Input::Cut | Input::Failed, Phase::Exchanging(_)) => self.close(Ending::Cut),
            (Input::Denied, Phase::Exchanging(_)) => self.close(Ending::Denied),
            (Input::TurnedAway { after_ms }, Phase::Exchanging(_)) => {
                self.close(Ending::TurnedAway(after_ms))
            }
            (Input::Outdated, Phase::Exchanging(_)) => self.close(Ending::Outdated),
            (Input::Committed { gap, turned }, _) => {
                if let Some(position) = self.storing.take() {
                    self.durable = position;
                }
                self.holdings.turn_all(&turned);
                if let Phase::Exchanging(exchange) = &mut self.phase {
                    exchange.gap |= gap;
                }
                self.go_on()
            }
            (Input::CommitFailed, phase) => {
                self.storing = None;
                self.waiting.clear();
                match phase {
                    Phase::Settling => self.fail(),
                    Phase::Exchanging(exchange) => {
                        // However the answer ended: what it brought is not all here.
                        exchange.end = Some(Ending::Cut);
                        self.finish()
                    }
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn begin(&mut self) -> Vec<Output> {
        self.woken = false;
        if self.check_wanted {
            self.phase = Phase::Surveying;
            return vec![Output::Survey];
        }
        self.phase = Phase::Collecting;
        vec![self.collect(BTreeSet::new())]
    }

    fn collect(&self, besides: BTreeSet<DocId>) -> Output {
        let budget = self.budget as usize;
        Output::Collect { budget, besides }
    }

    /// Sends a load, and has the next one gathered while the server is at work.
    fn send(&mut self, load: Load) -> Vec<Output> {
        let hello = self.hello(self.position.epoch, self.position.cursors.clone(), self.budget);
        let (exchange, body) = Exchange::open(hello, load);
        let mut outputs = vec![Output::Exchange(body)];
        if matches!(exchange.next, Next::Asked) {
            outputs.push(self.collect(exchange.sent.iter().map(|(doc, _)| *doc).collect()));
        }
        self.phase = Phase::Exchanging(Box::new(exchange));
        outputs
    }

    pub(super) fn hello(&self, epoch: Option<Epoch>, cursors: Cursors, budget: u32) -> Hello {
        Hello {
            protocol: PROTOCOL,
            device: self.device,
            epoch,
            cursors,
            budget,
        }
    }

    fn read(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        loop {
            let Phase::Exchanging(exchange) = &mut self.phase else {
                return outputs;
            };
            match exchange.reader.next_frame::<Down>() {
                Ok(Some(messages)) => {
                    let epoch = match &self.check {
                        Some(check) => check.epoch,
                        None => self.position.epoch,
                    };
                    let batch = exchange.take(messages, epoch, &mut self.position);
                    outputs.extend(self.store(batch));
                }
                Ok(None) => return outputs,
                Err(_) => {
                    outputs.extend(self.close(Ending::Cut));
                    return outputs;
                }
            }
        }
    }

    fn close(&mut self, ending: Ending) -> Vec<Output> {
        if let Phase::Exchanging(exchange) = &mut self.phase {
            exchange.end.get_or_insert(ending);
        }
        self.finish()
    }

    /// Stores a batch, after those before it.
    pub(super) fn store(&mut self, batch: Batch) -> Option<Output> {
        self.waiting.push_back(batch);
        if self.storing.is_some() {
            return None;
        }
        let batch = self.waiting.pop_front()?;
        self.storing = Some(batch.position.clone());
        Some(Output::Commit(batch))
    }

    /// The next batch, or what comes after the last one.
    fn go_on(&mut self) -> Vec<Output> {
        match self.waiting.pop_front() {
            Some(batch) => {
                self.storing = Some(batch.position.clone());
                vec![Output::Commit(batch)]
            }
            None => self.finish(),
        }
    }

    /// Goes on once the answer is over and everything of it is stored.
    fn finish(&mut self) -> Vec<Output> {
        if self.storing.is_some() {
            return Vec::new();
        }
        match std::mem::replace(&mut self.phase, Phase::Resting) {
            Phase::Exchanging(exchange) => match exchange.end {
                Some(ending) if !matches!(exchange.next, Next::Asked) => self.ended(*exchange, ending),
                _ => {
                    self.phase = Phase::Exchanging(exchange);
                    Vec::new()
                }
            },
            Phase::Settling => self.settled(),
            phase => {
                self.phase = phase;
                Vec::new()
            }
        }
    }

    fn ended(&mut self, exchange: Exchange, ending: Ending) -> Vec<Output> {
        self.position = self.durable.clone();
        if exchange.gap {
            self.position.cursors.clear();
        }
        match ending {
            Ending::Whole if exchange.gap => self.fail(),
            Ending::Whole => {
                self.failures = 0;
                self.line = Line::On;
                if exchange.astray {
                    self.check = None;
                    self.check_wanted = true;
                    return self.begin();
                }
                match exchange.aim {
                    Aim::Sync => {
                        self.budget = paced(self.budget, std::mem::take(&mut self.took_ms));
                        self.hold_against(exchange.fingerprint);
                        match exchange.next {
                            Next::Packed(load) if !self.check_wanted => {
                                // What else there is to do, the end of the last one finds.
                                self.woken |= exchange.more;
                                self.send(load)
                            }
                            Next::Packed(_) => self.rest(true),
                            _ => self.rest(exchange.more || self.check_wanted),
                        }
                    }
                    Aim::Compare => self.compared(exchange),
                    Aim::Fetch => self.fetch(),
                }
            }
            Ending::Cut => {
                self.line = Line::Off;
                self.budget = (self.budget / 2).max(MIN_BUDGET);
                self.fail()
            }
            Ending::Denied => {
                self.line = Line::SignedOut;
                self.fail()
            }
            // Neither the line nor what was asked for is at fault.
            Ending::TurnedAway(ms) => {
                let wait = Wait::told(ms, self.failures);
                self.wait(Phase::TurnedAway, wait)
            }
            Ending::Outdated => {
                self.line = Line::Outdated;
                self.fail()
            }
        }
    }

    /// Holds what is here against what the server says it has. Where that is something else, as when either side has lost a
    /// document, everything is compared.
    fn hold_against(&mut self, theirs: Option<Fingerprint>) {
        let Some(theirs) = theirs else { return };
        let differs = theirs != self.holdings.together(&self.position.channels);
        self.check_wanted |= differs && !self.differed;
        self.differed = differs;
    }

    pub(super) fn rest(&mut self, more: bool) -> Vec<Output> {
        self.phase = Phase::Resting;
        if more || self.woken {
            self.begin()
        } else {
            vec![Output::Rest]
        }
    }

    pub(super) fn fail(&mut self) -> Vec<Output> {
        let wait = Wait::after(self.failures);
        self.wait(Phase::Waiting, wait)
    }

    fn wait(&mut self, phase: Phase, wait: Wait) -> Vec<Output> {
        self.check = None;
        self.phase = phase;
        self.failures += 1;
        vec![Output::Retry(wait)]
    }
}

/// How much the next exchange may bring after one with this budget that took so long.
fn paced(budget: u32, took_ms: u32) -> u32 {
    if took_ms < AT_ONCE_MS {
        budget.saturating_mul(4).min(MAX_BUDGET)
    } else if took_ms < QUICK_MS {
        budget.saturating_mul(2).min(MAX_BUDGET)
    } else if took_ms > SLOW_MS {
        (budget / 2).max(MIN_BUDGET)
    } else {
        budget
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_follows_the_line_within_bounds() {
        assert_eq!(paced(64, 0), 256);
        assert_eq!(paced(64, AT_ONCE_MS), 128);
        assert_eq!(paced(64, QUICK_MS), 64);
        assert_eq!(paced(MAX_BUDGET, 1), MAX_BUDGET);
        assert_eq!(paced(4 * MIN_BUDGET, SLOW_MS + 1), 2 * MIN_BUDGET);
        assert_eq!(paced(MIN_BUDGET, 90_000), MIN_BUDGET);
    }
}
