//! The steps that the user may take now.
//!
//! - [`form`]: what a step asks for; [`object`]: the part of it that says whom or what it points to.

mod form;
mod object;

use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Event, Object, Register, Step, Values, Words};
use lianxin_shared::rules::{lacks_day, missing};
use yew::prelude::*;

use super::{Declared, label};
use crate::i18n::{self, use_texts};
use form::ActForm;

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
    /// The judgements, by name.
    pub marks: BTreeMap<String, String>,
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
            marks: BTreeMap::new(),
        }
    }

    /// The entry of the timeline that it becomes.
    pub fn event(&self, by: &UserId, at: Moment) -> Event {
        Event {
            handler: self.handler.clone(),
            due: self.due,
            into: self.into,
            marks: self.marks.clone(),
            ..Event::new(self.step.act, by, at).with_words(&self.words)
        }
    }

    /// What it still lacks of what its declaration asks for, `due` being the day that the record has already.
    fn lacks(&self, due: Option<Moment>) -> Vec<Asked> {
        let object = match self.step.object {
            Object::Record => self.into.is_none().then_some(Asked::Record),
            Object::Handler => self.handler.is_none().then_some(Asked::Handler),
            Object::None | Object::Number => None,
        };
        let day = lacks_day(&self.step, self.due, due).then_some(Asked::Day);
        let marks = self.step.0.marks.iter().map(|mark| mark.name);
        let marks = marks.filter(|name| !self.marks.contains_key(*name));
        let is_wordless = self.step.words == Words::Required && self.words.trim().is_empty();
        let lacks = object.into_iter().chain(day).chain(marks.map(Asked::Judgement));
        lacks.chain(is_wordless.then_some(Asked::Words)).collect()
    }
}

/// Something that a step asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The record to merge into.
    Record,
    /// Who handles it.
    Handler,
    /// By when.
    Day,
    /// The judgement of this name.
    Judgement(&'static str),
    /// Words.
    Words,
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
    /// The record's values: some steps need a field filled before.
    pub values: Values,
    /// The day by which it is due, if there is one already.
    #[prop_or_default]
    pub due: Option<Moment>,
    /// The fields that the user may fill now.
    #[prop_or_default]
    pub fillable: Vec<&'static str>,
    /// The user wants to fill a field first.
    #[prop_or_default]
    pub on_fill: Callback<&'static str>,
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

/// A button for each step. One that asks for words, a judgement or an object opens below the buttons, on the page. One for
/// which a field has to be filled first says so instead.
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
    let (ready, waiting): (Vec<_>, Vec<_>) = props
        .steps
        .iter()
        .partition(|step| missing(step, &props.values).is_none());
    let open = open.filter(|act| ready.contains(&&act.step));
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
    let first = ready
        .iter()
        .copied()
        .find(|step| is_at_once(step))
        .filter(|_| open.is_none());
    let buttons: Vec<_> = ready
        .iter()
        .copied()
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
                due={props.due} takes_focus={!is_opening} {act} on_change={props.on_begun.clone()} on_act={props.on_act.clone()} />
        }
    });
    html! {
        <section class="card" aria-label={t.get("ui-acts")} data-test="acts">
            { for waiting.into_iter().map(|step| wanting(&t, props, *step)) }
            if !buttons.is_empty() {
                <div class="actions">{ for buttons }</div>
            }
            { for form }
        </section>
    }
}

/// What needs neither words nor a judgement nor an object is taken by one tap; where words are welcome, the button beside
/// it takes them.
fn is_at_once(step: &Step) -> bool {
    step.words != Words::Required && step.object == Object::None && step.marks.is_empty()
}

/// A step for which a field has to be filled first: which one, and the way there for whoever may.
fn wanting(t: &i18n::Words, props: &ActBoxProps, step: Declared<Step>) -> Html {
    let Some(field) = missing(&step, &props.values) else {
        return html! {};
    };
    let name = label::field(t, &props.register, field);
    let act = label::act(t, props.register.kind, step.act);
    let said = t.with(
        "ui-act-needs",
        &[("act", act.into()), ("field", name.clone().into())],
    );
    let onclick = props.on_fill.reform(move |_: MouseEvent| field);
    html! {
        <div class="wanting" data-wanting={step.act} data-field={field}>
            <p class="muted">{ said }</p>
            if props.fillable.contains(&field) {
                <button type="button" class="button" data-fill={field} {onclick}>
                    { t.with("ui-fill", &[("field", name.into())]) }
                </button>
            }
        </div>
    }
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
