//! The state of a form: what is written, and how it starts.

use std::rc::Rc;

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Attachment, Field, Need, Register, Shape, Value, Values, register};
use lianxin_shared::rules::{Principal, names_work, places_for};
use yew::prelude::*;

use crate::desk;
use crate::i18n::when;
use crate::session::Here;
use crate::vault::{Draft, Vault, VaultError};

/// A form.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stage {
    /// The vault is being read.
    Opening,
    /// There is nothing to change.
    Gone,
    /// It is being written.
    Open(Rc<Draft>),
}

/// What happens to a form.
#[derive(Debug)]
pub(super) enum Change {
    /// It was read from the vault.
    Opened(Option<Draft>),
    /// A field was written.
    Field(&'static str, Value),
    /// A field of the companion was written.
    Companion(&'static str, Value),
    /// Another station was chosen, or none.
    Station(Option<DocId>),
    /// Something was hung on the record, or taken off.
    Photos(Vec<Attachment>),
}

impl From<Option<Draft>> for Stage {
    fn from(draft: Option<Draft>) -> Self {
        draft.map_or(Self::Gone, |draft| Self::Open(Rc::new(draft)))
    }
}

impl Reducible for Stage {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        match (&*self, change) {
            (Self::Open(draft), change) => Rc::new(Self::Open(Rc::new(written(draft, change)))),
            (_, Change::Opened(draft)) => Rc::new(draft.into()),
            _ => self,
        }
    }
}

fn written(draft: &Draft, change: Change) -> Draft {
    let mut draft = draft.clone();
    match change {
        // Read a second time: what was written since counts.
        Change::Opened(_) => return draft,
        Change::Field(field, value) => put(&mut draft.values, field, value),
        Change::Companion(field, value) => put(&mut draft.companion, field, value),
        Change::Station(station) => draft.station = station,
        Change::Photos(attachments) => draft.attachments = attachments,
    }
    draft
}

fn put(values: &mut Values, field: &str, value: Value) {
    if value.is_empty() {
        values.remove(field);
    } else {
        values.insert(field.to_owned(), value);
    }
}

/// What the form starts with: its draft, or the record, or nothing yet.
pub(super) async fn load(
    vault: &Vault,
    here: &Here,
    id: DocId,
    kind: Option<&str>,
    link: Option<&(String, DocId)>,
) -> Option<Draft> {
    if let Ok(Some(draft)) = vault.draft(id).await {
        return Some(draft);
    }
    match kind {
        Some(kind) => begun(here, id, kind, link),
        None => from_record(vault, id).await.ok().flatten(),
    }
}

/// A new form of a kind; nothing if there is none.
pub(super) fn begun(here: &Here, id: DocId, kind: &str, link: Option<&(String, DocId)>) -> Option<Draft> {
    let now = when::whole_minute(when::now());
    Some(fresh(register(kind)?, id, &here.session.principal, link, now))
}

/// A form of which nothing is written yet, with what goes without saying.
fn fresh(
    register: &'static Register,
    id: DocId,
    principal: &Principal,
    link: Option<&(String, DocId)>,
    now: Moment,
) -> Draft {
    // Most of what is logged has just happened.
    let when = register.when.map(|field| (field, Value::Number(now.0)));
    let link = link.and_then(|(field, to)| {
        let field = register.field(field).filter(|field| names_work(field))?;
        let to = to.to_string();
        let value = match field.shape {
            Shape::References { .. } => Value::List(vec![to]),
            _ => Value::Text(to),
        };
        Some((field.name, value))
    });
    let values = when.into_iter().chain(link).chain(own_group(register, principal));
    Draft {
        id,
        kind: register.kind.to_owned(),
        station: places_for(principal, register).first().copied().flatten(),
        values: values.map(|(field, value)| (field.to_owned(), value)).collect(),
        companion: Values::new(),
        base: None,
        touched: now,
        attachments: Vec::new(),
    }
}

/// The user's group, where the record has to name one and the user has no other.
fn own_group(register: &'static Register, principal: &Principal) -> Option<(&'static str, Value)> {
    let mut groups = principal.groups();
    let (Some(group), None) = (groups.next(), groups.next()) else {
        return None;
    };
    let names_one = |field: &&Field| field.need == Need::Required && field.shape == Shape::Reference("group");
    let field = register.fields.iter().find(names_one)?;
    Some((field.name, Value::Text(group.to_string())))
}

async fn from_record(vault: &Vault, id: DocId) -> Result<Option<Draft>, VaultError> {
    let Some(held) = vault.held(id).await? else {
        return Ok(None);
    };
    let companion = match desk::written(&held)
        .ok()
        .and_then(|record| record.register()?.companion())
    {
        Some(register) => vault.held(id.companion(register.kind)).await?,
        None => None,
    };
    Ok(desk::open_form(id, &held, companion.as_ref(), when::now()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianxin_shared::rules::Role;

    fn draft() -> Draft {
        Draft {
            id: DocId([1; 16]),
            kind: "suggestion".to_owned(),
            station: None,
            values: Values::new(),
            companion: Values::new(),
            base: None,
            touched: Moment(0),
            attachments: Vec::new(),
        }
    }

    fn run(changes: Vec<Change>) -> Stage {
        let start = Rc::new(Stage::Opening);
        (*changes
            .into_iter()
            .fold(start, |stage, change| stage.reduce(change)))
        .clone()
    }

    #[test]
    fn what_is_written_stands_and_what_is_emptied_goes() {
        let stage = run(vec![
            Change::Opened(Some(draft())),
            Change::Field("body", Value::from("路灯")),
            Change::Field("location", Value::from("三号楼")),
            Change::Field("location", Value::from("")),
            Change::Companion("phone", Value::from("110")),
        ]);
        let Stage::Open(draft) = stage else {
            panic!("not open")
        };
        assert_eq!(draft.values, [("body".to_owned(), Value::from("路灯"))].into());
        assert_eq!(draft.companion.len(), 1);
    }

    #[test]
    fn a_late_reading_undoes_nothing() {
        let stage = run(vec![
            Change::Opened(Some(draft())),
            Change::Field("body", Value::from("路灯")),
            Change::Opened(None),
        ]);
        assert!(matches!(stage, Stage::Open(draft) if draft.title() == "路灯"));
        assert_eq!(run(vec![Change::Opened(None)]), Stage::Gone);
    }

    #[test]
    fn a_form_starts_with_what_goes_without_saying() {
        let (station, group, visit) = (DocId([2; 16]), DocId([3; 16]), DocId([4; 16]));
        let host = Principal {
            hosts: [station].into(),
            groups: [group].into(),
            ..Principal::new("host1".parse().unwrap(), [Role::Host])
        };
        let start = |kind, principal: &Principal, field: &str| {
            let link = (field.to_owned(), visit);
            fresh(
                register(kind).unwrap(),
                DocId([1; 16]),
                principal,
                Some(&link),
                Moment(7),
            )
        };
        let case = start("help_case", &host, "visit");
        assert_eq!(case.station, Some(station));
        assert_eq!(case.values["visit"], Value::Text(visit.to_string()));
        let report = start("opinion_report", &host, "suggestions");
        assert_eq!(report.values["suggestions"], Value::List(vec![visit.to_string()]));
        assert_eq!(report.station, None);
        let supervision = start("supervision", &host, "topic");
        let named = [
            ("group", Value::Text(group.to_string())),
            ("held_at", Value::Number(7)),
        ];
        assert_eq!(supervision.values, named.map(|(k, v)| (k.to_owned(), v)).into());
        let member = Principal::new("member1".parse().unwrap(), [Role::Member]);
        assert_eq!(start("help_case", &member, "visit").station, None);
    }
}
