//! One field of a register: written and read by its declaration.

mod choose;
mod names;
mod prose;
mod simple;
mod view;
mod voice;
mod works;

use lianxin_shared::records::{Field, Need, Register, Shape, Value};
use lianxin_shared::rules::{IssueCode, names_work};
use yew::prelude::*;

use super::Declared;
use super::label;
use crate::i18n::use_texts;
use choose::{ChoiceInput, ChoicesInput, ReferenceInput};
use names::NamesInput;
use prose::ProseInput;
use simple::{CountInput, FlagInput, LineInput, MomentInput};
use works::WorksInput;

pub use view::{FieldView, FieldsView};

/// What the input of a field needs.
#[derive(Debug, PartialEq, Properties)]
pub struct FieldInputProps {
    /// The register that declares the field.
    pub register: Declared<Register>,
    /// The field.
    pub field: Declared<Field>,
    /// What stands in it.
    pub value: Option<Value>,
    /// What is wrong with it.
    #[prop_or_default]
    pub issue: Option<IssueCode>,
    /// The user changed it; an empty value removes what stood there.
    pub on_change: Callback<Value>,
}

/// What each kind of input is told.
#[derive(Debug, Clone, PartialEq)]
struct Control {
    id: AttrValue,
    name: &'static str,
    /// The ids of the hint and the issue, if there are any.
    described: Option<AttrValue>,
    invalid: bool,
    required: bool,
}

impl Control {
    fn aria_invalid(&self) -> Option<&'static str> {
        self.invalid.then_some("true")
    }

    fn aria_required(&self) -> Option<&'static str> {
        self.required.then_some("true")
    }
}

/// A field's label, hint, input and what is wrong with it.
#[component]
pub fn FieldInput(props: &FieldInputProps) -> Html {
    let t = use_texts();
    let (register, field) = (props.register, props.field);
    let id = format!("field-{}-{}", register.kind, field.name);
    let hint = label::hint(&t, &register, &field).map(|words| (format!("{id}-hint"), words));
    let issue = props
        .issue
        .map(|code| (format!("{id}-issue"), label::issue(&t, code)));
    let described: Vec<_> = hint.iter().chain(&issue).map(|(id, _)| id.as_str()).collect();
    let control = Control {
        id: id.clone().into(),
        name: field.name,
        described: (!described.is_empty()).then(|| described.join(" ").into()),
        invalid: issue.is_some(),
        required: field.need == Need::Required,
    };
    let name = html! {
        <>
            { label::field(&t, &register, field.name) }
            if field.need != Need::Required && field.shape != Shape::Flag {
                <span class="optional">{ t.get("ui-optional") }</span>
            }
        </>
    };
    let is_group = matches!(
        field.shape,
        Shape::Choice(_) | Shape::Choices(_) | Shape::Reference(_) | Shape::References { .. }
    );
    let heading = match field.shape {
        Shape::Flag => html! {},
        _ if is_group => html! { <div class="label" id={format!("{id}-label")}>{ name }</div> },
        _ => html! { <label class="label" for={id}>{ name }</label> },
    };
    html! {
        <div class="field" data-field={field.name}>
            { heading }
            if let Some((id, words)) = hint {
                <p class="hint" {id}>{ words }</p>
            }
            { input(props, control) }
            if let Some((id, words)) = issue {
                <p class="issue" {id}>{ words }</p>
            }
        </div>
    }
}

fn input(props: &FieldInputProps, control: Control) -> Html {
    let (register, field) = (props.register, props.field);
    let text: AttrValue = props
        .value
        .as_ref()
        .and_then(Value::text)
        .unwrap_or_default()
        .to_owned()
        .into();
    let number = props.value.as_ref().and_then(Value::number);
    let entries = props.value.as_ref().map(Value::list).unwrap_or_default().to_vec();
    let on_text = props.on_change.reform(Value::Text);
    let on_number = props
        .on_change
        .reform(|number: Option<i64>| number.map_or(Value::Text(String::new()), Value::Number));
    match field.shape {
        Shape::Prose { max } => html! { <ProseInput {control} value={text} {max} on_change={on_text} /> },
        Shape::Line { .. } => html! { <LineInput {control} value={text} on_change={on_text} /> },
        Shape::Choice(keys) => {
            html! { <ChoiceInput {control} {register} {field} {keys} chosen={text} on_choose={on_text} /> }
        }
        Shape::Choices(keys) => {
            let on_choose = props.on_change.reform(Value::List);
            html! { <ChoicesInput {control} {register} {field} {keys} chosen={entries} {on_choose} /> }
        }
        Shape::Reference(kind) if names_work(&field) => {
            let entries = Some(text.to_string()).filter(|entry| !entry.is_empty());
            let on_change =
                on_text.reform(|entries: Vec<String>| entries.into_iter().next().unwrap_or_default());
            html! { <WorksInput {control} {kind} max={1} entries={Vec::from_iter(entries)} {on_change} /> }
        }
        Shape::References { kind, max } if names_work(&field) => {
            let on_change = props.on_change.reform(Value::List);
            html! { <WorksInput {control} {kind} {max} {entries} {on_change} /> }
        }
        Shape::Reference(kind) => {
            html! { <ReferenceInput {control} {kind} chosen={text} on_choose={on_text} /> }
        }
        Shape::References { kind, .. } => {
            let on_change = props.on_change.reform(Value::List);
            html! { <NamesInput {control} {kind} {entries} {on_change} /> }
        }
        Shape::Count { .. } => html! { <CountInput {control} value={number} on_change={on_number} /> },
        Shape::Moment => html! { <MomentInput {control} value={number} on_change={on_number} /> },
        Shape::Flag => {
            let is_on = props.value == Some(Value::Flag(true));
            let on_change = props.on_change.reform(Value::Flag);
            html! { <FlagInput {control} {register} {field} {is_on} {on_change} /> }
        }
    }
}
