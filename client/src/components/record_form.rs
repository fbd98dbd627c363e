//! A register's form, made from its declaration.

use lianxin_shared::records::{Field, Need, Register, Value, Values};
use lianxin_shared::rules::Issue;
use yew::prelude::*;

use super::field::{FieldInput, FieldView};
use super::{Declared, label};
use crate::i18n::use_texts;

/// What a form needs.
#[derive(Debug, PartialEq, Properties)]
pub struct RecordFormProps {
    /// The register.
    pub register: Declared<Register>,
    /// What is written so far.
    pub values: Values,
    /// What is wrong with it.
    #[prop_or_default]
    pub issues: Vec<Issue>,
    /// The user changed a field; an empty value removes what stood there.
    pub on_change: Callback<(&'static str, Value)>,
    /// Fields that cannot be changed now. They are shown.
    #[prop_or_default]
    pub locked: Vec<&'static str>,
    /// The only fields to show; all of them if there are none named.
    #[prop_or_default]
    pub only: Vec<&'static str>,
    /// What is said below a field.
    #[prop_or_default]
    pub below: Option<(&'static str, Html)>,
}

/// The fields of a register in the order in which a person speaks. What is folded by declaration opens by itself where
/// something stands or is wrong.
#[component]
pub fn RecordForm(props: &RecordFormProps) -> Html {
    let t = use_texts();
    let is_shown = |field: &&'static Field| props.only.is_empty() || props.only.contains(&field.name);
    let (folded, shown): (Vec<_>, Vec<_>) = props
        .register
        .0
        .fields
        .iter()
        .filter(is_shown)
        .partition(|field| field.need == Need::Folded);
    let has_value = folded.iter().any(|field| props.values.contains_key(field.name));
    let has_issue = folded
        .iter()
        .any(|field| props.issues.iter().any(|issue| issue.field == field.name));
    // Decided once they are there: nothing folds away while it is being written.
    let opened_with_value = use_memo(folded.is_empty(), |_| has_value);
    html! {
        <div class="form">
            { for shown.into_iter().map(|field| with_what_is_below(props, &t, field)) }
            if !folded.is_empty() {
                <details class="more-fields" open={*opened_with_value || has_issue}>
                    <summary>{ t.get("ui-more-fields") }</summary>
                    <div class="form">{ for folded.into_iter().map(|field| one(props, &t, field)) }</div>
                </details>
            }
        </div>
    }
}

fn with_what_is_below(props: &RecordFormProps, t: &crate::i18n::Words, field: &'static Field) -> Html {
    let below = props.below.as_ref().filter(|(name, _)| *name == field.name);
    html! {
        <key={field.name}>
            { one(props, t, field) }
            { for below.map(|(_, below)| below.clone()) }
        </>
    }
}

fn one(props: &RecordFormProps, t: &crate::i18n::Words, field: &'static Field) -> Html {
    let register: Declared<Register> = props.register;
    let value = props.values.get(field.name).cloned();
    if props.locked.contains(&field.name) {
        return html! {
            <div class="field" key={field.name} data-field={field.name}>
                <div class="label">{ label::field(t, &register, field.name) }</div>
                if let Some(value) = value {
                    <FieldView {register} {field} {value} />
                } else {
                    <span class="muted">{ t.get("ui-nothing") }</span>
                }
            </div>
        };
    }
    let issue = props
        .issues
        .iter()
        .find(|issue| issue.field == field.name)
        .map(|issue| issue.code);
    let name = field.name;
    let on_change = props.on_change.reform(move |value| (name, value));
    html! { <FieldInput key={field.name} {register} {field} {value} {issue} {on_change} /> }
}
