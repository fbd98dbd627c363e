//! The state of a form: what is written, and how it starts.

use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Place, Register, Value, Values, register};
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
    /// Another station was chosen.
    Station(DocId),
}

impl Reducible for Stage {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let draft = match (&*self, change) {
            (Self::Open(draft), change) => written(draft, change),
            (_, Change::Opened(Some(draft))) => draft,
            (_, Change::Opened(None)) => return Rc::new(Self::Gone),
            _ => return self,
        };
        Rc::new(Self::Open(Rc::new(draft)))
    }
}

fn written(draft: &Draft, change: Change) -> Draft {
    let mut draft = draft.clone();
    match change {
        // Read a second time: what was written since counts.
        Change::Opened(_) => return draft,
        Change::Field(field, value) => put(&mut draft.values, field, value),
        Change::Companion(field, value) => put(&mut draft.companion, field, value),
        Change::Station(station) => draft.station = Some(station),
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
pub(super) async fn load(vault: &Vault, here: &Here, id: DocId, kind: Option<&str>) -> Option<Draft> {
    if let Ok(Some(draft)) = vault.draft(id).await {
        return Some(draft);
    }
    match kind {
        Some(kind) => Some(fresh(register(kind)?, id, here)),
        None => from_record(vault, id).await.ok().flatten(),
    }
}

fn fresh(register: &Register, id: DocId, here: &Here) -> Draft {
    let now = when::now();
    let station = here.session.principal.stations().next();
    // Most of what is logged has just happened.
    let values = register
        .when
        .map(|field| (field.to_owned(), Value::Number(when::whole_minute(now).0)));
    Draft {
        id,
        kind: register.kind.to_owned(),
        station: station.filter(|_| register.place == Place::Station),
        values: values.into_iter().collect(),
        companion: Values::new(),
        base: None,
        touched: now,
    }
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
    use lianxin_shared::id::Moment;

    fn draft() -> Draft {
        Draft {
            id: DocId([1; 16]),
            kind: "suggestion".to_owned(),
            station: None,
            values: Values::new(),
            companion: Values::new(),
            base: None,
            touched: Moment(0),
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
}
