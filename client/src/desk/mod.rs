//! What a person does with records, as pure functions over what is held: finishing a form, settling a refusal.

use std::collections::BTreeMap;

use lianxin_shared::document::{Author, Document, DocumentError, Edit};
use lianxin_shared::id::{DocId, Heads, Moment};
use lianxin_shared::records::{Attachment, Envelope, Event, Record, Register, Value, Values, register};
use lianxin_shared::rules::{Principal, Refusal, finishing, permit, steps_for};
use lianxin_shared::sync::{Held, HeldError};

use crate::vault::{Base, Draft, VaultError};

/// Why a form could not be finished. What was written stays a draft.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The register is not known here.
    #[error("no such register")]
    UnknownKind,
    /// The record is not on this device any more.
    #[error("the record is gone")]
    Gone,
    /// The rules do not allow it; the server would refuse it too.
    #[error("not permitted: {0}")]
    Refused(Refusal),
    /// The document does not take it.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What is held does not open.
    #[error(transparent)]
    Held(#[from] HeldError),
    /// The device did not keep it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The act by which people hand a returned record over again.
pub const SUBMIT: &str = "submit";

/// Turns a finished form into what is held from now on: a new record with its companion, or changes of both.
pub fn finish(
    draft: &Draft,
    mut held: BTreeMap<DocId, Held>,
    principal: &Principal,
    author: &Author,
) -> Result<Vec<(DocId, Held)>, DeskError> {
    let register = register(&draft.kind).ok_or(DeskError::UnknownKind)?;
    let before = records(&held)?;
    let companion = register
        .companion()
        .map(|register| (register, draft.id.companion(register.kind)));
    let main = match (held.remove(&draft.id), &draft.base) {
        // Finished before, by a second tap or in another window.
        (Some(held), None) => held,
        (Some(held), Some(base)) => {
            let form = (&draft.values, &draft.attachments[..]);
            change(held, register, base, form, principal, author)?
        }
        (None, None) => start(
            register,
            draft.id,
            draft,
            (&draft.values, &draft.attachments),
            author,
        )?,
        (None, Some(_)) => return Err(DeskError::Gone),
    };
    let mut finished = vec![(draft.id, main)];
    if let Some((register, id)) = companion {
        let values = filled(register, &draft.companion);
        match (
            held.remove(&id),
            draft.base.as_ref().and_then(|base| base.companion.as_ref()),
        ) {
            (Some(held), Some(heads)) => {
                let base = Base {
                    heads: heads.clone(),
                    companion: None,
                };
                let form = (&draft.companion, &[][..]);
                finished.push((id, change(held, register, &base, form, principal, author)?));
            }
            (None, _) if !values.is_empty() => {
                finished.push((id, start(register, id, draft, (&draft.companion, &[]), author)?));
            }
            _ => {}
        }
    }
    for (id, held) in &finished {
        let after = held.document()?.record()?;
        // What was finished before is not judged again.
        if before.get(id) != Some(&after) {
            permit(principal, before.get(id), &after).map_err(DeskError::Refused)?;
        }
    }
    Ok(finished)
}

/// The records that the server knows, or will know before what is written now.
fn records(held: &BTreeMap<DocId, Held>) -> Result<BTreeMap<DocId, Record>, DeskError> {
    let known = held
        .iter()
        .filter(|(_, held)| held.refused.is_none() || held.receipt.is_some());
    known
        .map(|(id, held)| Ok((*id, held.document()?.record()?)))
        .collect()
}

/// What a form for a record starts with, from what is held: what was refused comes before what stands, since the
/// person means to correct it.
pub fn open_form(id: DocId, held: &Held, companion: Option<&Held>, now: Moment) -> Result<Draft, DeskError> {
    let record = written(held)?;
    let (companion_values, companion_heads) = match companion {
        Some(held) => (written(held)?.values, Some(held.document()?.heads())),
        None => (Values::new(), None),
    };
    Ok(Draft {
        id,
        kind: record.envelope.kind.clone(),
        station: record.envelope.station,
        values: record.values,
        companion: companion_values,
        base: Some(Base {
            heads: held.document()?.heads(),
            companion: companion_heads,
        }),
        touched: now,
        attachments: record.envelope.attachments,
    })
}

/// The record as its writer last meant it: with what was refused, if something was.
pub fn written(held: &Held) -> Result<Record, DeskError> {
    Ok(match &held.refused {
        Some(refused) => refused.document()?.record()?,
        None => held.document()?.record()?,
    })
}

/// Takes a step on a record.
pub fn act(mut held: Held, event: &Event, principal: &Principal, author: &Author) -> Result<Held, DeskError> {
    let mut document = held.document()?;
    let before = document.record()?;
    let heads = document.heads();
    let events = std::slice::from_ref(event);
    if document.edit(&heads, &Values::new(), events, author)? {
        permit(principal, Some(&before), &document.record()?).map_err(DeskError::Refused)?;
        held.edited(&mut document);
    }
    Ok(held)
}

/// Makes what hangs on a record this.
pub fn attach(
    mut held: Held,
    attachments: &[Attachment],
    principal: &Principal,
    author: &Author,
) -> Result<Held, DeskError> {
    let mut document = held.document()?;
    let before = document.record()?;
    let edit = Edit {
        values: &Values::new(),
        events: &[],
        attachments: Some(attachments),
    };
    let heads = document.heads();
    if document.revise(&heads, &edit, author)? {
        permit(principal, Some(&before), &document.record()?).map_err(DeskError::Refused)?;
        held.edited(&mut document);
    }
    Ok(held)
}

/// Settles which of several versions of a field counts.
pub fn settle_field(mut held: Held, field: &str, value: &Value, author: &Author) -> Result<Held, DeskError> {
    let mut document = held.document()?;
    let heads = document.heads();
    let values = Values::from([(field.to_owned(), value.clone())]);
    if document.edit(&heads, &values, &[], author)? {
        held.edited(&mut document);
    }
    Ok(held)
}

/// What a form says of one document: its fields, and what hangs on it.
type Form<'a> = (&'a Values, &'a [Attachment]);

fn start(
    register: &'static Register,
    id: DocId,
    draft: &Draft,
    (values, attachments): Form<'_>,
    author: &Author,
) -> Result<Held, DeskError> {
    let envelope = Envelope {
        schema: register.schema,
        kind: register.kind.to_owned(),
        id,
        station: draft.station,
        owner: author.user.clone(),
        created_at: author.at,
        attachments: attachments.to_vec(),
    };
    anew(register, &envelope, values, author)
}

fn anew(
    register: &'static Register,
    envelope: &Envelope,
    values: &Values,
    author: &Author,
) -> Result<Held, DeskError> {
    let values = filled(register, values);
    let first = finishing(register, &values);
    let events: Vec<_> = first
        .map(|step| Event::new(step.act, &author.user, author.at))
        .into_iter()
        .collect();
    let mut document = Document::create(envelope, &values, &events, author)?;
    Ok(Held::started(&mut document))
}

fn change(
    mut held: Held,
    register: &'static Register,
    base: &Base,
    (values, attachments): Form<'_>,
    principal: &Principal,
    author: &Author,
) -> Result<Held, DeskError> {
    if held.refused.is_some() && held.receipt.is_none() {
        // The server has nothing of it, so nobody else has: it is written anew under its id.
        let envelope = Envelope {
            attachments: attachments.to_vec(),
            ..written(&held)?.envelope
        };
        return anew(register, &envelope, values, author);
    }
    let mut document = held.document()?;
    let now = document.record()?;
    let resubmits = now
        .status()
        .is_some_and(|status| register.lifecycle.attention.contains(&status.state))
        && steps_for(principal, &now).iter().any(|step| step.act == SUBMIT);
    let events: Vec<_> = resubmits
        .then(|| Event::new(SUBMIT, &author.user, author.at))
        .into_iter()
        .collect();
    let base = known(&mut document, &base.heads);
    let was_refused = held.refused.is_some();
    let opened = document.at(&base)?.record()?.values;
    let mut changed = whole(register, values);
    // Only what this person changed: writing the rest again would settle what others wrote at once.
    changed.retain(|field, value| opened.get(field).map_or(!value.is_empty(), |was| was != value));
    let edit = Edit {
        values: &changed,
        events: &events,
        attachments: Some(attachments),
    };
    if document.revise(&base, &edit, author)? {
        held.edited(&mut document);
    }
    if was_refused {
        held.settle();
    }
    Ok(held)
}

/// The state that a form was opened at, or the present one where a refusal took that state back.
fn known(document: &mut Document, base: &Heads) -> Heads {
    if document.at(base).is_ok() {
        base.clone()
    } else {
        document.heads()
    }
}

/// The fields that hold something.
fn filled(register: &'static Register, values: &Values) -> Values {
    whole(register, values)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// A value for each field: what the form left empty is emptied.
fn whole(register: &'static Register, values: &Values) -> Values {
    register
        .fields
        .iter()
        .map(|field| {
            let value = values.get(field.name).cloned().unwrap_or_else(|| Value::from(""));
            (field.name.to_owned(), value)
        })
        .collect()
}

#[cfg(test)]
mod tests;
