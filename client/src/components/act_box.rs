//! The steps that the user may take now.

use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Object, Register, Step, Words};
use yew::prelude::*;

use super::event::{selected, typed, written};
use super::{Chip, Chips, Declared, SearchBox, label};
use crate::book::use_book;
use crate::i18n::{self, use_texts, when};

/// A step as the user takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The step.
    pub step: Declared<Step>,
    /// The words it is taken with.
    pub words: String,
    /// Whom the record is assigned to.
    pub handler: Option<UserId>,
    /// By when.
    pub due: Option<Moment>,
    /// The record it is merged into.
    pub into: Option<DocId>,
}

impl Act {
    /// A step of which nothing is written yet.
    fn begun(step: Declared<Step>) -> Self {
        Self {
            step,
            words: String::new(),
            handler: None,
            due: None,
            into: None,
        }
    }

    /// Whether it has all that its declaration asks for.
    pub fn is_complete(&self) -> bool {
        let has_words = self.step.words != Words::Required || !self.words.trim().is_empty();
        has_words
            && match self.step.object {
                Object::None | Object::Number => true,
                Object::Record => self.into.is_some(),
                Object::Handler => self.handler.is_some(),
            }
    }
}

/// Records that the record in question could be merged into.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    /// What was searched for.
    pub query: AttrValue,
    /// What was found: id and title.
    pub found: Vec<(DocId, AttrValue)>,
    /// The user searches.
    pub on_search: Callback<String>,
}

/// What the box needs.
#[derive(Debug, PartialEq, Properties)]
pub struct ActBoxProps {
    /// The register.
    pub register: Declared<Register>,
    /// The steps that the user may take, likeliest first.
    pub steps: Vec<Declared<Step>>,
    /// What a record could be merged into.
    #[prop_or_default]
    pub candidates: Candidates,
    /// A step is on its way: nothing can be taken until it is there.
    #[prop_or_default]
    pub busy: bool,
    /// The step that was begun and is not taken yet.
    pub begun: Option<Act>,
    /// What was begun has changed, or was given up.
    pub on_begun: Callback<Option<Act>>,
    /// The user takes a step.
    pub on_act: Callback<Act>,
}

/// A button for each step. One that asks for words or an object opens below the buttons, on the page.
#[component]
pub fn ActBox(props: &ActBoxProps) -> Html {
    let t = use_texts();
    let begun = &props.begun;
    // One that was begun earlier does not take the focus when its record is opened.
    let is_opening = use_mut_ref(|| true).replace(false);
    // A step that can no longer be taken, since somebody else moved the record on, folds away; its words stay
    // until another step is begun.
    let open = begun.clone().filter(|act| props.steps.contains(&act.step));
    if props.steps.is_empty() {
        return html! {};
    }
    let on_begin = Callback::from({
        let (begun, on_begun, on_act) = (begun.clone(), props.on_begun.clone(), props.on_act.clone());
        move |(step, is_written): (Declared<Step>, bool)| {
            let words = begun.as_ref().map(|act| act.words.clone());
            let mut act = Act::begun(step);
            if is_written {
                act.words = words.unwrap_or_default();
                on_begun.emit(Some(act));
            } else {
                on_act.emit(act);
            }
        }
    });
    // The one that is done most stands out: the first that needs no more than a tap.
    let first = props
        .steps
        .iter()
        .find(|step| is_at_once(step))
        .filter(|_| open.is_none());
    let buttons: Vec<_> = props
        .steps
        .iter()
        .map(|step| {
            let is_open = open.as_ref().is_some_and(|act| act.step == *step);
            let primary = (first == Some(step)).then_some("primary");
            begin(&t, props, *step, classes!("button", primary), is_open, &on_begin)
        })
        .collect();
    let form = open.map(|act| {
        let name = act.step.0.act;
        html! {
            <ActForm key={name} register={props.register} candidates={props.candidates.clone()} busy={props.busy}
                takes_focus={!is_opening} {act} on_change={props.on_begun.clone()} on_act={props.on_act.clone()} />
        }
    });
    html! {
        <section class="card" aria-label={t.get("ui-acts")} data-test="acts">
            <div class="actions">{ for buttons }</div>
            { for form }
        </section>
    }
}

/// What needs neither words nor an object is taken by one tap; where words are welcome, the button beside it takes them.
fn is_at_once(step: &Step) -> bool {
    step.words != Words::Required && step.object == Object::None
}

