//! Offers a newer version. It is never put in place unasked: somebody may be writing.

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use crate::components::Notice;
use crate::i18n::use_texts;

/// What the page's start script leaves for the app when a newer version is ready.
const OFFER: &str = "lianxinUpdate";

/// A quiet line with a button, once a newer version is ready.
#[component]
pub fn Update() -> Html {
    let t = use_texts();
    let is_offered = use_state(|| offer().is_some());
    use_effect_with((), {
        let is_offered = is_offered.clone();
        move |()| {
            let listener = web_sys::window()
                .map(|window| EventListener::new(&window, "lianxin-update", move |_| is_offered.set(true)));
            move || drop(listener)
        }
    });
    let onclick = |_: MouseEvent| {
        if let Some(update) = offer() {
            // It reloads the page; if it cannot, the offer stands.
            drop(update.call0(&JsValue::NULL));
        }
    };
    if !*is_offered {
        return html! {};
    }
    html! {
        <div class="page">
            <Notice>
                <p>{ t.get("update-ready") }</p>
                <button type="button" class="button" data-test="update" {onclick}>{ t.get("update-now") }</button>
            </Notice>
        </div>
    }
}

fn offer() -> Option<js_sys::Function> {
    let window = web_sys::window()?;
    js_sys::Reflect::get(&window, &OFFER.into()).ok()?.dyn_into().ok()
}
