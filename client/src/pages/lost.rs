//! What is said where the browser has cleared what was here, or may have: what was sent, and what may be missing.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sessions::Session;
use crate::api::use_api;
use crate::components::{Notice, Tone};
use crate::i18n::{use_texts, when};
use crate::vault::trace;

/// Where it is said.
#[derive(PartialEq, Properties)]
pub struct LostProps {
    /// The class of what surrounds it.
    #[prop_or_default]
    pub class: Classes,
}

/// That vaults were here and are gone. Nothing where none is missing.
#[component]
pub fn Lost(props: &LostProps) -> Html {
    let t = use_texts();
    let lost = use_state(trace::lost);
    let Some(trace) = *lost else {
        return html! {};
    };
    let waiting = if trace.spared > 0 {
        "lost-spared"
    } else {
        "lost-waiting"
    };
    let onclick = move |_: MouseEvent| {
        trace::forget_lost();
        lost.set(None);
    };
    html! {
        <div class={props.class.clone()} data-test="lost">
            <Notice tone={Tone::Attention}>
                <p>{ t.with("lost", &[("when", when::moment(&t, trace.at()).into())]) }</p>
                <p>{ t.with(waiting, &[("n", trace.waiting.into()), ("spared", trace.spared.into())]) }</p>
                <button type="button" class="button quiet" data-test="lost-close" {onclick}>{ t.get("keep-close") }</button>
            </Notice>
        </div>
    }
}

/// On a device that is new to its user: what the server last heard of the user's others. It may be one of them, cleared whole.
#[component]
pub fn Elsewhere() -> Html {
    let t = use_texts();
    let api = use_api();
    let last = use_state(|| None::<Session>);
    use_effect_with(trace::is_new(), {
        let last = last.setter();
        move |is_new| {
            if *is_new {
                spawn_local(async move {
                    // Without an answer it is asked at the next start.
                    let Ok(mut sessions) = api.get::<Vec<Session>>("/api/sessions").await else {
                        return;
                    };
                    sessions.retain(|session| !session.own);
                    sessions.sort_by_key(|session| session.seen_at);
                    if sessions.is_empty() {
                        trace::forget_new();
                    }
                    last.set(sessions.pop());
                });
            }
        }
    });
    let Some(session) = &*last else {
        return html! {};
    };
    let device = Some(session.device.clone()).filter(|device| !device.is_empty());
    let said = [
        ("device", device.unwrap_or_else(|| t.get("access-unknown")).into()),
        ("when", when::moment(&t, session.seen_at).into()),
    ];
    let onclick = {
        let last = last.setter();
        move |_: MouseEvent| {
            trace::forget_new();
            last.set(None);
        }
    };
    html! {
        <div class="page" data-test="elsewhere">
            <Notice>
                <p>{ t.with("elsewhere", &said) }</p>
                <button type="button" class="button quiet" data-test="elsewhere-close" {onclick}>{ t.get("keep-close") }</button>
            </Notice>
        </div>
    }
}
