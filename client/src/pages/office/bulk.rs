//! One step on all the records that are ticked in the list.

use std::collections::BTreeSet;

use lianxin_shared::records::{Object, Part, Register, Step, Values, register};
use lianxin_shared::rules::{Principal, Role};
use yew::prelude::*;

use super::draft;
use super::listing::Row;
use crate::components::{Act, ActBox, Declared};
use crate::i18n::{use_texts, when};
use crate::session::use_session;
use crate::vault::HeldAct;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct BulkProps {
    /// The records that are ticked.
    pub(super) rows: Vec<Row>,
    /// Ticks all that are listed.
    pub(super) on_all: Callback<()>,
    /// Ticks none.
    pub(super) on_none: Callback<()>,
    /// A step was taken on all of them.
    pub(super) on_hold: Callback<Vec<HeldAct>>,
}

/// What can be done with all that is ticked at once.
#[component]
pub(super) fn Bulk(props: &BulkProps) -> Html {
    let t = use_texts();
    let session = use_session();
    let begun = use_state(|| None::<Act>);
    let (Some(first), Some(session)) = (props.rows.first(), session) else {
        return html! {};
    };
    let steps = common(&props.rows, &session.principal);
    let on_begun = Callback::from({
        let begun = begun.setter();
        move |act| begun.set(act)
    });
    let on_act = props.on_hold.reform({
        let (rows, begun) = (props.rows.clone(), begun.setter());
        move |act: Act| {
            begun.set(None);
            let at = when::now();
            let step = draft::step(act);
            let hold = |row: &Row| HeldAct {
                doc: row.id,
                kind: row.kind.clone(),
                title: row.title.clone(),
                step: step.clone(),
                at,
            };
            rows.iter().map(hold).collect()
        }
    });
    let n = i64::try_from(props.rows.len()).unwrap_or(i64::MAX);
    let boxed = register(&first.kind)
        .filter(|_| !steps.is_empty())
        .map(|register| {
            let steps: Vec<_> = steps.into_iter().map(Declared).collect();
            html! { <ActBox {register} {steps} values={Values::new()} begun={(*begun).clone()} {on_begun} {on_act} /> }
        });
    html! {
        <section class="bulk" aria-label={t.get("office-bulk")} data-test="bulk">
            <div class="actions">
                <strong role="status">{ t.with("office-ticked", &[("n", n.into())]) }</strong>
                <button type="button" class="button quiet" onclick={props.on_all.reform(|_: MouseEvent| ())} data-test="tick-all">
                    { t.get("office-tick-all") }
                </button>
                <button type="button" class="button quiet" onclick={props.on_none.reform(|_: MouseEvent| ())} data-test="tick-none">
                    { t.get("office-tick-none") }
                </button>
            </div>
            if let Some(boxed) = boxed {
                { boxed }
            } else {
                <p class="muted">{ t.get("office-bulk-nothing") }</p>
            }
        </section>
    }
}

/// The steps that can be taken on all of them alike, in the order of the first one's register. What needs a judgement, another
/// record or a field filled before is done record by record.
fn common(rows: &[Row], principal: &Principal) -> Vec<&'static Step> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let alike = |step: &&'static Step| {
        rows.iter().all(|row| {
            possible(row, principal)
                .any(|other| (other.act, other.words, other.object) == (step.act, step.words, step.object))
        })
    };
    possible(first, principal).filter(alike).collect()
}

fn possible<'a>(row: &'a Row, principal: &Principal) -> impl Iterator<Item = &'static Step> + use<'a> {
    let parts = parts(row, principal);
    let state = row.state.as_deref().unwrap_or_default();
    let register: Option<&'static Register> = register(&row.kind);
    let steps = register
        .into_iter()
        .flat_map(move |register| register.lifecycle.steps_from(state));
    steps.filter(move |step| {
        step.by.iter().any(|part| parts.contains(part))
            && step.marks.is_empty()
            && step.needs.is_empty()
            && matches!(step.object, Object::None | Object::Handler)
    })
}

/// What the user is to a record of the list, as far as the office goes; whoever opens it can do more.
fn parts(row: &Row, principal: &Principal) -> BTreeSet<Part> {
    let is_handler = row.handler.as_ref() == Some(&principal.user);
    [
        (Part::Clerk, principal.is(Role::Clerk)),
        (Part::Supervisor, principal.is(Role::Supervisor)),
        (Part::Admin, principal.is(Role::Admin)),
        (Part::Handler, principal.is(Role::Handler) && is_handler),
    ]
    .into_iter()
    .filter_map(|(part, is)| is.then_some(part))
    .collect()
}

#[cfg(test)]
mod tests {
    use lianxin_shared::id::{DocId, Moment};

    use super::*;

    fn row(kind: &str, state: &str) -> Row {
        Row {
            id: DocId([1; 16]),
            kind: kind.to_owned(),
            station: None,
            received_at: Moment(0),
            state: Some(state.to_owned()),
            title: String::new(),
            theme: None,
            excerpt: String::new(),
            number: None,
            open: true,
            handler: None,
            due: None,
            general: false,
            setbacks: 0,
        }
    }

    fn acts(rows: &[Row], role: Role) -> Vec<&'static str> {
        let principal = Principal::new("somebody".parse().unwrap(), [role]);
        common(rows, &principal).iter().map(|step| step.act).collect()
    }

    #[test]
    fn only_what_can_be_done_to_all_alike_is_offered() {
        let received = row("suggestion", "received");
        let accepted = row("suggestion", "accepted");
        let one = acts(std::slice::from_ref(&received), Role::Clerk);
        assert_eq!(one, ["accept", "return", "decline"], "merging needs a record");
        let both = [received.clone(), accepted];
        assert_eq!(acts(&both, Role::Clerk), ["return", "decline"]);
        let mixed = [received, row("proposal", "examined")];
        assert_eq!(acts(&mixed, Role::Clerk), ["return"]);
        assert!(acts(&both, Role::Supervisor).is_empty());
        assert!(acts(&[], Role::Clerk).is_empty());
    }
}
