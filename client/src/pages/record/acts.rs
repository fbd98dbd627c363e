//! What can be done with a record now, with or without a line.

use std::collections::BTreeMap;

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Record, Register};
use lianxin_shared::rules::steps_for;
use lianxin_shared::search::matches;
use lianxin_shared::sync::Held;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::book::use_book;
use crate::components::{Act, ActBox, Candidates, Declared, Notice, Tone};
use crate::desk::{self, DeskError};
use crate::i18n::{use_texts, when};
use crate::pages::form::{self, EditQuery};
use crate::pages::office::draft::{self, Change, use_office_draft};
use crate::route::Route;
use crate::session::{Here, use_here};
use crate::vault::{Vault, VaultError};

/// How many records to merge into are offered at once.
const MAX_OFFERED: usize = 8;

/// What the steps need.
#[derive(Debug, PartialEq, Properties)]
pub(super) struct ActsProps {
    pub(super) id: DocId,
    pub(super) register: Declared<Register>,
    pub(super) record: Record,
    /// The fields that the user may write now.
    pub(super) fillable: Vec<&'static str>,
}

/// The steps that the user may take. What is half written of one is kept with every keystroke.
#[component]
pub(super) fn Acts(props: &ActsProps) -> Html {
    let (Some(vault), Some(here)) = (use_context::<Vault>(), use_here()) else {
        return html! {};
    };
    let steps = steps_for(&here.session.principal, &props.record);
    let steps: Vec<_> = steps.into_iter().map(Declared).collect();
    if steps.is_empty() {
        return html! {};
    }
    html! {
        <Taking id={props.id} register={props.register} record={props.record.clone()} {steps}
            fillable={props.fillable.clone()} {vault} here={Me(here)} />
    }
}

/// Who is here, as a prop.
#[derive(Clone, PartialEq)]
struct Me(Here);

#[derive(PartialEq, Properties)]
struct TakingProps {
    id: DocId,
    register: Declared<Register>,
    record: Record,
    steps: Vec<Declared<lianxin_shared::records::Step>>,
    fillable: Vec<&'static str>,
    vault: Vault,
    here: Me,
}

#[component]
fn Taking(props: &TakingProps) -> Html {
    let t = use_texts();
    let navigator = use_navigator();
    let failure = use_state(|| None::<String>);
    let busy = use_state(|| false);
    let id = props.id;
    let failed = {
        let (failure, t) = (failure.setter(), t.clone());
        Callback::from(move |why: Option<VaultError>| {
            failure.set(why.map(|why| form::words(&t, &DeskError::Vault(why))));
        })
    };
    let (half, on_half) = use_office_draft(id, &props.vault, failed);
    let candidates = use_candidates(id, props.register.kind);
    let on_act = {
        let (vault, Me(here)) = (props.vault.clone(), props.here.clone());
        let (failure, busy, on_half, t) = (failure.setter(), busy.setter(), on_half.clone(), t.clone());
        Callback::from(move |act: Act| {
            let event = act.event(&here.session.principal.user, when::now());
            let (vault, here, t) = (vault.clone(), here.clone(), t.clone());
            let (failure, busy, on_half) = (failure.clone(), busy.clone(), on_half.clone());
            busy.set(true);
            spawn_local(async move {
                match take(&vault, &here, id, &event).await {
                    Ok(()) => {
                        on_half.emit(Change::Step(None));
                        failure.set(None);
                    }
                    Err(error) => {
                        here.start_anew.emit(());
                        failure.set(Some(form::words(&t, &error)));
                    }
                }
                busy.set(false);
            });
        })
    };
    let on_fill = Callback::from(move |field: &'static str| {
        if let Some(navigator) = &navigator {
            let look = Some(field.to_owned());
            // A field's name always makes a query.
            drop(navigator.push_with_query(&Route::Edit { id }, &EditQuery { look }));
        }
    });
    let Some(half) = half else {
        return html! {};
    };
    let begun = half.step.and_then(|step| draft::act(props.register.0, step));
    let on_begun = on_half.reform(|begun: Option<Act>| Change::Step(begun.map(draft::step)));
    html! {
        <>
            if let Some(words) = &*failure {
                <Notice tone={Tone::Attention}><p data-test="failure">{ words }</p></Notice>
            }
            <ActBox register={props.register} steps={props.steps.clone()} values={props.record.values.clone()} due={props.record.due()}
                fillable={props.fillable.clone()} {on_fill} {candidates} busy={*busy} {begun} {on_begun} {on_act} />
        </>
    }
}

/// Records on this device that one could be merged into.
#[hook]
fn use_candidates(id: DocId, kind: &'static str) -> Candidates {
    let book = use_book();
    let query = use_state(AttrValue::default);
    let fits = book.records().iter().filter(|record| {
        !query.is_empty() && record.kind == kind && record.doc != id && matches(&record.search, &query)
    });
    let found = fits
        .take(MAX_OFFERED)
        .map(|record| (record.doc, record.title.clone().into()));
    let found = found.collect();
    let on_search = Callback::from({
        let query = query.setter();
        move |words: String| query.set(words.into())
    });
    Candidates {
        query: (*query).clone(),
        found,
        on_search,
    }
}

async fn take(vault: &Vault, here: &Here, id: DocId, event: &Event) -> Result<(), DeskError> {
    let author = here.author();
    let work = |mut held: BTreeMap<DocId, Held>| {
        let held = held.remove(&id).ok_or(DeskError::Gone)?;
        let held = desk::act(held, event, &here.session.principal, &author)?;
        Ok(vec![(id, held)])
    };
    vault.write(&[id], None, work).await
}
