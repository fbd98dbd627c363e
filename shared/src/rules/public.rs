//! What of a record everybody may read.

use super::names_work;
use crate::id::{DocId, Moment};
use crate::records::{Event, Lifecycle, Public, Record, Register, Values};

/// The public side of a record. It holds nothing else of it: neither who wrote it nor where it was taken down.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The record.
    pub id: DocId,
    /// Its register's kind.
    pub kind: String,
    /// Where it stands.
    pub state: &'static str,
    /// Since when.
    pub since: Option<Moment>,
    /// By when it is to be done; nothing once that is met.
    pub due: Option<Moment>,
    /// Whether something is still expected of somebody.
    pub open: bool,
    /// Its public fields.
    pub values: Values,
    /// What became of it, by the steps whose words are public. Who took them is not among it.
    pub steps: Vec<PublicStep>,
}

/// A step that everybody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicStep {
    /// Its name.
    pub act: String,
    /// When.
    pub at: Moment,
    /// The words.
    pub words: Option<String>,
}

impl From<&Event> for PublicStep {
    fn from(event: &Event) -> Self {
        Self {
            act: event.act.clone(),
            at: event.at,
            words: event.words.clone(),
        }
    }
}

impl Published {
    /// Whether it is late: something is still expected, and the time for it has gone by.
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.open && self.due.is_some_and(|due| due < now)
    }

    /// When the public last heard of it.
    pub fn updated(&self) -> Moment {
        let steps = self.steps.iter().map(|step| step.at);
        steps.chain(self.since).max().unwrap_or_default()
    }
}

/// The public side of a record; nothing if it has none as it stands. Of one that is held back only the work that it belongs
/// to and the reason.
pub fn published(record: &Record) -> Option<Published> {
    let (register, status) = record.register().zip(record.status())?;
    let public = register.public?;
    let is_held_back = public.held_back.contains(&status.state);
    if !is_held_back && !record.is_public() {
        return None;
    }
    let is_public_act = |event: &&Event| match is_held_back {
        false => public.acts.contains(&event.act.as_str()),
        true => leads_to(&register.lifecycle, &event.act, status.state),
    };
    let is_public_field = |name: &str| match is_held_back {
        false => public.fields.contains(&name),
        true => names_its_work(register, &public, name),
    };
    let mut values = record.values.clone();
    values.retain(|name, _| is_public_field(name));
    Some(Published {
        id: record.envelope.id,
        kind: record.envelope.kind.clone(),
        due: record.due(),
        open: record.is_open(),
        values,
        steps: record
            .timeline
            .iter()
            .filter(is_public_act)
            .map(PublicStep::from)
            .collect(),
        state: status.state,
        since: status.since,
    })
}

fn leads_to(lifecycle: &Lifecycle, act: &str, state: &str) -> bool {
    lifecycle
        .steps
        .iter()
        .any(|step| step.act == act && step.to == Some(state))
}

fn names_its_work(register: &Register, public: &Public, name: &str) -> bool {
    public.fields.contains(&name) && register.field(name).is_some_and(names_work)
}
