//! How large the text is. It belongs to the device and not to a user: whoever needs it large needs it before signing in, too.

use yew::prelude::*;

use crate::i18n::use_texts;
use crate::remembered;

/// Where the device remembers it. The page's start script (`client/static/boot.js`) reads the same, before anything is drawn.
const KEY: &str = "lianxin-text";
const LARGE: &str = "large";
const NORMAL: &str = "normal";

/// What the switch needs.
#[derive(Debug, PartialEq, Properties)]
pub(super) struct TextSizeProps {
    /// Its classes.
    #[prop_or_default]
    pub(super) class: Classes,
}

/// Switches between normal text and large. It names what it leads to.
#[component]
pub(super) fn TextSize(props: &TextSizeProps) -> Html {
    let t = use_texts();
    let is_large = use_state(is_large);
    let onclick = {
        let is_large = is_large.clone();
        move |_: MouseEvent| {
            resize(!*is_large);
            is_large.set(!*is_large);
        }
    };
    let name = t.get(if *is_large { "text-normal" } else { "text-large" });
    html! { <button type="button" class={props.class.clone()} data-test="text-size" {onclick}>{ name }</button> }
}

/// Whether the page is large now: it is so as well where the device does not remember it.
fn is_large() -> bool {
    root().and_then(|root| root.get_attribute("data-text")).as_deref() == Some(LARGE)
}

fn resize(is_large: bool) {
    let size = if is_large { LARGE } else { NORMAL };
    // Where it is not kept, it holds until the app is closed.
    remembered::put(KEY, size);
    if let Some(root) = root() {
        // An attribute of this name is always possible.
        drop(root.set_attribute("data-text", size));
    }
}

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}
