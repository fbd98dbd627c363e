//! What whoever holds a record's receipt may read of it, though it is not public.

use super::PublicStep;
use crate::id::{DocId, Moment};
use crate::records::{Part, Record, Register, Step};

/// A record as its receipt shows it: where it stands and what was answered. Neither what was said nor who said it is in it: a
/// receipt can be photographed by whoever stands beside.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The record.
    pub id: DocId,
    /// Its register's kind.
    pub kind: String,
    /// Where it stands.
    pub state: &'static str,
    /// Since when.
    pub since: Option<Moment>,
    /// When it was taken down.
    pub taken: Moment,
    /// Where.
    pub station: Option<DocId>,
    /// The record it was merged into.
    pub into: Option<DocId>,
    /// The answers, in order: the steps by which an answer came to stand.
    pub answers: Vec<PublicStep>,
    /// Whether the answer can be judged now.
    pub ratable: bool,
    /// The judgements that stand, as name and key.
    pub ratings: Vec<(String, String)>,
}

/// The step by which whoever holds the receipt judges the answer. Only records of a register that has one have a receipt.
pub fn rating(register: &Register) -> Option<&'static Step> {
    let judged = |step: &&Step| step.by == [Part::Server] && !step.marks.is_empty();
    register.lifecycle.steps.iter().find(judged)
}

/// A record as its receipt shows it; nothing for one that has no receipt.
pub fn followed(record: &Record) -> Option<Followed> {
    let (register, status) = record.register().zip(record.status())?;
    let rating = rating(register)?;
    let lifecycle = &register.lifecycle;
    let mut answers = Vec::new();
    let mut state = lifecycle.start;
    for event in &record.timeline {
        let Some(step) = lifecycle.step(state, &event.act) else {
            continue;
        };
        state = step.to.unwrap_or(state);
        let answers_it = lifecycle.answered.contains(&state) && step.act != rating.act;
        if answers_it && event.words.is_some() {
            answers.push(PublicStep::from(event));
        }
    }
    let judged = |name: &&str| status.marks.contains_key(*name);
    let names = rating.marks.iter().map(|mark| mark.name).filter(judged);
    Some(Followed {
        id: record.envelope.id,
        kind: record.envelope.kind.clone(),
        state: status.state,
        since: status.since,
        taken: record.envelope.created_at,
        station: record.envelope.station,
        into: status.into,
        answers,
        ratable: lifecycle.step(status.state, rating.act).is_some(),
        ratings: names
            .map(|name| (name.to_owned(), status.marks[name].clone()))
            .collect(),
    })
}
