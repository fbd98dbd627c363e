//! One record, read from the top down: title and state, what was said, where it came from, what came of it, what can be
//! done now, and its history folded.

use std::rc::Rc;

use lianxin_shared::document::Author;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Field, Register, Shape, Values};
use lianxin_shared::rules::{Principal, may_attach, may_erase, may_write, names_work, steps_for};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

use super::chain::use_chain;
use super::draft::{self, Change, use_office_draft};
use super::erase::Erase;
use super::failure;
use super::feed::use_gathered;
use super::merge::use_candidates;
use super::opened::{OpenError, Opened, Same, Written};
use super::origin::Origin;
use super::take::Take;
use super::twins::{TwinsPanel, use_twins};
use crate::api::use_api;
use crate::chance;
use crate::components::{
    Act, ActBox, ConcurrentVersions, Declared, Empty, FieldView, FieldsView, History, Notice, RecordForm,
    StateMark, Timeline, Tone, label,
};
use crate::i18n::use_texts;
use crate::pages::chain::ChainView;
use crate::pages::form;
use crate::pages::link::Go;
use crate::photos::Photos;
use crate::route::Route;
use crate::session::{Here, use_here};
use crate::vault::{OfficeDraft, StepDraft, Vault, VaultError};

/// The act by which one record goes into another.
const MERGE: &str = "merge";

#[derive(Debug, PartialEq, Properties)]
pub(super) struct RecordPaneProps {
    pub(super) id: DocId,
    /// The list's filter, to go back to.
    pub(super) query: String,
    /// Something was written.
    pub(super) on_written: Callback<()>,
}

/// One record, opened from the server and opened again whenever something moved.
#[component]
pub(super) fn RecordPane(props: &RecordPaneProps) -> Html {
    let (Some(vault), Some(here)) = (use_context::<Vault>(), use_here()) else {
        return html! {};
    };
    html! {
        <Pane id={props.id} query={props.query.clone()} on_written={props.on_written.clone()} {vault} {here} />
    }
}

#[derive(PartialEq, Properties)]
struct PaneProps {
    id: DocId,
    query: String,
    on_written: Callback<()>,
    vault: Vault,
    here: Here,
}

