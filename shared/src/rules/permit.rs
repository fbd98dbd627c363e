//! May this principal turn this record into that one?
//!
//! The record is judged as a whole, before and after: whatever way a change took, and whatever client wrote it, it is
//! the difference that counts.

use std::collections::BTreeSet;

use super::attachments::attachments;
use super::validate::{blank, words};
use super::{Completeness, Principal, Refusal, RefusalCode as Code, Role, may_read, validate};
use crate::id::{DocId, Moment};
use crate::records::{Event, Field, Mark, Object, Part, Place, Record, Register, Step, Values, Words};

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
    attachments(principal, register, before, after)?;
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

/// Whether the user may start such a record: at one of the user's stations, or for the district.
pub fn may_start(principal: &Principal, register: &Register) -> bool {
    !places_for(principal, register).is_empty()
}

/// Where the user may start such a record: at which stations, and whether without any. The stations come first.
pub fn places_for(principal: &Principal, register: &Register) -> Vec<Option<DocId>> {
    let may_at = |station: &Option<DocId>| {
        let is_at = |stations: &BTreeSet<DocId>| station.is_some_and(|station| stations.contains(&station));
        let may = |part: &Part| match part {
            Part::Host => is_at(&principal.hosts),
            Part::Attached => is_at(&principal.member_of),
            Part::Member => principal.is(Role::Member),
            Part::Leader => principal.is(Role::Leader),
            Part::Group => principal.groups().next().is_some(),
            Part::Convener => !principal.convenes.is_empty(),
            Part::Handler => principal.is(Role::Handler),
            Part::Clerk => principal.is(Role::Clerk),
            Part::Supervisor => principal.is(Role::Supervisor),
            Part::Admin => principal.is(Role::Admin),
            Part::Server => principal.is_server(),
            Part::Owner | Part::Party => false,
        };
        register.create.iter().any(may)
    };
    let stations = principal.stations().map(Some);
    let places: Vec<_> = match register.place {
        Place::Station => stations.collect(),
        Place::District => vec![None],
        Place::Either => stations.chain([None]).collect(),
    };
    places.into_iter().filter(may_at).collect()
}

/// Whether the user may change a field now. Some parts may only while the record stands where its words can change.
pub fn may_write(principal: &Principal, record: &Record, field: &Field) -> bool {
    let stands = record.register().zip(record.status());
    stands.is_some_and(|(register, status)| {
        writable(&principal.parts(record), register, status.state, field).is_ok()
    })
}

/// Whether the user may remove a record for good. That needs no right to read it: somebody's contact can be removed by who
/// must not see it.
pub fn may_erase(principal: &Principal, record: &Record) -> bool {
    let parts = principal.parts(record);
    let register = record.register();
    register.is_some_and(|register| register.erase.iter().any(|part| parts.contains(part)))
}

fn may_create(principal: &Principal, register: &Register, after: &Record) -> Result<(), Refusal> {
    let envelope = &after.envelope;
    if envelope.owner != principal.user {
        return Err(Refusal::about(Code::EnvelopeWrong, "owner"));
    }
    let at_station = envelope.station.is_some();
    let is_theirs = envelope
        .station
        .is_none_or(|station| principal.is_server() || principal.stations().any(|own| own == station));
    let placed = match register.place {
        Place::Station => at_station,
        Place::District => !at_station,
        Place::Either => is_theirs,
    };
    if !placed {
        return Err(Refusal::about(Code::EnvelopeWrong, "station"));
    }
    // Everybody is the owner of what they start, and can name themselves in it; that alone lets nobody start records at a
    // station that is not theirs.
    let mut parts = principal.parts(after);
    parts.remove(&Part::Owner);
    parts.remove(&Part::Party);
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
    if !before.envelope.agrees_with(&after.envelope) {
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
    let stands = before.unwrap_or(after);
    let parts = principal.parts(stands);
    let status = register.lifecycle.status(&stands.timeline);
    for field in register.fields {
        let now = after.values.get(field.name);
        if before.map_or(now.is_some(), |before| before.values.get(field.name) != now) {
            writable(&parts, register, status.state, field).or_else(|refusal| {
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

pub(super) fn writable(
    parts: &BTreeSet<Part>,
    register: &Register,
    state: &str,
    field: &Field,
) -> Result<(), Refusal> {
    const ANY_TIME: [Part; 3] = [Part::Clerk, Part::Admin, Part::Handler];
    let mut able = field.edit.iter().filter(|part| parts.contains(part)).peekable();
    if able.peek().is_none() {
        return Err(Refusal::about(Code::FieldForbidden, field.name));
    }
    if register.lifecycle.writable.contains(&state) || able.any(|part| ANY_TIME.contains(part)) {
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
    let stood = before
        .and_then(Record::status)
        .map_or(register.lifecycle.start, |status| status.state);
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
        if lacks_day(step, event.due, before.unwrap_or(after).due()) {
            return Err(Refusal::about(Code::StepIncomplete, &event.act));
        }
        // What a step needs is asked for only where it leads on from here: elsewhere it comes to nothing.
        if let Some(field) = missing(step, &after.values).filter(|_| step.from.contains(&stood)) {
            return Err(Refusal::about(Code::StepNeeds, field));
        }
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

/// A field that must be filled before a step and is not.
pub fn missing(step: &Step, values: &Values) -> Option<&'static str> {
    let filled = |field: &str| values.get(field).is_some_and(|value| !blank(value));
    step.needs.iter().copied().find(|field| !filled(field))
}

/// Whether a step would put something into somebody's hands without a day by which it is due, `known` being the day that the
/// record has already: what is open has a department, a person and a date.
pub fn lacks_day(step: &Step, due: Option<Moment>, known: Option<Moment>) -> bool {
    step.object == Object::Handler && due.or(known).is_none()
}

/// The step that a finished form takes: the first from the start that asks for nothing that is not there. So a visit of
/// which it is written what was heard was held, and another one is planned. What is in use from the start takes none: the first
/// step of a station or a setting retires it.
pub fn finishing(register: &Register, values: &Values) -> Option<&'static Step> {
    let speaks_for_itself = |step: &&Step| {
        step.words != Words::Required
            && step.object == Object::None
            && step.marks.is_empty()
            && missing(step, values).is_none()
    };
    let lifecycle = &register.lifecycle;
    let is_expected = !lifecycle.closed.contains(&lifecycle.start);
    let mut steps = lifecycle.steps_from(lifecycle.start);
    steps.find(|step| is_expected && speaks_for_itself(step))
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
        Object::Number => event.number.is_some() && event.handler.is_none() && event.into.is_none(),
    };
    let number_fits = event.number.is_none() || step.object == Object::Number;
    let judged = |mark: &Mark| {
        let key = event.marks.get(mark.name);
        key.is_some_and(|key| mark.keys.contains(&key.as_str()))
    };
    let marks_fit = event.marks.len() == step.marks.len() && step.marks.iter().all(judged);
    if words_fit && object_fits && number_fits && marks_fit && words(said, MAX_WORDS, &['\n', '\t']).is_none()
    {
        Ok(())
    } else {
        Err(Refusal::about(Code::StepIncomplete, &event.act))
    }
}
