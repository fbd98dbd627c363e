//! Removing for good. There is no way back, so nothing asks whether one is sure: it is said plainly what will be gone, and a
//! reason has to be written.

use lianxin_shared::id::DocId;
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::failure;
use crate::api::use_api;
use crate::components::event::written;
use crate::components::{Notice, Tone};
use crate::i18n::use_texts;

/// The longest reason, in characters.
const MAX_REASON: &str = "500";

#[derive(Debug, PartialEq, Properties)]
pub(super) struct EraseProps {
    /// The document.
    pub(super) id: DocId,
    /// What is removed; names the words that say so: `erase-WHAT`, `erase-WHAT-means`.
    pub(super) what: &'static str,
    /// It is gone.
    pub(super) on_erased: Callback<()>,
}

/// What is folded away until somebody needs it.
#[component]
pub(super) fn Erase(props: &EraseProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let reason = use_state(String::new);
    let error = use_state(|| None);
    let busy = use_state(|| false);
    let on_input = {
        let reason = reason.setter();
        Callback::from(move |words| reason.set(words))
    };
    let onsubmit = {
        let (id, on_erased, reason) = (props.id, props.on_erased.clone(), (*reason).clone());
        let (error, busy) = (error.setter(), busy.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let body = json!({ "reason": reason.trim() });
            let (api, on_erased, error, busy) = (api.clone(), on_erased.clone(), error.clone(), busy.clone());
            busy.set(true);
            spawn_local(async move {
                match api.delete_because(&format!("/api/documents/{id}"), &body).await {
                    Ok(()) => on_erased.emit(()),
                    Err(why) => error.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    let name = format!("erase-reason-{}", props.what);
    let has_reason = !reason.trim().is_empty();
    html! {
        <details class="section erase" data-test={format!("erase-{}", props.what)}>
            <summary>{ t.get(&format!("erase-{}", props.what)) }</summary>
            <form class="form" {onsubmit} autocomplete="off">
                <p>{ t.get(&format!("erase-{}-means", props.what)) }</p>
                if let Some(error) = &*error {
                    <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice>
                }
                <div class="field">
                    <label class="label" for={name.clone()}>{ t.get("erase-reason") }</label>
                    <p class="hint">{ t.get("erase-reason-hint") }</p>
                    <textarea class="input" id={name} rows="2" maxlength={MAX_REASON} required={true}
                        value={(*reason).clone()} oninput={written(&on_input)} />
                </div>
                <div class="actions">
                    <button class="button" disabled={*busy || !has_reason} data-test="erase">
                        { t.get(&format!("erase-{}-do", props.what)) }
                    </button>
                </div>
            </form>
        </details>
    }
}
