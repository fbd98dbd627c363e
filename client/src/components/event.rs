//! What the browser's events say.

use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Passes on what stands in an input after each letter.
pub fn typed(on_input: &Callback<String>) -> Callback<InputEvent> {
    on_input.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value())
}

/// Passes on what stands in a text area after each letter.
pub fn written(on_input: &Callback<String>) -> Callback<InputEvent> {
    on_input.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value())
}

/// Passes on what was chosen from a list.
pub fn selected(on_change: &Callback<String>) -> Callback<Event> {
    on_change.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value())
}
