//! Where a record stands, in a word or two.

use lianxin_shared::standing::Standing;
use yew::prelude::*;

use super::label;
use crate::i18n::use_texts;

/// What the mark of a standing needs.
#[derive(Debug, PartialEq, Properties)]
pub struct StandingMarkProps {
    /// Where the record stands.
    pub standing: Standing,
}

/// Where a record stands for whoever wrote it: on the tablet, received, answered.
#[component]
pub fn StandingMark(props: &StandingMarkProps) -> Html {
    let t = use_texts();
    let name = props.standing.as_str();
    let tone = match props.standing {
        Standing::OnTablet | Standing::OnItsWay | Standing::WaitsForOffice => None,
        Standing::Received | Standing::Answered => Some("good"),
        Standing::NeedsAttention => Some("attention"),
    };
    html! {
        <span class={classes!("badge", tone)} data-test="standing" data-standing={name}>
            { t.get(&format!("standing-{name}")) }
        </span>
    }
}

/// What the mark of a state needs.
#[derive(Debug, PartialEq, Properties)]
pub struct StateMarkProps {
    /// The record's kind.
    pub kind: AttrValue,
    /// Its state.
    pub state: AttrValue,
}

/// A record's state, as the office names it.
#[component]
pub fn StateMark(props: &StateMarkProps) -> Html {
    let t = use_texts();
    html! {
        <span class="badge" data-state={&props.state}>
            { label::state(&t, &props.kind, &props.state) }
        </span>
    }
}
