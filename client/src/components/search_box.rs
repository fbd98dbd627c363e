//! The box to search in.

use yew::prelude::*;

use super::event::typed;

/// What a search box needs.
#[derive(Debug, PartialEq, Properties)]
pub struct SearchBoxProps {
    /// What is searched.
    pub label: AttrValue,
    /// What is searched for.
    pub value: AttrValue,
    /// The user typed.
    pub on_input: Callback<String>,
    /// The input itself, for whoever wants to give it the focus.
    #[prop_or_default]
    pub input: NodeRef,
}

/// A box to search in; it answers with each letter.
#[component]
pub fn SearchBox(props: &SearchBoxProps) -> Html {
    let oninput = typed(&props.on_input);
    html! {
        <div class="search" role="search" aria-label={&props.label}>
            <input ref={&props.input} class="input" type="search" enterkeyhint="search" autocomplete="off"
                aria-label={&props.label} placeholder={&props.label} value={&props.value} data-test="search"
                {oninput} />
        </div>
    }
}
