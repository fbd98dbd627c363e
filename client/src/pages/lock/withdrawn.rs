//! What is said when the office has withdrawn the sign-in on this device.

use yew::prelude::*;

use crate::components::{Notice, Tone};
use crate::i18n::use_texts;

/// What the page needs.
#[derive(PartialEq, Properties)]
pub struct WithdrawnProps {
    /// It was read.
    pub on: Callback<()>,
}

/// The page that says so.
#[component]
pub fn Withdrawn(props: &WithdrawnProps) -> Html {
    let t = use_texts();
    let onclick = props.on.reform(|_: MouseEvent| ());
    html! {
        <main class="sign-in" id="page">
            <h1>{ t.get("withdrawn") }</h1>
            <Notice tone={Tone::Attention}><p data-test="withdrawn">{ t.get("withdrawn-means") }</p></Notice>
            <button type="button" class="button primary whole" {onclick}>{ t.get("withdrawn-on") }</button>
        </main>
    }
}
