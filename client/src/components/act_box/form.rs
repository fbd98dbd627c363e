//! What a step asks for: words, judgements, an object.

use lianxin_shared::id::Moment;
use lianxin_shared::records::{Mark, Register, Words};
use yew::prelude::*;

use super::object::object;
use super::{Act, Asked, Candidates};
use crate::components::event::written;
use crate::components::{Chip, Chips, Declared, label};
use crate::i18n::{self, use_texts};

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ActFormProps {
    pub(super) register: Declared<Register>,
    pub(super) candidates: Candidates,
    pub(super) busy: bool,
    pub(super) act: Act,
    pub(super) due: Option<Moment>,
    pub(super) takes_focus: bool,
    pub(super) on_change: Callback<Option<Act>>,
    pub(super) on_act: Callback<Act>,
}

/// What a step asks for.
#[component]
pub(super) fn ActForm(props: &ActFormProps) -> Html {
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
        let due = props.due;
        move |event: SubmitEvent| {
            event.prevent_default();
            let is_complete = act.lacks(due).is_empty();
            is_missing.set(!is_complete);
            if is_complete {
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
    let lacks = act.lacks(props.due);
    let missing = (*is_missing && !lacks.is_empty()).then_some("act-missing");
    let what = lacks
        .iter()
        .map(|asked| asked_in_words(&t, props.register.kind, *asked));
    let what = what.collect::<Vec<_>>().join(&t.get("ui-separator"));
    html! {
        <form class="act" {onsubmit} autocomplete="off" novalidate={true}>
            { object(&t, props.act.clone(), &props.candidates, &props.on_change) }
            { for act.step.0.marks.iter().map(|mark| judgement(&t, props, mark)) }
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
                <p class="issue" {id} role="alert">{ t.with("ui-act-missing", &[("what", what.into())]) }</p>
            }
            <div class="actions">
                <button type="submit" class="button primary" disabled={props.busy} data-test="act-done">{ name }</button>
                <button type="button" class="button quiet" onclick={oncancel}>{ t.get("ui-cancel") }</button>
            </div>
        </form>
    }
}

/// What a step asks for, as it is called above its field.
fn asked_in_words(t: &i18n::Words, kind: &str, asked: Asked) -> String {
    match asked {
        Asked::Record => t.get("ui-merge-into"),
        Asked::Handler => t.get("ui-handler"),
        Asked::Day => t.get("ui-due-day"),
        Asked::Judgement(name) => label::judgement(t, kind, name),
        Asked::Words => t.get("ui-act-missing-words"),
    }
}

/// A judgement: one of its keys.
fn judgement(t: &i18n::Words, props: &ActFormProps, mark: &'static Mark) -> Html {
    let kind = props.register.kind;
    let options = mark.keys.iter().map(|key| Chip {
        value: AttrValue::Static(key),
        label: label::mark(t, kind, mark.name, key).into(),
        count: None,
    });
    let act = props.act.clone();
    let chosen = act.marks.get(mark.name).map(|key| AttrValue::from(key.clone()));
    let on_choose = props.on_change.reform(move |chosen: Option<AttrValue>| {
        let mut act = act.clone();
        match chosen {
            Some(key) => drop(act.marks.insert(mark.name.to_owned(), key.to_string())),
            None => drop(act.marks.remove(mark.name)),
        }
        Some(act)
    });
    let name = label::judgement(t, kind, mark.name);
    html! {
        <div class="field" data-mark={mark.name}>
            <div class="label">{ &name }</div>
            <Chips label={name} options={options.collect::<Vec<_>>()} {chosen} {on_choose} />
        </div>
    }
}
