//! The form for a new record and for changing one: one page, kept as a draft with every keystroke, finished by one button.

mod stage;

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Place, Register, register};
use lianxin_shared::rules::{Completeness, Issue, validate};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::drafts::DraftQuery;
use super::keeper::use_keeper;
use crate::book::use_book;
use crate::components::{Chip, Chips, Empty, Notice, RecordForm, Tone, label};
use crate::desk::{self, DeskError};
use crate::i18n::{Words, use_texts, when};
use crate::route::Route;
use crate::session::{Here, use_here};
use crate::vault::{Draft, Vault, VaultError};
use stage::{Change, Stage, load};

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

/// The form. A new one gives itself a name in the address, so that it is found again there after a reload.
#[component]
pub fn Form(props: &FormProps) -> Html {
    let navigator = use_navigator();
    let query = use_location().and_then(|at| at.query::<DraftQuery>().ok());
    let fresh = use_memo((), |()| crate::chance::doc_id());
    let named = props.id.or(query.map(|query| query.draft));
    use_effect_with((named, props.kind.clone()), {
        let fresh = *fresh;
        move |(named, kind)| {
            if let (None, Some(kind), Some(navigator)) = (named, kind, navigator) {
                let route = Route::New { kind: kind.clone() };
                // The id is written as text, which every query can carry.
                drop(navigator.replace_with_query(&route, &DraftQuery { draft: fresh }));
            }
        }
    });
    let Some(id) = named else {
        return html! { <main class="page" id="page" /> };
    };
    html! { <Opened key={id.to_string()} {id} kind={props.kind.clone()} /> }
}

#[derive(PartialEq, Properties)]
struct OpenedProps {
    id: DocId,
    kind: Option<String>,
}

#[component]
fn Opened(props: &OpenedProps) -> Html {
    let t = use_texts();
    let (vault, here) = (use_context::<Vault>(), use_here());
    let stage = use_reducer(|| Stage::Opening);
    use_effect_with(props.id, {
        let (stage, vault, here, kind) = (stage.clone(), vault.clone(), here.clone(), props.kind.clone());
        move |id| {
            let id = *id;
            spawn_local(async move {
                if let (Some(vault), Some(here)) = (vault, here) {
                    stage.dispatch(Change::Opened(load(&vault, &here, id, kind.as_deref()).await));
                }
            });
        }
    });
    match (&*stage, vault, here) {
        (Stage::Open(draft), Some(vault), Some(here)) => match register(&draft.kind) {
            Some(register) => html! {
                <Writing draft={(**draft).clone()} register={Register_(register)} {vault} {here}
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
    change: Callback<Change>,
}

#[component]
fn Writing(props: &WritingProps) -> Html {
    let t = use_texts();
    let navigator = use_navigator();
    let issues = use_state(Vec::<Issue>::new);
    let failure = use_state(|| None::<String>);
    let failed = {
        let (failure, t) = (failure.clone(), t.clone());
        Callback::from(move |error| failure.set(Some(words(&t, &DeskError::Vault(error)))))
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
    let on_change = change_of(&props.change, Change::Field);
    let on_contact = change_of(&props.change, Change::Companion);
    let companion = register
        .companion()
        .filter(|_| shows_companion(draft, &props.here));
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
    let is_new = draft.base.is_none();
    let title = if is_new {
        t.get(&format!("new-{}", register.kind))
    } else {
        t.get("record-edit")
    };
    html! {
        <main class="page" id="page">
            <h1>{ title }</h1>
            <form class="form" onsubmit={done} novalidate=true>
                if let Some(words) = &*failure {
                    <Notice tone={Tone::Attention}><p data-test="failure">{ words }</p></Notice>
                }
                if is_new && register.place == Place::Station {
                    <Station chosen={draft.station} here={props.here.clone()} change={props.change.clone()} />
                }
                <RecordForm register={register} values={draft.values.clone()} issues={(*issues).clone()} {on_change} />
                if let Some(companion) = companion {
                    <details class="more-fields" open={!draft.companion.is_empty()}>
                        <summary data-test="contact">{ label::kind(&t, companion.kind) }</summary>
                        <p class="muted small">{ t.get("contact-who-sees") }</p>
                        <RecordForm register={companion} values={draft.companion.clone()} issues={(*issues).clone()}
                            on_change={on_contact} />
                    </details>
                }
                <p class="muted small">{ t.get("form-kept") }</p>
                <div class="actions sticky">
                    <button class="button primary whole" data-test="done">{ t.get("form-done") }</button>
                </div>
            </form>
        </main>
    }
}

#[derive(PartialEq, Properties)]
struct StationProps {
    chosen: Option<DocId>,
    here: Here,
    change: Callback<Change>,
}

/// For which station; asked only of those who have several.
#[component]
fn Station(props: &StationProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let stations: Vec<_> = props.here.session.principal.stations().collect();
    if stations.len() < 2 {
        return html! {};
    }
    let options = stations.iter().map(|id| Chip {
        value: id.to_string().into(),
        label: book
            .title(id)
            .map_or_else(|| id.to_string(), |name| name.to_string())
            .into(),
        count: None,
    });
    let on_choose = {
        let change = props.change.clone();
        Callback::from(move |chosen: Option<AttrValue>| {
            // One station always stands; a second tap on it changes nothing.
            if let Some(id) = chosen.and_then(|id| id.parse().ok()) {
                change.emit(Change::Station(id));
            }
        })
    };
    html! {
        <div class="field">
            <span class="label">{ t.get("record-station") }</span>
            <Chips label={t.get("record-station")} options={options.collect::<Vec<_>>()}
                chosen={props.chosen.map(|id| AttrValue::from(id.to_string()))} {on_choose} />
        </div>
    }
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

fn words(t: &Words, error: &DeskError) -> String {
    match error {
        DeskError::Refused(refusal) => t.get(&format!("refusal-{}", refusal.code.as_str())),
        DeskError::Gone => t.get("record-gone"),
        DeskError::Vault(VaultError::Full) => t.get("vault-full"),
        _ => t.get("form-failed"),
    }
}

/// Brings the field into view and gives it the focus.
fn look_at(field: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|d| {
        d.query_selector(&format!("main [name=\"{field}\"]"))
            .ok()
            .flatten()
    });
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that takes no focus is in view all the same.
        drop(element.focus());
        element.scroll_into_view();
    }
}
