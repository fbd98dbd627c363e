//! One of several, or some of them: large chips, or a list where there are too many.

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
pub(super) struct ChoicesInputProps {
    pub(super) control: Control,
    pub(super) register: Declared<Register>,
    pub(super) field: Declared<Field>,
    pub(super) keys: &'static [&'static str],
    pub(super) chosen: Vec<String>,
    pub(super) on_choose: Callback<Vec<String>>,
}

/// Any of the declaration's keys: chips that are tick boxes underneath. They are kept in the order of the declaration.
#[component]
pub(super) fn ChoicesInput(props: &ChoicesInputProps) -> Html {
    let t = use_texts();
    let control = &props.control;
    let chips = props.keys.iter().map(|key| {
        let is_on = props.chosen.iter().any(|chosen| chosen == key);
        let next = toggled(props.keys, &props.chosen, key);
        let onchange = props.on_choose.reform(move |_: Event| next.clone());
        html! {
            <label class="chip" key={*key} data-value={*key}>
                <input type="checkbox" name={control.name} value={*key} checked={is_on} {onchange} />
                { label::choice(&t, &props.register, &props.field, key) }
            </label>
        }
    });
    html! {
        <div class="chips" role="group" id={&control.id} aria-labelledby={format!("{}-label", control.id)}
            aria-describedby={control.described.clone()}>
            { for chips }
        </div>
    }
}

/// What is chosen once a key was tapped. What this version does not know stays.
fn toggled(keys: &[&str], chosen: &[String], tapped: &str) -> Vec<String> {
    let was_on = |key: &str| chosen.iter().any(|chosen| chosen == key);
    let known = keys.iter().filter(|key| was_on(key) != (**key == tapped));
    let unknown = chosen.iter().filter(|key| !keys.contains(&key.as_str()));
    known
        .map(|key| (*key).to_owned())
        .chain(unknown.cloned())
        .collect()
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

#[cfg(test)]
mod tests {
    use super::toggled;

    #[test]
    fn a_second_tap_takes_a_choice_back_and_no_other() {
        let keys = ["work", "study", "life"];
        let chosen = ["life".to_owned(), "newer".to_owned()];
        assert_eq!(toggled(&keys, &chosen, "work"), ["work", "life", "newer"]);
        assert_eq!(toggled(&keys, &chosen, "life"), ["newer"]);
    }
}
