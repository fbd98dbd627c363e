//! The form for a new record and for changing one: one page, kept as a draft with every keystroke, finished by one button.

mod companion;
mod likely;
mod look;
mod stage;

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use gloo_timers::callback::Timeout;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Register, Step, Value, register};
use lianxin_shared::rules::{Completeness, Issue, finishing, places_for, takes_attachments, validate};
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::keeper::use_keeper;
use super::start::NewQuery;
use crate::book::use_book;
use crate::components::{Chip, Chips, Empty, Notice, RecordForm, Tone, label};
use crate::desk::{self, DeskError};
use crate::i18n::{Words, use_texts, when};
use crate::photos::Photos;
use crate::route::Route;
use crate::session::{Here, use_here};
use crate::vault::{Draft, Vault, VaultError};
use companion::Companion;
use likely::Likely;
use look::look_at;
use stage::{Change, Stage, begun, load};

pub(super) use look::look_at_next;

/// What the form is for: a new record of a kind, or a change of the record `id`.
#[derive(Debug, PartialEq, Properties)]
pub struct FormProps {
    /// The record to change.
    #[prop_or_default]
    pub id: Option<DocId>,
    /// The kind of a new record.
    #[prop_or_default]
    pub kind: Option<String>,
}

/// The part of an address that says which field to begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditQuery {
    /// The field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<String>,
}

/// How long the first of a new form has to be drawn before the rest is made, in milliseconds: two pictures.
const DRAWN: u32 = 32;

/// The form. A new one begins with the field that is written first. Once a hand can begin there, it gives itself a name in the
/// address, so that it is found again there after a reload, and shows the rest.
#[component]
pub fn Form(props: &FormProps) -> Html {
    let navigator = use_navigator();
    let location = use_location();
    let query = location
        .as_ref()
        .and_then(|at| at.query::<NewQuery>().ok())
        .unwrap_or_default();
    let look = location.and_then(|at| at.query::<EditQuery>().ok()?.look);
    let fresh = use_memo((), |()| crate::chance::doc_id());
    let named = props.id.or(query.draft);
    let link = query.field.clone().zip(query.of);
    use_effect_with((named, props.kind.clone()), {
        let fresh = *fresh;
        move |(named, kind)| {
            let unnamed = kind.clone().filter(|_| named.is_none());
            let naming = unnamed.zip(navigator).map(|(kind, navigator)| {
                Timeout::new(DRAWN, move || {
                    let draft = Some(fresh);
                    // The id is written as text, which every query can carry.
                    drop(navigator.replace_with_query(&Route::New { kind }, &NewQuery { draft, ..query }));
                })
            });
            move || drop(naming)
        }
    });
    let (id, is_fresh) = named.map_or((*fresh, true), |id| (id, false));
    html! { <Opened key={id.to_string()} {id} {is_fresh} kind={props.kind.clone()} {link} {look} /> }
}

#[derive(PartialEq, Properties)]
struct OpenedProps {
    id: DocId,
    /// Nothing of it is kept yet.
    is_fresh: bool,
    kind: Option<String>,
    link: Option<(String, DocId)>,
    look: Option<String>,
}

#[component]
fn Opened(props: &OpenedProps) -> Html {
    let t = use_texts();
    let (vault, here) = (use_context::<Vault>(), use_here());
    let stage = use_reducer(|| match (&here, &props.kind) {
        (Some(here), Some(kind)) if props.is_fresh => begun(here, props.id, kind, props.link.as_ref()).into(),
        _ => Stage::Opening,
    });
    use_effect_with(props.id, {
        let (stage, vault, here) = (stage.clone(), vault.clone(), here.clone());
        let here = here.filter(|_| matches!(*stage, Stage::Opening));
        let (kind, link) = (props.kind.clone(), props.link.clone());
        move |id| {
            let id = *id;
            spawn_local(async move {
                if let (Some(vault), Some(here)) = (vault, here) {
                    stage.dispatch(Change::Opened(
                        load(&vault, &here, id, kind.as_deref(), link.as_ref()).await,
                    ));
                }
            });
        }
    });
    match (&*stage, vault, here) {
        (Stage::Open(draft), Some(vault), Some(here)) => match register(&draft.kind) {
            Some(register) => html! {
                <Writing draft={(**draft).clone()} register={Register_(register)} {vault} {here} begins={props.is_fresh}
                    look={props.look.clone()}
                    change={Callback::from({ let stage = stage.clone(); move |change| stage.dispatch(change) })} />
            },
            None => gone(&t),
        },
        (Stage::Gone, ..) => gone(&t),
        _ => html! { <main class="page" id="page" /> },
    }
}

