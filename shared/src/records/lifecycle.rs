//! Lifecycles: the status of a record is never stored; it is a fold over its timeline.

use std::collections::BTreeMap;

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
    /// The states in which nothing more is expected of anybody.
    pub closed: &'static [&'static str],
    /// The acts whose words are an answer.
    pub answers: &'static [&'static str],
    /// The acts by which an answer or a result was found wanting.
    pub setbacks: &'static [&'static str],
    /// The acts by which whoever it is assigned to hands it back: it is in nobody's hands then, and due by no day.
    pub releases: &'static [&'static str],
    /// Every step.
    pub steps: &'static [Step],
}

/// A lifecycle to be completed: a record starts as a draft, in which its people may write.
pub(super) const DRAFT: Lifecycle = Lifecycle {
    start: "draft",
    writable: &["draft"],
    attention: &[],
    answered: &[],
    closed: &[],
    answers: &[],
    setbacks: &[],
    releases: &[],
    steps: &[],
};

/// One step of a lifecycle.
#[derive(Debug)]
pub struct Step {
    /// Its name, as in the timeline. Its message is `act-KIND-ACT`.
    pub act: &'static str,
    /// Where it may be taken from.
    pub from: &'static [&'static str],
    /// Where it leads; nothing if the record stays where it stands.
    pub to: Option<&'static str>,
    /// Who may take it.
    pub by: &'static [Part],
    /// Whether it takes words.
    pub words: Words,
    /// What it points to.
    pub object: Object,
    /// The judgements that it takes.
    pub marks: &'static [Mark],
    /// The fields that must be filled before it.
    pub needs: &'static [&'static str],
}

impl Step {
    /// A step that leads on, without words, to nothing.
    pub(super) const fn new(
        act: &'static str,
        from: &'static [&'static str],
        to: &'static str,
        by: &'static [Part],
    ) -> Self {
        Self {
            to: Some(to),
            ..Self::staying(act, from, by)
        }
    }

    /// A step that leaves the record where it stands.
    pub(super) const fn staying(
        act: &'static str,
        from: &'static [&'static str],
        by: &'static [Part],
    ) -> Self {
        Self {
            act,
            from,
            to: None,
            by,
            words: Words::None,
            object: Object::None,
            marks: &[],
            needs: &[],
        }
    }

    /// Words are welcome.
    pub(super) const fn words_welcome(mut self) -> Self {
        self.words = Words::Welcome;
        self
    }

    /// Not without words.
    pub(super) const fn words_required(mut self) -> Self {
        self.words = Words::Required;
        self
    }

    /// It points to this.
    pub(super) const fn to(mut self, object: Object) -> Self {
        self.object = object;
        self
    }

    /// It takes these judgements.
    pub(super) const fn marks(mut self, marks: &'static [Mark]) -> Self {
        self.marks = marks;
        self
    }

    /// Not before these fields are filled.
    pub(super) const fn needs(mut self, fields: &'static [&'static str]) -> Self {
        self.needs = fields;
        self
    }
}

/// A judgement that goes with a step: one of the keys. Labelled `choice-KIND-NAME` and `choice-KIND-NAME-KEY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Its name.
    pub name: &'static str,
    /// What it can be.
    pub keys: &'static [&'static str],
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
    /// A number in the district's books, that the server gives.
    Number,
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
    /// Who assigned it last.
    pub assigner: Option<UserId>,
    /// By when.
    pub due: Option<Moment>,
    /// The record it was merged into.
    pub into: Option<DocId>,
    /// Its number in the district's books.
    pub number: Option<String>,
    /// The last judgement of each name.
    pub marks: BTreeMap<String, String>,
    /// The words of the last answer.
    pub answer: Option<String>,
    /// When the first step was taken.
    pub begun: Option<Moment>,
    /// When it was answered for the first time.
    pub answered: Option<Moment>,
    /// When the last step was taken, whether it led on or not.
    pub moved: Option<Moment>,
    /// How often an answer or a result was found wanting.
    pub setbacks: u32,
}

impl Status {
    fn start(lifecycle: &Lifecycle) -> Self {
        Self {
            state: lifecycle.start,
            since: None,
            words: None,
            handler: None,
            assigner: None,
            due: None,
            into: None,
            number: None,
            marks: BTreeMap::new(),
            answer: None,
            begun: None,
            answered: None,
            moved: None,
            setbacks: 0,
        }
    }

    fn after(mut self, lifecycle: &Lifecycle, step: &Step, event: &Event) -> Self {
        if let Some(to) = step.to {
            self.state = to;
            self.since = Some(event.at);
            // A record that left its merging stands for itself again.
            self.into = event.into;
        }
        if lifecycle.answers.contains(&step.act) {
            self.answer.clone_from(&event.words);
            self.answered.get_or_insert(event.at);
        }
        if lifecycle.setbacks.contains(&step.act) {
            self.setbacks += 1;
        }
        if lifecycle.releases.contains(&step.act) {
            (self.handler, self.due) = (None, None);
        }
        if event.handler.is_some() {
            self.assigner = Some(event.by.clone());
        }
        self.words = event.words.clone().or(self.words);
        self.handler = event.handler.clone().or(self.handler);
        self.due = event.due.or(self.due);
        self.number = event.number.clone().or(self.number);
        self.marks.extend(event.marks.clone());
        self.begun.get_or_insert(event.at);
        self.moved = Some(event.at);
        self
    }
}

impl Status {
    /// How long the first answer was waited for, in milliseconds; nothing until it came. Of two clocks that disagree the answer's
    /// may be the earlier one: then none.
    pub fn waited_ms(&self) -> Option<i64> {
        let (begun, answered) = (self.begun?, self.answered?);
        Some(answered.0.saturating_sub(begun.0).max(0))
    }
}

impl Lifecycle {
    /// Folds a timeline. A step that is not allowed from where the record stands is skipped, so two people who both
    /// acted offline end at the same status on every replica.
    pub fn status(&self, timeline: &[Event]) -> Status {
        let fold = |status: Status, event: &Event| match self.step(status.state, &event.act) {
            None => status,
            Some(step) => status.after(self, step, event),
        };
        timeline.iter().fold(Status::start(self), fold)
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

    /// The step that the server takes by itself from a state, where there is one: until then the record waits for the
    /// office.
    pub fn duty(&self, state: &str) -> Option<&'static Step> {
        let is_duty = |step: &&Step| step.by == [Part::Server] && step.object == Object::Number;
        self.steps_from(state).find(is_duty)
    }

    /// Whether an answer that was given stands in this state.
    pub fn stands_answered(&self, state: &str) -> bool {
        let leads_here = |step: &Step| self.answers.contains(&step.act) && step.to == Some(state);
        self.answered.contains(&state) || self.steps.iter().any(leads_here)
    }

    /// Every state, the start first.
    pub fn states(&self) -> impl Iterator<Item = &'static str> + use<> {
        let mut states = vec![self.start];
        for step in self.steps {
            if let Some(to) = step.to.filter(|to| !states.contains(to)) {
                states.push(to);
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
