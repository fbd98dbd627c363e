//! A field's value to be read.

use std::collections::BTreeMap;

use lianxin_shared::document::Piece;
use lianxin_shared::id::Moment;
use lianxin_shared::records::{Field, Register, Shape, Value, Values};
use yew::prelude::*;

use super::names::name_of;
use crate::book::use_book;
use crate::components::{Declared, Pieces, When, label};
use crate::i18n::use_texts;

/// What a value on the page needs.
#[derive(Debug, PartialEq, Properties)]
pub struct FieldViewProps {
    /// The register that declares the field.
    pub register: Declared<Register>,
    /// The field.
    pub field: Declared<Field>,
    /// What stands in it.
    pub value: Value,
    /// Prose in pieces, where something in it is new to its reader.
    #[prop_or_default]
    pub pieces: Option<Vec<Piece>>,
}

/// A field's value in words.
#[component]
pub fn FieldView(props: &FieldViewProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let (field, value) = (props.field, &props.value);
    let text = value.text().unwrap_or_default();
    match field.shape {
        Shape::Prose { .. } => html! {
            <div class="prose">
                if let Some(pieces) = &props.pieces {
                    <Pieces pieces={pieces.clone()} />
                } else {
                    { text }
                }
            </div>
        },
        Shape::Line { .. } => html! { { text } },
        Shape::Choice(_) => html! { { label::choice(&t, &props.register, &field, text) } },
        Shape::Choices(_) => {
            let chosen = value.list().iter();
            let chosen: Vec<_> = chosen
                .map(|key| label::choice(&t, &props.register, &field, key))
                .collect();
            html! { { chosen.join(&t.get("ui-separator")) } }
        }
        Shape::Reference(_) => {
            let name = text.parse().ok().and_then(|id| book.title(&id));
            html! { { name.map_or_else(|| t.get("ui-unknown"), |name| name.to_string()) } }
        }
        Shape::References { .. } => {
            let names: Vec<_> = value.list().iter().map(|entry| name_of(&book, entry)).collect();
            html! { { names.join(&t.get("ui-separator")) } }
        }
        Shape::Count { .. } => html! { <span class="number">{ value.number().unwrap_or_default() }</span> },
        Shape::Moment => html! { <When at={Moment(value.number().unwrap_or_default())} /> },
        Shape::Flag => html! { { t.get(if *value == Value::Flag(true) { "ui-yes" } else { "ui-no" }) } },
    }
}

/// What a list of values needs.
#[derive(Debug, PartialEq, Properties)]
pub struct FieldsViewProps {
    /// The register.
    pub register: Declared<Register>,
    /// The values.
    pub values: Values,
    /// Fields that are shown elsewhere.
    #[prop_or_default]
    pub without: Vec<&'static str>,
    /// Prose in which something is new to its reader, by field.
    #[prop_or_default]
    pub marked: BTreeMap<String, Vec<Piece>>,
}

/// All fields that have a value, in the order of the declaration.
#[component]
pub fn FieldsView(props: &FieldsViewProps) -> Html {
    let t = use_texts();
    let register = props.register;
    let rows = register.0.fields.iter().filter_map(|field| {
        let value = props
            .values
            .get(field.name)
            .filter(|value| !value.is_empty() && !props.without.contains(&field.name))?
            .clone();
        let pieces = props.marked.get(field.name).cloned();
        let whole = matches!(field.shape, Shape::Prose { .. }).then_some("whole");
        Some(html! {
            <>
                <dt class={classes!(whole)}>{ label::field(&t, &register, field.name) }</dt>
                <dd class={classes!(whole)} data-field={field.name}><FieldView {register} {field} {value} {pieces} /></dd>
            </>
        })
    });
    html! { <dl class="facts">{ for rows }</dl> }
}