fn gone(t: &Words) -> Html {
    html! { <main class="page" id="page"><Empty><p>{ t.get("record-gone") }</p></Empty></main> }
}

/// A register as a prop: there is one of each.
#[derive(Clone, Copy)]
struct Register_(&'static Register);

impl PartialEq for Register_ {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

#[derive(PartialEq, Properties)]
struct WritingProps {
    draft: Draft,
    register: Register_,
    vault: Vault,
    here: Here,
    /// Only what is written first is shown, so that it is there at once.
    begins: bool,
    look: Option<String>,
    change: Callback<Change>,
}

#[component]
fn Writing(props: &WritingProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let navigator = use_navigator();
    let issues = use_state(Vec::<Issue>::new);
    let failure = use_state(|| None::<String>);
    let unkept = use_state(|| None::<&'static str>);
    let failed = {
        let unkept = unkept.setter();
        Callback::from(move |error: Option<VaultError>| unkept.set(error.map(|error| unkept_words(&error))))
    };
    let keeper = use_keeper(&props.vault, keep, failed);
    let register = props.register.0;
    let draft = &props.draft;
    let is_first = use_mut_ref(|| true);
    use_effect_with(draft.clone(), {
        let keeper = Rc::clone(&keeper);
        move |draft| {
            // What was just opened is kept already, or nothing is written yet.
            if !is_first.replace(false) {
                keeper.keep(draft.clone());
            }
        }
    });
    use_effect_with(props.look.clone(), |look| {
        if let Some(field) = look {
            look_at(field);
        }
    });
    let on_change = change_of(&props.change, Change::Field);
    let companion = register
        .companion()
        .filter(|_| !props.begins && shows_companion(draft, &props.here));
    let done = {
        let (issues, failure, keeper) = (issues.clone(), failure.clone(), Rc::clone(&keeper));
        let (vault, here, draft) = (props.vault.clone(), props.here.clone(), draft.clone());
        let (navigator, t) = (navigator.clone(), t.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let found = problems(register, &draft);
            issues.set(found.clone());
            if let Some(first) = found.first() {
                look_at(first.field);
                return;
            }
            keeper.close();
            let (vault, here, draft, keeper) =
                (vault.clone(), here.clone(), draft.clone(), Rc::clone(&keeper));
            let (navigator, failure, t) = (navigator.clone(), failure.clone(), t.clone());
            spawn_local(async move {
                match finish(&vault, &here, &draft).await {
                    Ok(()) => {
                        if let Some(navigator) = navigator {
                            navigator.replace(&after(register, &draft));
                        }
                    }
                    Err(error) => {
                        here.start_anew.emit(());
                        keeper.open_again(draft);
                        failure.set(Some(words(&t, &error)));
                    }
                }
            });
        })
    };
    let likely = register.companion().map(|_| {
        let said = draft
            .values
            .get(register.title)
            .and_then(Value::text)
            .unwrap_or_default();
        (
            register.title,
            html! { <Likely id={draft.id} said={said.to_owned()} /> },
        )
    });
    let first = register.fields.first().filter(|_| props.begins);
    let only: Vec<_> = first.map(|field| field.name).into_iter().collect();
    let is_new = draft.base.is_none();
    let title = if is_new {
        t.get(&format!("new-{}", register.kind))
    } else {
        t.get("record-edit")
    };
    let state = book.get(&draft.id).map(|summary| summary.state.as_str());
    let done_words = next_step(register, draft, state).map_or_else(
        || t.get("form-done"),
        |step| label::act(&t, register.kind, step.act),
    );
    html! {
        <main class="page" id="page">
            <h1>{ title }</h1>
            <form class="form" onsubmit={done} autocomplete="off" novalidate=true>
                if let Some(words) = &*failure {
                    <Notice tone={Tone::Attention}><p data-test="failure">{ words }</p></Notice>
                }
                if is_new {
                    <Station register={props.register} chosen={draft.station} here={props.here.clone()} change={props.change.clone()} />
                }
                <RecordForm register={register} values={draft.values.clone()} issues={(*issues).clone()} {on_change} {only}
                    below={likely} />
                if takes_attachments(register) && !props.begins {
                    <Photos doc={draft.id} is_form=true attachments={draft.attachments.clone()}
                        on_change={props.change.reform(Change::Photos)} />
                }
                if let Some(companion) = companion {
                    <Companion register={Register_(companion)} values={draft.companion.clone()} issues={(*issues).clone()}
                        change={props.change.clone()} />
                }
                if let Some(key) = *unkept {
                    <Notice tone={Tone::Attention}><p data-test="unkept">{ t.get(key) }</p></Notice>
                } else {
                    <p class="muted small">{ t.get("form-kept") }</p>
                }
                <div class="actions sticky">
                    <button class="button primary whole" data-test="done">{ done_words }</button>
                </div>
            </form>
        </main>
    }
}

#[derive(PartialEq, Properties)]
struct StationProps {
    register: Register_,
    chosen: Option<DocId>,
    here: Here,
    change: Callback<Change>,
}

/// For which station, or for none; asked only where there is a choice.
#[component]
fn Station(props: &StationProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let places = places_for(&props.here.session.principal, props.register.0);
    if places.len() < 2 {
        return html! {};
    }
    let value = |place: &Option<DocId>| place.map_or(AttrValue::Static("none"), |id| id.to_string().into());
    let name = |place: &Option<DocId>| match place {
        Some(id) => book
            .title(id)
            .map_or_else(|| id.to_string(), |name| name.to_string()),
        None => t.get("form-no-station"),
    };
    let options = places.iter().map(|place| Chip {
        value: value(place),
        label: name(place).into(),
        count: None,
    });
    let on_choose = {
        let change = props.change.clone();
        Callback::from(move |chosen: Option<AttrValue>| {
            // One always stands; a second tap on it changes nothing.
            if let Some(chosen) = chosen {
                change.emit(Change::Station(chosen.parse().ok()));
            }
        })
    };
    html! {
        <div class="field" data-field="station">
            <span class="label">{ t.get("record-station") }</span>
            <Chips label={t.get("record-station")} options={options.collect::<Vec<_>>()}
                chosen={value(&props.chosen)} {on_choose} />
        </div>
    }
}

/// The step that the finished form takes; nothing where it only changes what is written. `state` is where the record stands.
fn next_step(register: &'static Register, draft: &Draft, state: Option<&str>) -> Option<&'static Step> {
    if draft.base.is_none() {
        return finishing(register, &draft.values);
    }
    let state = state.filter(|state| register.lifecycle.attention.contains(state))?;
    register.lifecycle.step(state, desk::SUBMIT)
}

fn change_of<T: 'static, F: Fn(&'static str, T) -> Change + 'static>(
    change: &Callback<Change>,
    of: F,
) -> Callback<(&'static str, T)> {
    let change = change.clone();
    Callback::from(move |(field, value)| change.emit(of(field, value)))
}

/// Whether the companion's fields are asked for: of a new record always, later of who can see them.
fn shows_companion(draft: &Draft, here: &Here) -> bool {
    let hosts = &here.session.principal.hosts;
    match &draft.base {
        None => true,
        Some(base) => {
            base.companion.is_some() || draft.station.is_some_and(|station| hosts.contains(&station))
        }
    }
}

fn problems(register: &'static Register, draft: &Draft) -> Vec<Issue> {
    let mut found = validate(register, &draft.values, Completeness::Complete);
    if let Some(companion) = register.companion() {
        found.extend(validate(companion, &draft.companion, Completeness::Draft));
    }
    found
}

fn keep(vault: Vault, draft: Draft) -> LocalBoxFuture<'static, Result<(), VaultError>> {
    let touched = when::now();
    async move { vault.keep_draft(&Draft { touched, ..draft }).await }.boxed_local()
}

