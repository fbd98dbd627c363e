//! Bringing a field into view.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;

/// Brings the field into view and gives it the focus.
pub(super) fn look_at(field: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|d| {
        d.query_selector(&format!("main [name=\"{field}\"]"))
            .ok()
            .flatten()
    });
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that takes no focus is in view all the same.
        drop(element.focus());
        element.scroll_into_view();
    }
}

/// The same once the page has been drawn with the field on it.
pub(in crate::pages) fn look_at_next(field: &'static str) {
    Timeout::new(0, move || look_at(field)).forget();
}
