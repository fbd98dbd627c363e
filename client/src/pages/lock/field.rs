//! Where a PIN or passphrase is typed.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct PinFieldProps {
    pub(super) input: NodeRef,
    pub(super) id: &'static str,
    pub(super) label: String,
    #[prop_or_default]
    pub(super) disabled: bool,
    /// Whether the caret goes there by itself.
    #[prop_or_default]
    pub(super) has_focus: bool,
}

/// A field that shows nothing of what is typed, and which the browser neither fills nor remembers.
#[component]
pub(super) fn PinField(props: &PinFieldProps) -> Html {
    use_effect_with((props.has_focus, props.disabled), {
        let input = props.input.clone();
        move |(has_focus, disabled)| {
            if *has_focus
                && !disabled
                && let Some(input) = input.cast::<HtmlInputElement>()
            {
                // Where it cannot have it, a tap does.
                drop(input.focus());
            }
        }
    });
    html! {
        <div class="field">
            <label class="label" for={props.id}>{ &props.label }</label>
            <input ref={props.input.clone()} class="input" id={props.id} name={props.id} type="password"
                autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required=true disabled={props.disabled} />
        </div>
    }
}

/// What is typed.
pub(super) fn typed(input: &NodeRef) -> String {
    let input = input.cast::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}

/// Empties it.
pub(super) fn clear(input: &NodeRef) {
    if let Some(input) = input.cast::<HtmlInputElement>() {
        input.set_value("");
    }
}
