//! When the server lives another life than the device's cursors, or the two do not hold the same at the end of an exchange, or
//! somebody wants to be sure, there is a check: Surveying
//! (what is held?), a few exchanges that compare, Settling (what the server lost is marked to be sent again), exchanges that
//! fetch what it has otherwise, Settling (the cursors of the new life). Until the last step the cursors are the old ones, so a
//! check that is broken off begins anew; the channels are the old ones and the new ones together, so that nothing goes before
//! it is judged.

use super::exchange::{Aim, Exchange, greet};
use super::machine::{Machine, Phase};
use super::{Batch, Comparison, Output};
use crate::id::{DocId, Epoch, Heads};
use crate::protocol::{Cursors, MAX_WANTS, Up, Welcome};

/// A check on its way.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) comparison: Comparison,
    pub(super) question: Vec<u8>,
    /// The server's life, once it is known to the check.
    pub(super) epoch: Option<Epoch>,
    /// Where the device will be, from the first answer.
    pub(super) goal: Option<(Welcome, Cursors)>,
    /// What is still to be fetched, once the comparison is over.
    pub(super) wants: Option<Vec<DocId>>,
}

impl Machine {
    /// Begins a check with what is held.
    pub(super) fn compare(&mut self, states: &[(DocId, Heads)]) -> Vec<Output> {
        let Ok((comparison, question)) = Comparison::begin(states) else {
            return self.fail();
        };
        self.check = Some(Check {
            comparison,
            question,
            epoch: None,
            goal: None,
            wants: None,
        });
        self.ask()
    }

    /// The next question of a check.
    fn ask(&mut self) -> Vec<Output> {
        let Some(check) = &mut self.check else {
            return self.fail();
        };
        let message = match &mut check.wants {
            None => Up::Compare(std::mem::take(&mut check.question).into()),
            Some(wants) => Up::Want(wants.split_off(wants.len().saturating_sub(MAX_WANTS))),
        };
        let aim = if check.wants.is_none() {
            Aim::Compare
        } else {
            Aim::Fetch
        };
        let epoch = check.epoch;
        let (exchange, body) = Exchange::ask(aim, self.hello(epoch, Cursors::new(), 0), message);
        self.phase = Phase::Exchanging(Box::new(exchange));
        vec![Output::Exchange(body)]
    }

    pub(super) fn compared(&mut self, exchange: Exchange) -> Vec<Output> {
        let (Some(check), Some(welcome), Some((answer, cursors))) =
            (&mut self.check, exchange.welcome, exchange.compared)
        else {
            return self.fail();
        };
        check.epoch = Some(welcome.epoch);
        let (goal, _) = check.goal.get_or_insert((welcome, cursors));
        match check.comparison.hear(&answer) {
            Ok(Some(question)) => {
                check.question = question;
                self.ask()
            }
            Ok(None) => {
                check.wants = Some(check.comparison.there.iter().copied().collect());
                // What is fetched may lie in channels that the user reads only since now: it stays as what is here does, until
                // the last step judges both.
                let channels = &mut self.position.channels;
                let fresh = goal.channels.iter().filter(|name| !channels.contains(name));
                let fresh: Vec<_> = fresh.cloned().collect();
                channels.extend(fresh);
                // What the server lost is marked before anything else happens, so that nothing can purge it.
                let batch = Batch {
                    doubted: check.comparison.here.iter().copied().collect(),
                    position: self.position.clone(),
                    ..Batch::default()
                };
                self.settle(batch)
            }
            Err(_) => self.fail(),
        }
    }

    fn settle(&mut self, batch: Batch) -> Vec<Output> {
        self.phase = Phase::Settling;
        self.store(batch).into_iter().collect()
    }

    pub(super) fn settled(&mut self) -> Vec<Output> {
        self.position = self.durable.clone();
        if self.check.is_some() {
            return self.fetch();
        }
        self.check_wanted = false;
        self.rest(true)
    }

    pub(super) fn fetch(&mut self) -> Vec<Output> {
        let done = self
            .check
            .as_ref()
            .is_some_and(|check| check.wants.as_ref().is_some_and(Vec::is_empty));
        if !done {
            return self.ask();
        }
        let Some((welcome, cursors)) = self.check.take().and_then(|check| check.goal) else {
            return self.fail();
        };
        let mut batch = Batch {
            position: self.position.clone(),
            ..Batch::default()
        };
        batch.purge = greet(&mut batch.position, &welcome);
        batch.position.cursors = cursors;
        self.settle(batch)
    }
}
