//! A few words that stand out, and what stands where there is nothing.

use yew::prelude::*;

/// How much a notice asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// It tells.
    #[default]
    Plain,
    /// The user should do something.
    Attention,
    /// The office has it.
    Good,
}

/// What a notice needs.
#[derive(Debug, PartialEq, Properties)]
pub struct NoticeProps {
    /// How much it asks for.
    #[prop_or_default]
    pub tone: Tone,
    /// The words.
    pub children: Html,
}

/// A few words that stand out. Screen readers say them when they appear.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let tone = match props.tone {
        Tone::Plain => None,
        Tone::Attention => Some("attention"),
        Tone::Good => Some("good"),
    };
    html! {
        <div class={classes!("notice", tone)} role="status">{ props.children.clone() }</div>
    }
}

/// What an empty place needs.
#[derive(Debug, PartialEq, Properties)]
pub struct EmptyProps {
    /// Why there is nothing, and what can be done.
    pub children: Html,
}

/// What stands where a list is empty.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! { <div class="empty">{ props.children.clone() }</div> }
}
