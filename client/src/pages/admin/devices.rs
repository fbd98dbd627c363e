//! An account's devices: taking one in by a code, and withdrawing them all.

use lianxin_shared::id::Moment;
use serde::Deserialize;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{ApiError, use_api};
use crate::components::{Notice, Qr, Tone};
use crate::i18n::{use_texts, when};
use crate::pages::office::failure;

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Code {
    code: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Withdrawn {
    at: Moment,
    told_at: Option<Moment>,
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct DevicesProps {
    /// The name at sign-in.
    pub(super) user: String,
    /// How often devices were withdrawn on this page: with each time the list is asked for anew.
    pub(super) turn: u32,
    /// All were withdrawn.
    pub(super) on_withdrawn: Callback<()>,
}

/// The devices of one account.
#[component]
pub(super) fn Devices(props: &DevicesProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let code = use_state(|| None::<Code>);
    let withdrawn = use_state(Vec::<Withdrawn>::new);
    let error = use_state(|| None::<ApiError>);
    let is_asked = use_state(|| false);
    use_effect_with((props.user.clone(), props.turn), {
        let (api, withdrawn) = (api.clone(), withdrawn.setter());
        move |(user, _): &(String, u32)| {
            let path = format!("/api/accounts/{user}/withdrawn");
            spawn_local(async move {
                // What cannot be fetched now is shown as none, and fetched when the page is opened next.
                if let Ok(found) = api.get(&path).await {
                    withdrawn.set(found);
                }
            });
        }
    });
    let give = {
        let (api, code, error, user) = (api.clone(), code.setter(), error.setter(), props.user.clone());
        move |_: MouseEvent| {
            let (api, code, error, user) = (api.clone(), code.clone(), error.clone(), user.clone());
            spawn_local(async move {
                let path = format!("/api/accounts/{user}/code");
                match api.post::<Code>(&path, &serde_json::json!({})).await {
                    Ok(given) => code.set(Some(given)),
                    Err(failed) => error.set(Some(failed)),
                }
            });
        }
    };
    let withdraw = {
        let (api, error, user) = (api, error.setter(), props.user.clone());
        let on_withdrawn = props.on_withdrawn.clone();
        let is_asked = is_asked.clone();
        move |_: MouseEvent| {
            if !*is_asked {
                is_asked.set(true);
                return;
            }
            is_asked.set(false);
            let (api, error, user) = (api.clone(), error.clone(), user.clone());
            let on_withdrawn = on_withdrawn.clone();
            spawn_local(async move {
                let path = format!("/api/accounts/{user}/withdraw");
                if let Err(failed) = api.post_nothing(&path).await {
                    error.set(Some(failed));
                }
                on_withdrawn.emit(());
            });
        }
    };
    let told = withdrawn.iter().map(|one| {
        let at = when::moment(&t, one.at);
        let words = match one.told_at {
            Some(told) => {
                let told = when::moment(&t, told);
                t.with("account-withdrawn-told", &[("at", at.into()), ("told", told.into())])
            }
            None => t.with("account-withdrawn-not-told", &[("at", at.into())]),
        };
        html! { <li data-test="withdrawn-device" data-told={one.told_at.is_some().to_string()}>{ words }</li> }
    });
    html! {
        <section class="section" data-test="devices">
            <h2>{ t.get("account-devices") }</h2>
            if let Some(error) = &*error {
                <Notice tone={Tone::Attention}><p data-test="failure">{ failure::of_api(&t, error) }</p></Notice>
            }
            <p class="muted">{ t.get("account-code-hint") }</p>
            <button type="button" class="button" onclick={give} data-test="give-code">{ t.get("account-code") }</button>
            if let Some(Code { code }) = &*code {
                <Notice>
                    <p>{ t.get("account-code-told") }</p>
                    <p><code data-test="code">{ code }</code></p>
                    <Qr text={format!("{}/?code={code}", origin())} label={t.get("account-code")} />
                </Notice>
            }
            <p class="muted">{ t.get("account-withdraw-hint") }</p>
            <button type="button" class="button" onclick={withdraw} data-test="withdraw">
                { t.get(if *is_asked { "account-withdraw-sure" } else { "account-withdraw" }) }
            </button>
            <ul>{ for told }</ul>
        </section>
    }
}

/// Where this server is.
fn origin() -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    origin.unwrap_or_default()
}
