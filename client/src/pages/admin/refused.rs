//! What was refused and waits: of whom, why, and what becomes of it. Released, it goes through the door once more, as its author
//! may by now; forgotten, it is gone for good.

use lianxin_shared::id::{Moment, UserId};
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::{ApiError, use_api};
use crate::book::use_book;
use crate::components::{Notice, Tone, When};
use crate::i18n::use_texts;
use crate::pages::office::failure;

/// Something that was refused.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Refused {
    doc: String,
    by: UserId,
    code: String,
    at: Moment,
    digest: String,
}

impl Refused {
    /// What tells it from all others.
    pub(super) fn key(&self) -> String {
        format!("{}{}{}", self.doc, self.by, self.digest)
    }
}

/// What the door says of it now; no code where it took it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Judged {
    code: Option<String>,
}

#[derive(Serialize)]
struct Why {
    reason: String,
}

/// What has become of it.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    Released,
    Forgotten,
    /// Refused again, for this reason.
    Again(String),
    Failed(ApiError),
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct RefusedPushProps {
    pub(super) refused: Refused,
}

/// One of it.
#[component]
pub(super) fn RefusedPush(props: &RefusedPushProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let api = use_api();
    let outcome = use_state(|| None::<Outcome>);
    let is_asked = use_state(|| false);
    let reason = use_node_ref();
    let Refused {
        doc,
        by,
        code,
        at,
        digest,
    } = &props.refused;
    let address = format!("/api/quarantine/{doc}/{by}/{digest}");
    let release = {
        let (api, outcome, address) = (api.clone(), outcome.setter(), address.clone());
        move |_: MouseEvent| {
            let (api, outcome, address) = (api.clone(), outcome.clone(), address.clone());
            spawn_local(async move {
                let judged = api.post::<Judged>(&address, &serde_json::json!({})).await;
                outcome.set(Some(match judged {
                    Ok(Judged { code: None }) => Outcome::Released,
                    Ok(Judged { code: Some(code) }) => Outcome::Again(code),
                    Err(error) => Outcome::Failed(error),
                }));
            });
        }
    };
    let forget = {
        let (outcome, reason) = (outcome.setter(), reason.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let typed = reason.cast::<HtmlInputElement>();
            let reason = typed.map(|input| input.value()).unwrap_or_default();
            let (api, outcome, address) = (api.clone(), outcome.clone(), address.clone());
            spawn_local(async move {
                let forgotten = api.delete_because(&address, &Why { reason }).await;
                outcome.set(Some(match forgotten {
                    Ok(()) => Outcome::Forgotten,
                    Err(error) => Outcome::Failed(error),
                }));
            });
        }
    };
    let ask = {
        let is_asked = is_asked.setter();
        move |_: MouseEvent| is_asked.set(true)
    };
    let is_done = matches!(*outcome, Some(Outcome::Released | Outcome::Forgotten));
    let said = (*outcome).as_ref().map(|outcome| match outcome {
        Outcome::Released => good(t.get("refused-released")),
        Outcome::Forgotten => good(t.get("refused-forgotten")),
        Outcome::Again(code) => bad(t.with(
            "refused-again",
            &[("why", t.get(&format!("refusal-{code}")).into())],
        )),
        Outcome::Failed(error) => bad(failure::of_api(&t, error)),
    });
    let field = format!("reason-{}", digest.get(..8).unwrap_or_default());
    html! {
        <li class="row" data-test="refused">
            <span class="row-title">{ book.person(by) }</span>
            <span class="row-words">{ t.get(&format!("refusal-{code}")) }</span>
            <span class="row-meta"><code>{ doc }</code><When at={*at} /></span>
            <div class="row-words">
                { for said }
                if !is_done {
                    <div class="actions">
                        <button type="button" class="button" data-test="release" onclick={release}>{ t.get("refused-release") }</button>
                        if !*is_asked {
                            <button type="button" class="button quiet" data-test="forget" onclick={ask}>{ t.get("refused-forget") }</button>
                        }
                    </div>
                    if *is_asked {
                        <form class="form" onsubmit={forget} autocomplete="off">
                            <div class="field">
                                <label class="label" for={field.clone()}>{ t.get("refused-forget-reason") }</label>
                                <input ref={reason} class="input" id={field} name="reason" maxlength="500" required=true />
                            </div>
                            <button class="button" data-test="forget-sure">{ t.get("refused-forget-sure") }</button>
                        </form>
                    }
                }
            </div>
        </li>
    }
}

fn good(words: String) -> Html {
    html! { <Notice tone={Tone::Good}><p data-test="refused-done">{ words }</p></Notice> }
}

fn bad(words: String) -> Html {
    html! { <Notice tone={Tone::Attention}><p data-test="failure">{ words }</p></Notice> }
}
