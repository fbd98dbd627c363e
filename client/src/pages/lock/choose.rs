//! A PIN is chosen: once after signing in, or after the old one was forgotten.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::field::{PinField, typed};
use crate::components::{Notice, Tone};
use crate::door::{Newcomer, Signed};
use crate::i18n::use_texts;
use crate::vault::pin::judge;

/// What choosing needs.
#[derive(Clone, Properties)]
pub struct ChoosePinProps {
    /// Who chooses.
    pub newcomer: Newcomer,
    /// The vault is open.
    pub opened: Callback<Signed>,
    /// Rather not.
    pub back: Callback<()>,
}

impl PartialEq for ChoosePinProps {
    fn eq(&self, other: &Self) -> bool {
        self.newcomer.session == other.newcomer.session
    }
}

/// The page on which a PIN is chosen.
#[component]
pub fn ChoosePin(props: &ChoosePinProps) -> Html {
    let t = use_texts();
    let fault = use_state(|| None::<&'static str>);
    let is_busy = use_state(|| false);
    let would_lose = props.newcomer.would_lose();
    let may_lose = use_state(|| false);
    let (pin, again) = (use_node_ref(), use_node_ref());
    let back = props.back.reform(|_: MouseEvent| ());
    if let Some(n) = would_lose.filter(|_| !*may_lose) {
        // Nothing unsent is thrown away before somebody said so who read what it is.
        let lose = move |_: MouseEvent| may_lose.set(true);
        return html! {
            <main class="sign-in" id="page">
                <h1>{ t.get("pin-lost") }</h1>
                <Notice tone={Tone::Attention}>
                    <p data-test="would-lose">{ t.with("pin-lost-unsent", &[("n", n.into())]) }</p>
                </Notice>
                <button type="button" class="button primary whole" data-test="back" onclick={back}>{ t.get("pin-try-again") }</button>
                <button type="button" class="button quiet" data-test="lose" onclick={lose}>{ t.get("pin-lose") }</button>
            </main>
        };
    }
    let onsubmit = {
        let (props, fault, is_busy) = (props.clone(), fault.clone(), is_busy.clone());
        let (pin, again) = (pin.clone(), again.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let secret = typed(&pin);
            let user = props.newcomer.session.principal.user.as_str();
            let found = match judge(&secret, user) {
                Err(weakness) => Some(weakness.key()),
                Ok(()) if secret != typed(&again) => Some("pin-differs"),
                Ok(()) => None,
            };
            fault.set(found);
            if found.is_some() || *is_busy {
                return;
            }
            is_busy.set(true);
            let (props, fault, is_busy) = (props.clone(), fault.clone(), is_busy.clone());
            spawn_local(async move {
                match props.newcomer.clone().choose(&secret).await {
                    Ok(signed) => return props.opened.emit(signed),
                    Err(_) => fault.set(Some("vault-failed")),
                }
                is_busy.set(false);
            });
        })
    };
    html! {
        <main class="sign-in" id="page">
            <h1>{ t.get("pin-choose") }</h1>
            <p class="muted">{ t.get("pin-why") }</p>
            <form class="form" {onsubmit} autocomplete="off">
                if let Some(key) = *fault {
                    <Notice tone={Tone::Attention}><p data-test="pin-fault" data-fault={key}>{ t.get(key) }</p></Notice>
                }
                <PinField input={pin} id="pin-new" label={t.get("pin-new")} has_focus=true />
                <PinField input={again} id="pin-again" label={t.get("pin-again")} />
                <button class="button primary whole" id="pin-done" disabled={*is_busy}>
                    { t.get(if *is_busy { "lock-opening" } else { "pin-done" }) }
                </button>
            </form>
            <p class="muted small">{ t.get("pin-hint") }</p>
        </main>
    }
}
