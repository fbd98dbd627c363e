//! Lifecycles: the status of a record is never stored; it is a fold over its timeline.

use super::{Event, Part};
use crate::id::{DocId, Moment, UserId};

/// The states of a register and the steps between them. Every record starts as a `draft`-like `start` state.
#[derive(Debug)]
pub struct Lifecycle {
    /// The state before any step. State names' messages are `state-KIND-STATE`.
    pub start: &'static str,
    /// The states in which the people of the station may still change what they wrote.
    pub writable: &'static [&'static str],
    /// The states that ask for something from the people of the station.
    pub attention: &'static [&'static str],
    /// The states in which the office's answer stands.
    pub answered: &'static [&'static str],
    /// Every step.
    pub steps: &'static [Step],
}

/// One step of a lifecycle.
#[derive(Debug)]
pub struct Step {
    /// Its name, as in the timeline. Its message is `act-KIND-ACT`.
    pub act: &'static str,
    /// Where it may be taken from.
    pub from: &'static [&'static str],
    /// Where it leads.
    pub to: &'static str,
    /// Who may take it.
    pub by: &'static [Part],
    /// Whether it takes words.
    pub words: Words,
    /// What it points to.
    pub object: Object,
}

/// Whether a step takes words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// It speaks for itself.
    None,
    /// Words are welcome.
    Welcome,
    /// Not without words.
    Required,
}

/// What a step points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// Nothing.
    None,
    /// Another record of the same kind.
    Record,
    /// A user, and by when.
    Handler,
}

/// Where a record stands: the fold over its timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The state.
    pub state: &'static str,
    /// When it was reached, by whom and with which words; nothing at the start.
    pub since: Option<Moment>,
    /// The words of the last step that had any.
    pub words: Option<String>,
    /// Whom it is assigned to.
    pub handler: Option<UserId>,
    /// By when.
    pub due: Option<Moment>,
    /// The record it was merged into.
    pub into: Option<DocId>,
}

impl Lifecycle {
    /// Folds a timeline. A step that is not allowed from where the record stands is skipped, so two people who both
    /// acted offline end at the same status on every replica.
    pub fn status(&self, timeline: &[Event]) -> Status {
        let start = Status {
            state: self.start,
            since: None,
            words: None,
            handler: None,
            due: None,
            into: None,
        };
        timeline
            .iter()
            .fold(start, |status, event| match self.step(status.state, &event.act) {
                None => status,
                Some(step) => Status {
                    state: step.to,
                    since: Some(event.at),
                    words: event.words.clone().or(status.words),
                    handler: event.handler.clone().or(status.handler),
                    due: event.due.or(status.due),
                    into: event.into.or(status.into),
                },
            })
    }

    /// The step of that name from that state.
    pub fn step(&self, state: &str, act: &str) -> Option<&'static Step> {
        self.steps
            .iter()
            .find(|step| step.act == act && step.from.contains(&state))
    }

    /// The steps that lead on from a state.
    pub fn steps_from<'a>(&self, state: &'a str) -> impl Iterator<Item = &'static Step> + use<'a> {
        self.steps.iter().filter(move |step| step.from.contains(&state))
    }

    /// Every state, the start first.
    pub fn states(&self) -> impl Iterator<Item = &'static str> + use<> {
        let mut states = vec![self.start];
        for step in self.steps {
            if !states.contains(&step.to) {
                states.push(step.to);
            }
        }
        states.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use crate::records::{Event, register};

    fn acts(kind: &str, acts: &[&str]) -> &'static str {
        let timeline: Vec<_> = acts
            .iter()
            .map(|act| Event::new(act, &"clerk".parse().unwrap(), Default::default()))
            .collect();
        register(kind).unwrap().lifecycle.status(&timeline).state
    }

    #[test]
    fn a_step_that_is_not_allowed_from_here_is_skipped() {
        assert_eq!(acts("suggestion", &[]), "draft");
        assert_eq!(acts("suggestion", &["submit", "accept", "answer"]), "answered");
        assert_eq!(
            acts("suggestion", &["submit", "decline", "accept", "answer"]),
            "declined"
        );
        assert_eq!(acts("suggestion", &["answer", "submit", "fly"]), "received");
        assert_eq!(
            acts("activity", &["submit", "return", "submit", "confirm"]),
            "confirmed"
        );
    }
}
