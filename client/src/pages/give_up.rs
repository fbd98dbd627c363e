//! Giving up what was not taken: said plainly, and asked twice, since it is gone then.

use lianxin_shared::id::DocId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::i18n::use_texts;
use crate::route::Route;
use crate::vault::Vault;

#[derive(PartialEq, Properties)]
pub(super) struct GiveUpProps {
    /// The record, with what goes with it.
    pub(super) ids: Vec<DocId>,
    /// Whether nothing of it is left then.
    pub(super) whole: bool,
}

/// The button that gives up what was not taken, and the question before it does.
#[component]
pub(super) fn GiveUp(props: &GiveUpProps) -> Html {
    let t = use_texts();
    let vault = use_context::<Vault>();
    let navigator = use_navigator();
    let is_asked = use_state(|| false);
    let has_failed = use_state(|| false);
    let (name, question) = if props.whole {
        ("give-up-record", "give-up-record-sure")
    } else {
        ("give-up-change", "give-up-change-sure")
    };
    let ask = Callback::from({
        let is_asked = is_asked.setter();
        move |_: MouseEvent| is_asked.set(true)
    });
    if !*is_asked {
        return html! {
            <button type="button" class="button quiet" onclick={ask} data-test="give-up">{ t.get(name) }</button>
        };
    }
    let keep = Callback::from({
        let is_asked = is_asked.setter();
        move |_: MouseEvent| is_asked.set(false)
    });
    let give_up = Callback::from({
        let (ids, whole, has_failed) = (props.ids.clone(), props.whole, has_failed.setter());
        move |_: MouseEvent| {
            let (ids, has_failed, navigator) = (ids.clone(), has_failed.clone(), navigator.clone());
            let Some(vault) = vault.clone() else { return };
            spawn_local(async move {
                let is_done = vault.give_up(&ids).await.is_ok();
                has_failed.set(!is_done);
                if let Some(navigator) = navigator.filter(|_| is_done && whole) {
                    navigator.replace(&Route::Records);
                }
            });
        }
    });
    html! {
        <div role="group" aria-label={t.get(name)}>
            <p role="alert">{ t.get(question) }</p>
            if *has_failed {
                <p class="issue" role="alert">{ t.get("vault-failed") }</p>
            }
            <div class="actions">
                <button type="button" class="button" onclick={give_up} data-test="give-up-sure">
                    { t.get("give-up-yes") }
                </button>
                <button type="button" class="button quiet" onclick={keep}>{ t.get("give-up-no") }</button>
            </div>
        </div>
    }
}
