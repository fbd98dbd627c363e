//! Writing into a record: what changed is written, as one change, where the writer stood.

use std::collections::BTreeSet;

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use autosurgeon::reconcile_insert;

use super::{Author, ChangeInfo, Document, DocumentError, attachments, fields};
use crate::id::{FileHash, Heads};
use crate::records::{Attachment, Event, StoredEvent, Value, Values};

/// What a person writes into a record at once.
#[derive(Debug, Clone, Copy)]
pub struct Edit<'a> {
    /// Only the fields that were changed; an empty value removes.
    pub values: &'a Values,
    /// What is appended to the timeline.
    pub events: &'a [Event],
    /// What hangs on the record from now on; nothing where that is not touched.
    pub attachments: Option<&'a [Attachment]>,
}

impl Document {
    /// Writes `values` (only the fields that were changed; an empty value removes) and appends `events`, as one change
    /// made at the state `base` and merged into now: what others wrote meanwhile stays. Answers whether anything changed.
    pub fn edit(
        &mut self,
        base: &Heads,
        values: &Values,
        events: &[Event],
        author: &Author,
    ) -> Result<bool, DocumentError> {
        let edit = Edit {
            values,
            events,
            attachments: None,
        };
        self.revise(base, &edit, author)
    }

    /// Writes an edit as one change made at the state `base` and merged into now: see [`Document::edit`].
    pub fn revise(&mut self, base: &Heads, edit: &Edit<'_>, author: &Author) -> Result<bool, DocumentError> {
        if *base == self.heads() {
            // A copy, so that a failure half-way leaves nothing behind.
            let mut copy = Self(self.0.fork());
            copy.write_as(author);
            let changed = copy.write(edit, author)?;
            *self = copy;
            return Ok(changed);
        }
        let mut then = self.at(base)?;
        // The actor may have written since `base`, and must not use a sequence number again: what is made in the past
        // gets an actor of its own, which follows from both.
        then.write_as(&Author {
            actor: author.actor.at(base),
            ..author.clone()
        });
        let changed = then.write(edit, author)?;
        self.0
            .merge(&mut then.0)
            .map_err(|e| DocumentError::Edit(e.to_string()))?;
        Ok(changed)
    }

    /// The files that the record names or named in any of its states.
    pub fn files_of_all_time(&mut self) -> BTreeSet<FileHash> {
        let states = self.changes().unwrap_or_default();
        let named = |state: &ChangeInfo| {
            let then = self.at(&Heads::from_iter([state.hash])).ok()?;
            Some(
                then.record()
                    .ok()?
                    .files()
                    .map(|(file, _)| file.hash)
                    .collect::<Vec<_>>(),
            )
        };
        states.iter().filter_map(named).flatten().collect()
    }

    fn write(&mut self, edit: &Edit<'_>, author: &Author) -> Result<bool, DocumentError> {
        let record = self.record()?;
        let register = record
            .register()
            .ok_or_else(|| DocumentError::NotARecord(format!("no register {}", record.envelope.kind)))?;
        let unsettled: Vec<_> = self
            .concurrent()
            .into_iter()
            .map(|concurrent| concurrent.field)
            .collect();
        let differs = |name: &String, value: &Value| match record.values.get(name) {
            Some(now) => now != value,
            None => !value.is_empty(),
        };
        let changes: Values = edit
            .values
            .iter()
            // To write the shown one of several versions settles which it is.
            .filter(|(name, value)| differs(name, value) || unsettled.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let attached = match edit.attachments {
            Some(wanted) => attachments::write(&mut self.0, &record.envelope.attachments, wanted)?,
            None => false,
        };
        if changes.is_empty() && edit.events.is_empty() && !attached {
            return Ok(false);
        }
        fields::write(&mut self.0, register, &changes)?;
        self.append(edit.events)?;
        self.commit(author);
        Ok(true)
    }

    fn append(&mut self, events: &[Event]) -> Result<(), DocumentError> {
        let edit = |e: &dyn std::fmt::Display| DocumentError::Edit(e.to_string());
        if events.is_empty() {
            return Ok(());
        }
        let timeline = match self.0.get(ROOT, "timeline").map_err(|e| edit(&e))? {
            Some((automerge::Value::Object(ObjType::List), id)) => id,
            _ => self
                .0
                .put_object(ROOT, "timeline", ObjType::List)
                .map_err(|e| edit(&e))?,
        };
        for event in events {
            let end = self.0.length(&timeline);
            reconcile_insert(&mut self.0, timeline.clone(), end, StoredEvent::from(event))
                .map_err(|e| edit(&e))?;
        }
        Ok(())
    }
}