fn begin(
    t: &i18n::Words,
    props: &ActBoxProps,
    step: Declared<Step>,
    class: Classes,
    is_open: bool,
    on_begin: &Callback<(Declared<Step>, bool)>,
) -> Html {
    let name = label::act(t, props.register.kind, step.act);
    let at_once = is_at_once(&step);
    let onclick = on_begin.reform(move |_: MouseEvent| (step, !at_once));
    let with_words = (at_once && step.words == Words::Welcome).then(|| {
        let onclick = on_begin.reform(move |_: MouseEvent| (step, true));
        let name = t.with("ui-act-with-words", &[("act", name.clone().into())]);
        html! {
            <button type="button" class="button quiet" aria-expanded={is_open.to_string()} disabled={props.busy}
                data-act-with-words={step.act} {onclick}>{ name }</button>
        }
    });
    let expanded = (!at_once).then(|| is_open.to_string());
    html! {
        <>
            <button type="button" {class} aria-expanded={expanded} disabled={props.busy} data-act={step.act} {onclick}>
                { name }
            </button>
            { with_words }
        </>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct ActFormProps {
    register: Declared<Register>,
    candidates: Candidates,
    busy: bool,
    act: Act,
    takes_focus: bool,
    on_change: Callback<Option<Act>>,
    on_act: Callback<Act>,
}

/// What a step asks for.
#[component]
fn ActForm(props: &ActFormProps) -> Html {
    let t = use_texts();
    let is_missing = use_state(|| false);
    let first = use_node_ref();
    use_effect_with((), {
        let (first, takes_focus) = (first.clone(), props.takes_focus);
        move |()| {
            let element = first.cast::<web_sys::HtmlElement>();
            if let Some(element) = element.filter(|_| takes_focus) {
                let _ = element.focus();
            }
        }
    });
    let act = props.act.clone();
    let name = label::act(&t, props.register.kind, act.step.act);
    let on_words = props.on_change.reform({
        let act = act.clone();
        move |words| Some(Act { words, ..act.clone() })
    });
    let onsubmit = Callback::from({
        let (act, on_act, is_missing) = (act.clone(), props.on_act.clone(), is_missing.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            is_missing.set(!act.is_complete());
            if act.is_complete() {
                on_act.emit(act.clone());
            }
        }
    });
    let oncancel = props.on_change.reform(|_: MouseEvent| None);
    let words_label = if act.step.words == Words::Required {
        "ui-act-words"
    } else {
        "ui-act-words-optional"
    };
    let missing = (*is_missing && !act.is_complete()).then_some("act-missing");
    html! {
        <form class="act" {onsubmit} novalidate={true}>
            { object(&t, props) }
            if act.step.words != Words::None {
                <div class="field">
                    <label class="label" for="act-words">{ t.with(words_label, &[("act", name.clone().into())]) }</label>
                    <div class="growing short">
                        <textarea ref={first} class="input" id="act-words" name="words" aria-describedby={missing}
                            value={act.words.clone()} oninput={written(&on_words)} />
                        <div class="input twin" aria-hidden="true">{ &act.words }{ "\n\u{a0}" }</div>
                    </div>
                </div>
            }
            if let Some(id) = missing {
                <p class="issue" {id} role="alert">{ t.get("ui-act-missing") }</p>
            }
            <div class="actions">
                <button type="submit" class="button primary" disabled={props.busy} data-test="act-done">{ name }</button>
                <button type="button" class="button quiet" onclick={oncancel}>{ t.get("ui-cancel") }</button>
            </div>
        </form>
    }
}

fn object(t: &i18n::Words, props: &ActFormProps) -> Html {
    let (act, on_change) = (props.act.clone(), props.on_change.clone());
    match act.step.object {
        Object::None | Object::Number => html! {},
        Object::Handler => html! { <HandlerInput {act} {on_change} /> },
        Object::Record => {
            let Candidates {
                query,
                found,
                on_search,
            } = props.candidates.clone();
            let options = found.into_iter().map(|(id, label)| Chip {
                value: id.to_string().into(),
                label,
                count: None,
            });
            let chosen: Option<AttrValue> = act.into.map(|id| id.to_string().into());
            let on_choose = on_change.reform(move |chosen: Option<AttrValue>| {
                let into = chosen.and_then(|id| id.parse().ok());
                Some(Act { into, ..act.clone() })
            });
            html! {
                <div class="field">
                    <div class="label">{ t.get("ui-merge-into") }</div>
                    <SearchBox label={t.get("ui-merge-search")} value={query} on_input={on_search} />
                    <Chips label={t.get("ui-merge-into")} options={options.collect::<Vec<_>>()} {chosen} {on_choose} />
                </div>
            }
        }
    }
}

#[derive(Debug, PartialEq, Properties)]
struct HandlerInputProps {
    act: Act,
    on_change: Callback<Option<Act>>,
}

/// Whom to assign to, and by when.
#[component]
fn HandlerInput(props: &HandlerInputProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let on_user = props.on_change.reform({
        let act = props.act.clone();
        move |user: String| {
            let handler = user.parse().ok();
            Some(Act {
                handler,
                ..act.clone()
            })
        }
    });
    let on_due = props.on_change.reform({
        let act = props.act.clone();
        // Until the end of that day.
        move |day: String| {
            let due = when::from_input(&format!("{day}T23:59"));
            Some(Act { due, ..act.clone() })
        }
    });
    let due = props
        .act
        .due
        .map(|due| when::to_input(due)[..10].to_owned())
        .unwrap_or_default();
    let people = book
        .people()
        .into_iter()
        .filter_map(|person| Some((person.user?, person.name)));
    html! {
        <>
            <div class="field">
                <label class="label" for="act-handler">{ t.get("ui-handler") }</label>
                <select class="input" id="act-handler" name="handler" onchange={selected(&on_user)}>
                    <option value="" selected={props.act.handler.is_none()}>{ t.get("ui-choose") }</option>
                    { for people.map(|(user, name)| html! {
                        <option value={user.to_string()} selected={props.act.handler.as_ref() == Some(&user)}>
                            { name }
                        </option>
                    }) }
                </select>
            </div>
            <div class="field">
                <label class="label" for="act-due">{ t.get("ui-due-day") }</label>
                <input class="input when" type="date" id="act-due" name="due" max="9999-12-31" value={due}
                    oninput={typed(&on_due)} />
            </div>
        </>
    }
}
