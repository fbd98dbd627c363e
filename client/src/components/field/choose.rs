//! One of several: large chips, or a list where there are too many.

use lianxin_shared::records::{Field, Register};
use yew::prelude::*;

use super::Control;
use crate::book::use_book;
use crate::components::event::selected;
use crate::components::{Declared, label};
use crate::i18n::use_texts;

/// The most that are shown as chips.
const MAX_CHIPS: usize = 16;

/// One of those to choose from.
#[derive(Debug, Clone, PartialEq)]
struct Choosable {
    value: AttrValue,
    label: AttrValue,
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ChoiceInputProps {
    pub(super) control: Control,
    pub(super) register: Declared<Register>,
    pub(super) field: Declared<Field>,
    pub(super) keys: &'static [&'static str],
    pub(super) chosen: AttrValue,
    pub(super) on_choose: Callback<String>,
}

/// One of the declaration's keys.
#[component]
pub(super) fn ChoiceInput(props: &ChoiceInputProps) -> Html {
    let t = use_texts();
    let options = props.keys.iter().map(|key| Choosable {
        value: AttrValue::Static(key),
        label: label::choice(&t, &props.register, &props.field, key).into(),
    });
    chips(
        &props.control,
        &options.collect::<Vec<_>>(),
        &props.chosen,
        &props.on_choose,
    )
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ReferenceInputProps {
    pub(super) control: Control,
    pub(super) kind: &'static str,
    pub(super) chosen: AttrValue,
    pub(super) on_choose: Callback<String>,
}

/// One of the records of a kind.
#[component]
pub(super) fn ReferenceInput(props: &ReferenceInputProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let (control, chosen, on_choose) = (&props.control, &props.chosen, &props.on_choose);
    let mut options: Vec<_> = book
        .references(props.kind)
        .into_iter()
        .map(|choice| Choosable {
            value: choice.id.to_string().into(),
            label: choice.name.into(),
        })
        .collect();
    // What was chosen before it was retired stays chosen.
    if !chosen.is_empty() && options.iter().all(|option| option.value != *chosen) {
        let name = chosen.parse().ok().and_then(|id| book.title(&id));
        options.push(Choosable {
            value: chosen.clone(),
            label: name.map_or_else(|| t.get("ui-unknown").into(), |name| name.to_string().into()),
        });
    }
    if options.is_empty() {
        return html! { <p class="hint">{ t.get("ui-no-options") }</p> };
    }
    if options.len() <= MAX_CHIPS {
        return chips(control, &options, chosen, on_choose);
    }
    html! {
        <select class="input" id={&control.id} name={control.name} aria-labelledby={format!("{}-label", control.id)}
            aria-describedby={control.described.clone()} aria-invalid={control.aria_invalid()}
            aria-required={control.aria_required()} onchange={selected(on_choose)}>
            <option value="" selected={chosen.is_empty()}>{ t.get("ui-choose") }</option>
            { for options.iter().map(|option| html! {
                <option value={&option.value} selected={option.value == *chosen} data-value={&option.value}>
                    { &option.label }
                </option>
            }) }
        </select>
    }
}

/// Chips that are radio buttons underneath: arrow keys and screen readers know them. A second tap takes an optional
/// choice back.
fn chips(control: &Control, options: &[Choosable], chosen: &AttrValue, on_choose: &Callback<String>) -> Html {
    let chips = options.iter().map(|option| {
        let is_on = option.value == *chosen;
        let next = if is_on && !control.required {
            String::new()
        } else {
            option.value.to_string()
        };
        let onclick = on_choose.reform(move |_: MouseEvent| next.clone());
        html! {
            <label class="chip" key={option.value.to_string()} data-value={&option.value}>
                <input type="radio" name={control.name} value={&option.value} checked={is_on} {onclick} />
                { &option.label }
            </label>
        }
    });
    html! {
        <div class="chips" role="radiogroup" id={&control.id} aria-labelledby={format!("{}-label", control.id)}
            aria-describedby={control.described.clone()} aria-invalid={control.aria_invalid()}
            aria-required={control.aria_required()}>
            { for chips }
        </div>
    }
}
