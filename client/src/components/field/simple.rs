//! One line, a number, a moment, yes or no.

use lianxin_shared::id::Moment;
use lianxin_shared::records::{Field, Register};
use lianxin_shared::search::normalize;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Control;
use crate::components::event::typed;
use crate::components::{Declared, label};
use crate::i18n::{use_texts, when};

/// More digits than this are a slip of the finger; the declaration's bound says what is too much.
const MAX_DIGITS: usize = 12;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct LineInputProps {
    pub(super) control: Control,
    pub(super) value: AttrValue,
    pub(super) on_change: Callback<String>,
}

/// One line of words.
#[component]
pub(super) fn LineInput(props: &LineInputProps) -> Html {
    let control = &props.control;
    html! {
        <input class="input" type="text" autocomplete="off" id={&control.id} name={control.name}
            aria-describedby={control.described.clone()} aria-invalid={control.aria_invalid()}
            aria-required={control.aria_required()} value={&props.value} oninput={typed(&props.on_change)} />
    }
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct NumberInputProps {
    pub(super) control: Control,
    pub(super) value: Option<i64>,
    pub(super) on_change: Callback<Option<i64>>,
}

/// A whole number. Full-width digits are digits too; everything else is left out.
#[component]
pub(super) fn CountInput(props: &NumberInputProps) -> Html {
    let control = &props.control;
    let value = props.value.map(|number| number.to_string()).unwrap_or_default();
    let on_input = props.on_change.reform(|text: String| {
        let digits: String = normalize(&text)
            .chars()
            .filter(char::is_ascii_digit)
            .take(MAX_DIGITS)
            .collect();
        digits.parse().ok()
    });
    html! {
        <input class="input number" type="text" inputmode="numeric" autocomplete="off" id={&control.id}
            name={control.name} aria-describedby={control.described.clone()} aria-invalid={control.aria_invalid()}
            aria-required={control.aria_required()} {value} oninput={typed(&on_input)} />
    }
}

/// A moment on the wall clock.
#[component]
pub(super) fn MomentInput(props: &NumberInputProps) -> Html {
    let control = &props.control;
    let value = props
        .value
        .map(|at| when::to_input(Moment(at)))
        .unwrap_or_default();
    let on_input = props
        .on_change
        .reform(|text: String| when::from_input(&text).map(|at| at.0));
    html! {
        <input class="input when" type="datetime-local" max="9999-12-31T23:59" id={&control.id} name={control.name}
            aria-describedby={control.described.clone()} aria-invalid={control.aria_invalid()}
            aria-required={control.aria_required()} {value} oninput={typed(&on_input)} />
    }
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct FlagInputProps {
    pub(super) control: Control,
    pub(super) register: Declared<Register>,
    pub(super) field: Declared<Field>,
    pub(super) is_on: bool,
    pub(super) on_change: Callback<bool>,
}

/// Yes or no, with its label beside it.
#[component]
pub(super) fn FlagInput(props: &FlagInputProps) -> Html {
    let t = use_texts();
    let control = &props.control;
    let onchange = props
        .on_change
        .reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! {
        <label class="tick">
            <input type="checkbox" id={&control.id} name={control.name} aria-describedby={control.described.clone()}
                checked={props.is_on} {onchange} />
            <span>{ label::field(&t, &props.register, props.field.name) }</span>
        </label>
    }
}
