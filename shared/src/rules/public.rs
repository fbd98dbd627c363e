//! What of a record everybody may read.

use crate::id::{DocId, Moment};
use crate::records::{Event, Record, Values};

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

/// The public side of a record; nothing if it has none as it stands.
pub fn published(record: &Record) -> Option<Published> {
    let (register, status) = record.register().zip(record.status())?;
    let public = register.public.filter(|_| record.is_public())?;
    let is_public = |event: &&Event| public.acts.contains(&event.act.as_str());
    let to_step = |event: &Event| PublicStep {
        act: event.act.clone(),
        at: event.at,
        words: event.words.clone(),
    };
    let mut values = record.values.clone();
    values.retain(|name, _| public.fields.contains(&name.as_str()));
    Some(Published {
        id: record.envelope.id,
        kind: record.envelope.kind.clone(),
        state: status.state,
        since: status.since,
        values,
        steps: record.timeline.iter().filter(is_public).map(to_step).collect(),
    })
}