async fn finish(vault: &Vault, here: &Here, draft: &Draft) -> Result<(), DeskError> {
    let companion = register(&draft.kind).and_then(Register::companion);
    let mut ids = vec![draft.id];
    ids.extend(companion.map(|register| draft.id.companion(register.kind)));
    let author = here.author();
    let work = |held| desk::finish(draft, held, &here.session.principal, &author);
    vault.write(&ids, Some(draft.id), work).await
}

/// What is shown once it is done: the receipt of a new record that has one, or the record.
fn after(register: &Register, draft: &Draft) -> Route {
    let id = draft.id;
    match draft.base {
        None if register.companion().is_some() => Route::Receipt { id },
        _ => Route::Record { id },
    }
}

/// Why it was not done, in words.
pub(super) fn words(t: &Words, error: &DeskError) -> String {
    match error {
        DeskError::Refused(refusal) => t.get(&format!("refusal-{}", refusal.code.as_str())),
        DeskError::Gone => t.get("record-gone"),
        DeskError::Vault(VaultError::Full) => t.get("vault-full"),
        _ => t.get("form-failed"),
    }
}

/// That what is written now is not where it should be.
fn unkept_words(error: &VaultError) -> &'static str {
    match error {
        VaultError::Full => "form-unkept-full",
        _ => "form-unkept",
    }
}
