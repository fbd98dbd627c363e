//! What two people wrote at once, and which of it shall stand.

use lianxin_shared::document::Concurrent;
use lianxin_shared::records::{Register, Value};
use yew::prelude::*;

use super::field::FieldView;
use super::{Declared, label};
use crate::i18n::{Words, use_texts};

/// What the versions need.
#[derive(Debug, PartialEq, Properties)]
pub struct ConcurrentVersionsProps {
    /// The register.
    pub register: Declared<Register>,
    /// The fields that were written at once.
    pub concurrent: Vec<Concurrent>,
    /// The user chose the value that shall stand in a field. Nothing where the user may not.
    #[prop_or_default]
    pub on_settle: Option<Callback<(String, Value)>>,
}

/// The fields that people wrote at once, with all that they wrote; one tap settles a field. Nothing where there are none.
#[component]
pub fn ConcurrentVersions(props: &ConcurrentVersionsProps) -> Html {
    let t = use_texts();
    let known = props.concurrent.iter().filter_map(|concurrent| {
        let field = props.register.0.field(&concurrent.field)?;
        let versions = concurrent.values.iter().enumerate().map(|(i, value)| {
            html! {
                <li>
                    <div>
                        <FieldView register={props.register} {field} value={value.clone()} />
                        if i == 0 {
                            <div class="muted small">{ t.get("ui-version-shown") }</div>
                        }
                    </div>
                    { settle(props, &t, &concurrent.field, value) }
                </li>
            }
        });
        let name = label::field(&t, &props.register, field.name);
        Some(html! {
            <div class="notice attention" key={field.name} data-test="concurrent" data-field={field.name}>
                <h2>{ t.with("ui-versions", &[("field", name.into())]) }</h2>
                <ul class="versions">{ for versions }</ul>
            </div>
        })
    });
    html! { { for known } }
}

fn settle(props: &ConcurrentVersionsProps, t: &Words, field: &str, value: &Value) -> Html {
    let Some(on_settle) = &props.on_settle else {
        return html! {};
    };
    let chosen = (field.to_owned(), value.clone());
    let onclick = on_settle.reform(move |_: MouseEvent| chosen.clone());
    html! { <button type="button" class="button" {onclick}>{ t.get("ui-version-take") }</button> }
}
