//! What accompanies a record: its fields are behind a heading, and made when somebody looks behind it for the first time.

use lianxin_shared::records::{Register, Values};
use lianxin_shared::rules::Issue;
use yew::prelude::*;

use super::{Change, Register_, change_of};
use crate::components::{RecordForm, label};
use crate::i18n::use_texts;

#[derive(PartialEq, Properties)]
pub(super) struct CompanionProps {
    pub(super) register: Register_,
    pub(super) values: Values,
    pub(super) issues: Vec<Issue>,
    pub(super) change: Callback<Change>,
}

/// The companion's fields; in sight from the beginning if something is written in them.
#[component]
pub(super) fn Companion(props: &CompanionProps) -> Html {
    let t = use_texts();
    let register: &'static Register = props.register.0;
    // Whoever opened or closed it since decides.
    let was_written = use_memo((), |()| !props.values.is_empty());
    let was_opened = use_state(|| false);
    let ontoggle = {
        let was_opened = was_opened.setter();
        Callback::from(move |_: Event| was_opened.set(true))
    };
    let on_change = change_of(&props.change, Change::Companion);
    html! {
        <details class="more-fields" open={*was_written} {ontoggle}>
            <summary data-test="contact">{ label::kind(&t, register.kind) }</summary>
            if *was_written || *was_opened {
                <p class="muted small">{ t.get("contact-who-sees") }</p>
                <RecordForm {register} values={props.values.clone()} issues={props.issues.clone()} {on_change} />
            }
        </details>
    }
}
