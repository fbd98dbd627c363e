//! What is half written on a record: read when the record is opened, kept with every keystroke, gone with what it became.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Register, Values};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::opened::Written;
use crate::components::{Act, Declared};
use crate::pages::keeper::use_keeper;
use crate::vault::{OfficeDraft, StepDraft, Vault, VaultError};

/// What happens to what is half written.
#[derive(Debug)]
pub(in crate::pages) enum Change {
    /// It was read from the vault.
    Opened(OfficeDraft),
    /// The form for the fields was opened, written in, or closed.
    Fields(Option<Values>),
    /// A step was begun, written in, or given up.
    Step(Option<StepDraft>),
    /// This went in.
    Written(Rc<Written>),
}

/// What is half written on a record; nothing until it was read.
#[derive(Debug, Default, PartialEq)]
struct Half(Option<OfficeDraft>);

impl Reducible for Half {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let draft = match (&self.0, change) {
            (None, Change::Opened(draft)) => draft,
            (Some(draft), Change::Fields(changes)) => OfficeDraft {
                changes,
                ..draft.clone()
            },
            (Some(draft), Change::Step(step)) => OfficeDraft {
                step,
                ..draft.clone()
            },
            (Some(draft), Change::Written(written)) => without(draft.clone(), &written),
            _ => return self,
        };
        Rc::new(Self(Some(draft)))
    }
}

/// What is left once something went in. Whatever else was begun meanwhile stays.
fn without(mut draft: OfficeDraft, written: &Written) -> OfficeDraft {
    if draft.changes.as_ref() == Some(&written.values) {
        draft.changes = None;
    }
    draft.step = draft
        .step
        .filter(|step| written.events.iter().all(|event| event.act != step.act));
    draft
}

/// What is half written on a record, and what changes it. `failed` hears what the device did not keep.
#[hook]
pub(in crate::pages) fn use_office_draft(
    id: DocId,
    vault: &Vault,
    failed: Callback<Option<VaultError>>,
) -> (Option<OfficeDraft>, Callback<Change>) {
    let half = use_reducer(Half::default);
    let keeper = use_keeper(vault, keep, failed);
    use_effect_with((id, vault.clone()), {
        let dispatcher = half.dispatcher();
        move |(id, vault)| {
            let (id, vault) = (*id, vault.clone());
            spawn_local(async move {
                // What cannot be read now is left where it is until something new is written over it.
                let draft = vault.office_draft(id).await.unwrap_or_default();
                dispatcher.dispatch(Change::Opened(draft));
            });
        }
    });
    let kept = use_mut_ref(|| None::<OfficeDraft>);
    use_effect_with(half.clone(), move |half| {
        let Some(draft) = &half.0 else { return };
        // What was read just now is kept already.
        if kept.replace(Some(draft.clone())).is_some() {
            keeper.keep((id, draft.clone()));
        }
    });
    let dispatcher = half.dispatcher();
    (
        half.0.clone(),
        Callback::from(move |change| dispatcher.dispatch(change)),
    )
}

fn keep(vault: Vault, (id, draft): (DocId, OfficeDraft)) -> LocalBoxFuture<'static, Result<(), VaultError>> {
    async move { vault.keep_office_draft(id, &draft).await }.boxed_local()
}

/// A kept step as the box shows it; nothing if this version has no such step.
pub(in crate::pages) fn act(register: &'static Register, step: StepDraft) -> Option<Act> {
    let declared = register
        .lifecycle
        .steps
        .iter()
        .find(|known| known.act == step.act)?;
    Some(Act {
        step: Declared(declared),
        words: step.words,
        handler: step.handler,
        due: step.due,
        into: step.into,
        marks: step.marks,
    })
}

/// A step as it is kept.
pub(in crate::pages) fn step(act: Act) -> StepDraft {
    StepDraft {
        act: act.step.act.to_owned(),
        words: act.words,
        handler: act.handler,
        due: act.due,
        into: act.into,
        marks: act.marks,
    }
}

#[cfg(test)]
mod tests {
    use lianxin_shared::id::Moment;
    use lianxin_shared::records::{Event, Value};

    use super::*;

    fn values(words: &str) -> Values {
        [("title".to_owned(), Value::from(words))].into()
    }

    fn step(act: &str) -> StepDraft {
        StepDraft {
            act: act.to_owned(),
            words: "已联系物业".to_owned(),
            ..StepDraft::default()
        }
    }

    fn went_in(values: Values, acts: &[&str]) -> Change {
        let clerk = "clerk1".parse().unwrap();
        let events = acts
            .iter()
            .map(|act| Event::new(act, &clerk, Moment(1)))
            .collect();
        Change::Written(Rc::new(Written {
            values,
            events,
            attachments: None,
        }))
    }

    fn run(changes: Vec<Change>) -> OfficeDraft {
        let start = Rc::new(Half::default());
        let half = changes
            .into_iter()
            .fold(start, |half, change| half.reduce(change));
        half.0.clone().unwrap()
    }

    #[test]
    fn what_went_in_goes_and_what_else_was_begun_stays() {
        let begun = || {
            vec![
                Change::Opened(OfficeDraft::default()),
                Change::Fields(Some(values("路灯"))),
                Change::Step(Some(step("answer"))),
            ]
        };
        let after = |change| run(begun().into_iter().chain([change]).collect());
        let acted = after(went_in(Values::new(), &["answer"]));
        assert_eq!((acted.step, acted.changes), (None, Some(values("路灯"))));
        let saved = after(went_in(values("路灯"), &[]));
        assert_eq!((saved.step, saved.changes), (Some(step("answer")), None));
        let other = after(went_in(values("电梯"), &["accept"]));
        assert_eq!(
            (other.step, other.changes),
            (Some(step("answer")), Some(values("路灯")))
        );
    }

    #[test]
    fn a_late_reading_undoes_nothing() {
        let draft = run(vec![
            Change::Opened(OfficeDraft::default()),
            Change::Step(Some(step("answer"))),
            Change::Opened(OfficeDraft::default()),
        ]);
        assert_eq!(draft.step, Some(step("answer")));
    }
}
