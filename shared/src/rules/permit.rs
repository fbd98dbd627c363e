//! May this principal turn this record into that one?
//!
//! The record is judged as a whole, before and after: whatever way a change took, and whatever client wrote it, it is
//! the difference that counts.

use super::validate::words;
use super::{Completeness, Principal, Refusal, RefusalCode as Code, may_read, validate};
use crate::records::{Event, Field, Object, Part, Place, Record, Register, Step, Words};

/// The most characters that go with a step.
const MAX_WORDS: usize = 5_000;

/// Whether `principal` may turn `before` (nothing for a new record) into `after`.
pub fn permit(principal: &Principal, before: Option<&Record>, after: &Record) -> Result<(), Refusal> {
    let register = after.register().ok_or_else(|| Refusal::new(Code::KindUnknown))?;
    match before {
        None => may_create(principal, register, after)?,
        Some(before) => may_touch(principal, before, after)?,
    }
    fields(principal, register, before, after)?;
    timeline(principal, register, before, after)
}

/// The steps that the user may take now, in the order of the declaration.
pub fn steps_for(principal: &Principal, record: &Record) -> Vec<&'static Step> {
    let (Some(register), Some(status)) = (record.register(), record.status()) else {
        return Vec::new();
    };
    let parts = principal.parts(record);
    register
        .lifecycle
        .steps_from(status.state)
        .filter(|step| step.by.iter().any(|p| parts.contains(p)))
        .collect()
}

/// Whether the user may change a field now. Some parts may only while the record stands where its words can change.
pub fn may_write(principal: &Principal, record: &Record, field: &Field) -> bool {
    writable(principal, record, field).is_ok()
}

fn may_create(principal: &Principal, register: &Register, after: &Record) -> Result<(), Refusal> {
    let envelope = &after.envelope;
    if envelope.owner != principal.user {
        return Err(Refusal::about(Code::EnvelopeWrong, "owner"));
    }
    if envelope.station.is_some() != (register.place == Place::Station) {
        return Err(Refusal::about(Code::EnvelopeWrong, "station"));
    }
    // Everybody is the owner of what they start; that alone lets nobody start records at a station that is not theirs.
    let mut parts = principal.parts(after);
    parts.remove(&Part::Owner);
    if register.create.iter().any(|part| parts.contains(part)) {
        Ok(())
    } else {
        Err(Refusal::new(Code::CreateForbidden))
    }
}

fn may_touch(principal: &Principal, before: &Record, after: &Record) -> Result<(), Refusal> {
    if !may_read(principal, before) {
        return Err(Refusal::new(Code::ReadForbidden));
    }
    if before.envelope != after.envelope {
        return Err(Refusal::new(Code::EnvelopeWrong));
    }
    Ok(())
}

fn fields(
    principal: &Principal,
    register: &'static Register,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), Refusal> {
    if let Some(key) = after
        .unknown
        .iter()
        .find(|key| !before.is_some_and(|b| b.unknown.contains(key)))
    {
        return Err(Refusal::about(Code::FieldUnknown, key));
    }
    for field in register.fields {
        let now = after.values.get(field.name);
        if before.map_or(now.is_some(), |before| before.values.get(field.name) != now) {
            writable(principal, before.unwrap_or(after), field).or_else(|refusal| {
                // A new record is judged as the draft it was until this very change moved it on.
                if before.is_none() && refusal.code == Code::FieldClosed {
                    Ok(())
                } else {
                    Err(refusal)
                }
            })?;
        }
    }
    let moved_on = !after.timeline.is_empty();
    let completeness = if moved_on {
        Completeness::Complete
    } else {
        Completeness::Draft
    };
    match validate(register, &after.values, completeness).first() {
        // What an accepted record already lacked is not held against whoever touches it next.
        Some(issue) if before.is_none_or(|b| b.values != after.values || b.timeline.is_empty()) => {
            Err(Refusal::about(Code::FieldInvalid, issue.field))
        }
        _ => Ok(()),
    }
}

fn writable(principal: &Principal, record: &Record, field: &Field) -> Result<(), Refusal> {
    const ANY_TIME: [Part; 3] = [Part::Clerk, Part::Admin, Part::Handler];
    let parts = principal.parts(record);
    let mut able = field.edit.iter().filter(|part| parts.contains(part)).peekable();
    if able.peek().is_none() {
        return Err(Refusal::about(Code::FieldForbidden, field.name));
    }
    let (Some(register), Some(status)) = (record.register(), record.status()) else {
        return Err(Refusal::new(Code::KindUnknown));
    };
    if register.lifecycle.writable.contains(&status.state) || able.any(|part| ANY_TIME.contains(part)) {
        Ok(())
    } else {
        Err(Refusal::about(Code::FieldClosed, field.name))
    }
}

fn timeline(
    principal: &Principal,
    register: &'static Register,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), Refusal> {
    let old = before.map_or(&[][..], |before| &before.timeline);
    let parts = principal.parts(before.unwrap_or(after));
    for event in appended(old, &after.timeline).ok_or_else(|| Refusal::new(Code::TimelineRewritten))? {
        if event.by != principal.user {
            return Err(Refusal::about(Code::StepForged, &event.act));
        }
        let named: Vec<_> = register
            .lifecycle
            .steps
            .iter()
            .filter(|step| step.act == event.act)
            .collect();
        let Some(step) = named
            .iter()
            .find(|step| step.by.iter().any(|part| parts.contains(part)))
        else {
            return Err(Refusal::about(Code::StepForbidden, &event.act));
        };
        complete(step, event)?;
    }
    Ok(())
}

/// The entries that are new, or nothing if an old one is missing or out of order. New entries can stand between old ones:
/// people act at once.
fn appended<'a>(old: &[Event], new: &'a [Event]) -> Option<Vec<&'a Event>> {
    let mut old = old.iter().peekable();
    let mut fresh = Vec::new();
    for event in new {
        if old.peek() == Some(&event) {
            old.next();
        } else {
            fresh.push(event);
        }
    }
    old.next().is_none().then_some(fresh)
}

fn complete(step: &Step, event: &Event) -> Result<(), Refusal> {
    let said = event.words.as_deref().unwrap_or_default();
    let words_fit = match step.words {
        Words::None => event.words.is_none(),
        Words::Welcome => true,
        Words::Required => !said.trim().is_empty(),
    };
    let object_fits = match step.object {
        Object::None => event.into.is_none() && event.handler.is_none() && event.due.is_none(),
        Object::Record => event.into.is_some() && event.handler.is_none(),
        Object::Handler => event.handler.is_some() && event.into.is_none(),
    };
    if words_fit && object_fits && words(said, MAX_WORDS, &['\n', '\t']).is_none() {
        Ok(())
    } else {
        Err(Refusal::about(Code::StepIncomplete, &event.act))
    }
}