#[component]
fn Pane(props: &PaneProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let opened = use_state(|| None::<Rc<Opened>>);
    let navigator = use_navigator();
    let error = use_state(|| None::<OpenError>);
    let busy = use_state(|| false);
    let (draft, on_draft) = {
        let error = error.setter();
        let failed = Callback::from(move |why: Option<VaultError>| error.set(why.map(Into::into)));
        use_office_draft(props.id, &props.vault, failed)
    };

    let open = {
        let (api, id, opened, error) = (api.clone(), props.id, opened.setter(), error.setter());
        Callback::from(move |()| {
            let (api, opened, error) = (api.clone(), opened.clone(), error.clone());
            spawn_local(async move {
                match Opened::open(&api, id).await {
                    Ok(record) => {
                        opened.set(Some(Rc::new(record)));
                        error.set(None);
                    }
                    Err(why) => error.set(Some(why)),
                }
            });
        })
    };
    use_effect_with(props.id, {
        let open = open.clone();
        move |_| open.emit(())
    });
    use_gathered(open.clone());

    let write = {
        let (opened, error, busy, on_draft) =
            (opened.clone(), error.setter(), busy.setter(), on_draft.clone());
        let (here, open, on_written) = (props.here.clone(), open.clone(), props.on_written.clone());
        Callback::from(move |what: Written| {
            let Some(record) = (*opened).clone() else { return };
            let (api, error, busy, on_draft) = (api.clone(), error.clone(), busy.clone(), on_draft.clone());
            let (here, open, on_written) = (here.clone(), open.clone(), on_written.clone());
            busy.set(true);
            spawn_local(async move {
                // A fresh actor for each: what fails to go in must never share its sequence with what does.
                let author = Author {
                    actor: chance::actor(),
                    ..here.author()
                };
                let answer = record.write(&api, here.device, &author, &what).await;
                busy.set(false);
                match answer {
                    Ok(()) => {
                        error.set(None);
                        on_draft.emit(Change::Written(Rc::new(what)));
                        open.emit(());
                        on_written.emit(());
                    }
                    Err(why) => error.set(Some(why)),
                }
            });
        })
    };

    let failure = (*error).as_ref().map(|error| {
        let again = open.reform(|_: MouseEvent| ());
        html! {
            <Notice tone={Tone::Attention}>
                <p data-test="failure">{ failure::of_record(&t, error) }</p>
                if opened.is_none() && !matches!(error, OpenError::Gone) {
                    <button type="button" class="button" onclick={again}>{ t.get("office-again") }</button>
                }
            </Notice>
        }
    });
    let principal = props.here.session.principal.clone();
    let on_erased = {
        let (navigator, query, on_written) =
            (navigator.clone(), props.query.clone(), props.on_written.clone());
        Callback::from(move |()| {
            on_written.emit(());
            if let Some(navigator) = &navigator {
                // Raw text always makes a query.
                let Ok(()) = navigator.push_with_query(&Route::Office, Raw(query.clone()));
            }
        })
    };
    html! {
        <>
            <Go class="back button quiet" to={Route::Office} query={props.query.clone()} test="back">
                { t.get("office-back") }
            </Go>
            { for failure }
            if let (Some(opened), Some(draft)) = ((*opened).clone(), draft) {
                <Whole opened={Same(opened)} {principal} busy={*busy} {draft} {on_draft} on_write={Write(write)}
                    reopen={open} {on_erased} />
            } else if error.is_none() {
                <Empty><p role="status">{ t.get("office-opening") }</p></Empty>
            }
        </>
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Write(Callback<Written>);

#[derive(Debug, PartialEq, Properties)]
struct WholeProps {
    opened: Same,
    principal: Principal,
    busy: bool,
    draft: OfficeDraft,
    on_draft: Callback<Change>,
    on_write: Write,
    /// Opens it anew.
    reopen: Callback<()>,
    /// It is gone.
    on_erased: Callback<()>,
}

/// A record that is here.
#[component]
fn Whole(props: &WholeProps) -> Html {
    let t = use_texts();
    let Opened {
        register,
        record,
        revisions,
        concurrent,
        ..
    } = &*props.opened.0;
    let register: &'static Register = register;
    let id = record.envelope.id;
    let twins = use_twins(id, register.companion().is_some());
    let candidates = use_candidates(id, register.kind, &twins);
    let Write(on_write) = &props.on_write;
    let may_settle = concurrent
        .iter()
        .filter_map(|concurrent| register.field(&concurrent.field))
        .all(|field| may_write(&props.principal, record, field));
    let on_settle = may_settle.then(|| {
        on_write.reform(|settled| Written {
            values: Values::from([settled]),
            ..Written::default()
        })
    });
    let on_act = on_write.reform({
        let user = props.principal.user.clone();
        move |act: Act| Written {
            events: vec![act.event(&user, crate::i18n::when::now())],
            ..Written::default()
        }
    });
    let on_photos = may_attach(&props.principal, record).then(|| {
        on_write.reform(|attachments| Written {
            attachments: Some(attachments),
            ..Written::default()
        })
    });
    let steps: Vec<_> = steps_for(&props.principal, record)
        .into_iter()
        .map(Declared)
        .collect();
    let begun = props
        .draft
        .step
        .clone()
        .and_then(|step| draft::act(register, step));
    let on_begun = props
        .on_draft
        .reform(|begun: Option<Act>| Change::Step(begun.map(draft::step)));
    let may_merge = steps.iter().any(|step| step.act == MERGE);
    let on_merge = may_merge.then(|| {
        props.on_draft.reform(|into| {
            let step = StepDraft {
                act: MERGE.to_owned(),
                into: Some(into),
                ..StepDraft::default()
            };
            Change::Step(Some(step))
        })
    });
    let said = record.text(register.title).to_owned();
    let fillable = writable(&props.principal, &props.opened.0);
    let on_fill = props.on_draft.reform({
        let changes = props.draft.changes.clone();
        move |field| {
            form::look_at_next(field);
            Change::Fields(Some(changes.clone().unwrap_or_default()))
        }
    });
    let chain = use_chain(id);
    let title = match register.field(register.title).map(|field| field.shape) {
        // The words themselves follow at once: here stands what they are, and by which code people ask for them.
        Some(Shape::Prose { .. }) | None => {
            format!("{} {}", label::kind(&t, register.kind), id.receipt_code())
        }
        Some(_) => record.title().to_owned(),
    };
    let state = record.status().map(|status| status.state).unwrap_or_default();
    html! {
        <>
            <div class="record-head">
                <h1 data-test="record-title">{ title }</h1>
                <span role="status"><StateMark kind={register.kind} {state} /></span>
            </div>
            <ConcurrentVersions {register} concurrent={concurrent.clone()} {on_settle} />
            <Said opened={props.opened.clone()} principal={props.principal.clone()} busy={props.busy}
                changes={props.draft.changes.clone()} on_changes={props.on_draft.reform(Change::Fields)}
                on_write={props.on_write.clone()} />
            <Photos doc={id} attachments={record.envelope.attachments.clone()} on_change={on_photos} takes_papers={true} />
            <TwinsPanel {said} {twins} {on_merge} />
            <Origin opened={props.opened.clone()} principal={props.principal.clone()} reopen={props.reopen.clone()} />
            <ChainView {chain} in_office={true} />
            if !record.timeline.is_empty() {
                <section class="section">
                    <h2>{ t.get("office-timeline") }</h2>
                    <Timeline {register} events={record.timeline.clone()} />
                </section>
            }
            <ActBox {register} {steps} values={record.values.clone()} due={record.due()} {fillable} {on_fill} {candidates} busy={props.busy} {begun} {on_begun} {on_act} />
            <div class="actions">
                <Take address={format!("/print/records/{id}")} label="take-print" is_page={true} />
                if let Some(address) = sheet(register, id, state) {
                    <Take {address} label="take-station" is_page={true} />
                }
            </div>
            <History {register} revisions={revisions.clone()} />
            if may_erase(&props.principal, record) {
                <Erase {id} what="record" on_erased={props.on_erased.clone()} />
            }
        </>
    }
}

/// Where the sheet for a station's wall is printed; none of what is no station or not in use. Residents reach the server where
/// the office does.
fn sheet(register: &Register, id: DocId, state: &str) -> Option<String> {
    let is_station = register.kind == "station" && state == register.lifecycle.start;
    let at = web_sys::window()?.location().origin().ok()?;
    is_station.then(|| format!("/print/stations/{id}?at={at}"))
}

/// The fields that the user may write now.
fn writable(principal: &Principal, opened: &Opened) -> Vec<&'static str> {
    let fields = opened.register.fields.iter();
    fields
        .filter(|field| may_write(principal, &opened.record, field))
        .map(|field| field.name)
        .collect()
}

#[derive(Debug, PartialEq, Properties)]
struct SaidProps {
    opened: Same,
    principal: Principal,
    busy: bool,
    changes: Option<Values>,
    on_changes: Callback<Option<Values>>,
    on_write: Write,
}

/// What was said. What the user may write can be changed in place.
#[component]
fn Said(props: &SaidProps) -> Html {
    let t = use_texts();
    let (register, record) = (props.opened.0.register, &props.opened.0.record);
    let is_prose_title =
        |field: &&'static Field| field.name == register.title && matches!(field.shape, Shape::Prose { .. });
    let said = register.fields.iter().find(is_prose_title);
    let mine = writable(&props.principal, &props.opened.0);
    let other_work = register.fields.iter().filter(|field| names_work(field));
    let without: Vec<_> = said
        .into_iter()
        .chain(other_work)
        .map(|field| field.name)
        .collect();
    let begin = props.on_changes.reform(|_: MouseEvent| Some(Values::new()));
    let cancel = props.on_changes.reform(|_: MouseEvent| None);
    let form = props.changes.clone().map(|changed| {
        let mut values = record.values.clone();
        values.extend(changed.clone());
        let on_change = props.on_changes.reform({
            let changed = changed.clone();
            move |(name, value): (&'static str, _)| {
                let mut changed = changed.clone();
                changed.insert(name.to_owned(), value);
                Some(changed)
            }
        });
        let Write(on_write) = &props.on_write;
        let onsubmit = on_write.reform(move |event: SubmitEvent| {
            event.prevent_default();
            Written {
                values: changed.clone(),
                ..Written::default()
            }
        });
        html! {
            <form class="form" {onsubmit} autocomplete="off" novalidate={true} data-test="edit-form">
                <RecordForm {register} {values} only={mine.clone()} {on_change} />
                <div class="actions">
                    <button type="submit" class="button primary" disabled={props.busy} data-test="save">
                        { t.get("office-save") }
                    </button>
                    <button type="button" class="button quiet" onclick={cancel}>{ t.get("ui-cancel") }</button>
                </div>
            </form>
        }
    });
    html! {
        <section class="card" aria-label={t.get("office-said")}>
            if let Some((field, value)) = said.and_then(|field| Some((field, record.values.get(field.name)?.clone()))) {
                <div class="said" data-field={field.name}><FieldView {register} {field} {value} /></div>
            }
            <FieldsView {register} values={record.values.clone()} {without} />
            if let Some(form) = form {
                { form }
            } else if !mine.is_empty() {
                <button type="button" class="button quiet" onclick={begin} data-test="edit">{ t.get("office-edit") }</button>
            }
        </section>
    }
}
