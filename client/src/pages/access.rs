//! Who gets in with this account: where it is signed in, and the code that signing in asks for besides the password. All of it
//! is asked of the server and needs a line.

use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::office::failure;
use super::sessions::{By, Sessions};
use crate::api::{ApiError, use_api};
use crate::components::{Notice, Qr, Tone};
use crate::i18n::use_texts;
use crate::session::use_here;

const SECOND: &str = "/api/session/second";

/// Whether a code is asked for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Second {
    on: bool,
    recovery: usize,
}

/// A secret for an app that makes codes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Offered {
    secret: String,
    address: String,
}

#[derive(Serialize)]
struct Confirmed<'a> {
    secret: &'a str,
    code: String,
    password: String,
}

#[derive(Serialize)]
struct Sure {
    password: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Codes {
    recovery: Vec<String>,
}

/// The page.
#[component]
pub fn Access() -> Html {
    let t = use_texts();
    html! {
        <main class="page" id="page">
            <h1>{ t.get("access") }</h1>
            <Sessions address="/api/sessions" title="access-sessions" hint="access-sessions-hint" by={By::Owner} />
            <SecondProof />
        </main>
    }
}

/// What the page needs that comes before all others.
#[derive(Debug, PartialEq, Properties)]
pub struct OwedProps {
    /// It is set up.
    pub on_set: Callback<()>,
}

/// The district asks for a code besides the password: nothing else is to be had before it is set up.
#[component]
pub fn Owed(props: &OwedProps) -> Html {
    let t = use_texts();
    let here = use_here();
    let leave = here.map(|here| here.sign_out).unwrap_or_default();
    html! {
        <main class="page" id="page" data-test="second-owed">
            <h1>{ t.get("second-owed") }</h1>
            <p>{ t.get("second-owed-hint") }</p>
            <SecondProof on_set={props.on_set.clone()} />
            <div class="actions">
                <button type="button" class="button quiet" data-test="leave" onclick={leave.reform(|_: MouseEvent| ())}>
                    { t.get("sign-out") }
                </button>
            </div>
        </main>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct SecondProofProps {
    /// Where somebody goes on once it is set up; nowhere where they came by themselves.
    #[prop_or_default]
    on_set: Option<Callback<()>>,
}

/// How far switching the code on or off is.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Nothing is known yet.
    Unknown,
    /// It is on or off.
    Known(Second),
    /// A secret was offered, and is to be confirmed.
    Offered(Offered),
    /// It is on; the recovery codes are shown this once.
    Told(Codes),
}

/// The code besides the password.
#[component]
fn SecondProof(props: &SecondProofProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let step = use_state(|| Step::Unknown);
    let error = use_state(|| None::<ApiError>);
    let (code, password) = (use_node_ref(), use_node_ref());
    // Does something at the server, and shows what has come of it.
    let then = {
        let (step, error) = (step.setter(), error.setter());
        move |came: Result<Step, ApiError>| match came {
            Ok(next) => {
                error.set(None);
                step.set(next);
            }
            Err(why) => error.set(Some(why)),
        }
    };
    use_effect_with((), {
        let (api, then) = (api.clone(), then.clone());
        move |()| spawn_local(async move { then(api.get(SECOND).await.map(Step::Known)) })
    });
    let offer = {
        let (api, then) = (api.clone(), then.clone());
        move |_: MouseEvent| {
            let (api, then) = (api.clone(), then.clone());
            let nothing = serde_json::Map::<String, serde_json::Value>::new();
            spawn_local(async move { then(api.post(SECOND, &nothing).await.map(Step::Offered)) });
        }
    };
    let onsubmit = {
        let (now, code, password) = ((*step).clone(), code.clone(), password.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let (api, then, now) = (api.clone(), then.clone(), now.clone());
            let (code, password) = (typed(&code), typed(&password));
            spawn_local(async move {
                then(match now {
                    Step::Offered(Offered { secret, .. }) => {
                        let secret = &secret;
                        let confirmed = Confirmed {
                            secret,
                            code,
                            password,
                        };
                        api.put_for(SECOND, &confirmed).await.map(Step::Told)
                    }
                    _ => {
                        let removed = api.delete_because(SECOND, &Sure { password }).await;
                        let off = Second {
                            on: false,
                            recovery: 0,
                        };
                        removed.map(|()| Step::Known(off))
                    }
                });
            });
        }
    };
    let field = |id: &'static str, key: &str, node: &NodeRef, kind: &'static str, fill: &'static str| {
        html! {
            <div class="field">
                <label class="label" for={id}>{ t.get(key) }</label>
                <input ref={node} class="input" {id} type={kind} autocomplete={fill} required=true />
            </div>
        }
    };
    let of_password = || {
        field(
            "second-password",
            "sign-in-password",
            &password,
            "password",
            "current-password",
        )
    };
    let go_on = || {
        props.on_set.as_ref().map(|on_set| {
            html! {
                <button type="button" class="button primary" data-test="second-go-on"
                    onclick={on_set.reform(|_: MouseEvent| ())}>
                    { t.get("second-go-on") }
                </button>
            }
        })
    };
    html! {
        <section class="section" aria-labelledby="second">
            <h2 id="second">{ t.get("second") }</h2>
            <p class="muted">{ t.get("second-hint") }</p>
            if let Some(error) = &*error {
                <Notice tone={Tone::Attention}><p data-test="second-failed">{ failure::of_api(&t, error) }</p></Notice>
            }
            { match &*step {
                Step::Unknown => html! {},
                Step::Known(Second { on: false, .. }) => html! {
                    <button type="button" class="button" data-test="second-begin" onclick={offer}>
                        { t.get("second-begin") }
                    </button>
                },
                // Set up elsewhere, or before a reload: nothing is owed any more.
                Step::Known(_) if props.on_set.is_some() => html! { { for go_on() } },
                Step::Known(second) => html! {
                    <form class="form" {onsubmit}>
                        <p data-test="second-on">{ t.with("second-on", &[("n", second.recovery.into())]) }</p>
                        { of_password() }
                        <button class="button" data-test="second-off">{ t.get("second-off") }</button>
                    </form>
                },
                Step::Offered(offered) => html! {
                    <form class="form" {onsubmit}>
                        <p>{ t.get("second-scan") }</p>
                        <Qr text={offered.address.clone()} label={t.get("second-scan")} />
                        <p><code data-test="second-secret">{ &offered.secret }</code></p>
                        { field("second-code", "sign-in-second-app", &code, "text", "one-time-code") }
                        { of_password() }
                        <button class="button primary" data-test="second-confirm">{ t.get("second-confirm") }</button>
                    </form>
                },
                Step::Told(codes) => html! {
                    <Notice tone={Tone::Good}>
                        <p>{ t.get("second-told") }</p>
                        <ul data-test="recovery">
                            { for codes.recovery.iter().map(|code| html! { <li><code>{ code }</code></li> }) }
                        </ul>
                        { for go_on() }
                    </Notice>
                },
            } }
        </section>
    }
}

fn typed(input: &NodeRef) -> String {
    let input = input.cast::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}
