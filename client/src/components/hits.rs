//! Words in which those that were looked for are marked.

use lianxin_shared::search;
use yew::prelude::*;

/// What marked words need.
#[derive(Debug, PartialEq, Properties)]
pub struct HitsProps {
    /// The words.
    pub text: AttrValue,
    /// What was looked for; several words with blanks between them. Nothing marks nothing.
    #[prop_or_default]
    pub query: Option<AttrValue>,
}

/// Words in which those that were looked for are marked.
#[component]
pub fn Hits(props: &HitsProps) -> Html {
    let text = props.text.as_str();
    let query = props.query.as_deref().unwrap_or_default();
    let mut shown = Vec::new();
    let mut at = 0;
    for hit in search::found(text, query) {
        shown.push(html! { { &text[at..hit.start] } });
        shown.push(html! { <mark>{ &text[hit.clone()] }</mark> });
        at = hit.end;
    }
    shown.push(html! { { &text[at..] } });
    html! { <>{ for shown }</> }
}
