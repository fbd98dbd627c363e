//! Sign-in: the one thing that needs a line, once.

use lianxin_shared::texts::Lang;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::lost::Lost;
use super::text_size::TextSize;
use crate::api::ApiError;
use crate::components::{Notice, Tone};
use crate::i18n::use_texts;
use crate::session::Session;

/// What the sign-in needs.
#[derive(PartialEq, Properties)]
pub struct SignInProps {
    /// Who was here last.
    pub user: Option<String>,
    /// The language in use.
    pub language: Lang,
    /// Another language.
    pub speak: Callback<Lang>,
    /// Somebody signed in.
    pub entered: Callback<Session>,
}

/// The sign-in page.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let t = use_texts();
    // With what to say where the server says only no.
    let failure = use_state(|| None::<(&'static str, ApiError)>);
    let is_busy = use_state(|| false);
    let user = use_node_ref();
    let password = use_node_ref();
    let second = use_node_ref();
    // Once the server has asked for it.
    let is_code_wanted = failure.as_ref().is_some_and(|(_, error)| asks_for_code(error));
    let onsubmit = {
        let (failure, is_busy) = (failure.clone(), is_busy.clone());
        let (user, password, second) = (user.clone(), password.clone(), second.clone());
        let (entered, language) = (props.entered.clone(), props.language);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = typed(&user).trim().to_lowercase();
            let secret = typed(&password);
            let proof = is_code_wanted.then(|| typed(&second));
            if *is_busy || name.is_empty() || secret.is_empty() {
                return;
            }
            is_busy.set(true);
            let (failure, is_busy, entered) = (failure.clone(), is_busy.clone(), entered.clone());
            spawn_local(async move {
                match Session::ask(&name, &secret, proof.as_deref(), language).await {
                    Ok(session) => entered.emit(session),
                    Err(error) => failure.set(Some(("sign-in-wrong", error))),
                }
                is_busy.set(false);
            });
        })
    };
    let code = use_node_ref();
    let on_code = {
        let (failure, is_busy, code) = (failure.clone(), is_busy.clone(), code.clone());
        let (entered, language) = (props.entered.clone(), props.language);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let given = typed(&code);
            if *is_busy || given.trim().is_empty() {
                return;
            }
            is_busy.set(true);
            let (failure, is_busy, entered) = (failure.clone(), is_busy.clone(), entered.clone());
            spawn_local(async move {
                match Session::ask_by_code(&given, language).await {
                    Ok(session) => entered.emit(session),
                    Err(error) => failure.set(Some(("sign-in-code-wrong", error))),
                }
                is_busy.set(false);
            });
        })
    };
    let given = use_memo((), |()| code_in_address());
    let other = if props.language == Lang::Zh {
        Lang::En
    } else {
        Lang::Zh
    };
    let speak = {
        let speak = props.speak.clone();
        move |_: MouseEvent| speak.emit(other)
    };
    html! {
        <main class="sign-in" id="page">
            <h1>{ t.get("app-name") }</h1>
            <p class="muted">{ t.get("app-purpose") }</p>
            <Lost />
            <form class="form" {onsubmit}>
                if let Some((denied, error)) = &*failure {
                    <Notice tone={Tone::Attention}><p data-test="sign-in-failed">{ words(&t, denied, error) }</p></Notice>
                }
                <div class="field">
                    <label class="label" for="user">{ t.get("sign-in-user") }</label>
                    <input ref={user} class="input" id="user" name="user" autocomplete="username" autocapitalize="none"
                        spellcheck="false" required=true value={props.user.clone()} />
                </div>
                <div class="field">
                    <label class="label" for="password">{ t.get("sign-in-password") }</label>
                    <input ref={password} class="input" id="password" name="password" type="password"
                        autocomplete="current-password" required=true />
                </div>
                if is_code_wanted {
                    <div class="field">
                        <label class="label" for="second">{ t.get("sign-in-second") }</label>
                        <input ref={second} class="input" id="second" name="second" autocomplete="one-time-code"
                            autocapitalize="none" spellcheck="false" required=true />
                    </div>
                }
                <button class="button primary whole" id="sign-in" disabled={*is_busy}>
                    { t.get(if *is_busy { "sign-in-busy" } else { "sign-in" }) }
                </button>
            </form>
            <details data-test="by-code" open={!given.is_empty()}>
                <summary>{ t.get("sign-in-by-code") }</summary>
                <form class="form" onsubmit={on_code} autocomplete="off">
                    <div class="field">
                        <label class="label" for="code">{ t.get("sign-in-code") }</label>
                        <input ref={code} class="input" id="code" name="code" autocomplete="off" autocapitalize="none"
                            spellcheck="false" required=true value={(*given).clone()} />
                    </div>
                    <button class="button whole" id="use-code" disabled={*is_busy}>{ t.get("sign-in") }</button>
                </form>
            </details>
            <p class="muted small">{ t.get("sign-in-once") }</p>
            <div class="actions">
                <button type="button" class="button quiet" data-test="language" lang={other.as_str()} onclick={speak}>
                    { t.get("language-other") }
                </button>
                <TextSize class="button quiet" />
            </div>
        </main>
    }
}

/// Whether what is lacking is the code.
fn asks_for_code(error: &ApiError) -> bool {
    matches!(error, ApiError::Problem { code, .. } if code == "code-needed" || code == "code-wrong")
}

fn typed(input: &NodeRef) -> String {
    input
        .cast::<HtmlInputElement>()
        .map(|input| input.value())
        .unwrap_or_default()
}

/// The code that a tablet's camera has read from the office's screen; empty if there is none.
fn code_in_address() -> String {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    let search = search.unwrap_or_default();
    search.strip_prefix("?code=").unwrap_or_default().to_owned()
}

fn words(t: &crate::i18n::Words, denied: &str, error: &ApiError) -> String {
    match error {
        ApiError::NoLine => t.get("sign-in-no-line"),
        ApiError::SignedOut | ApiError::Withdrawn => t.get(denied),
        ApiError::Problem { detail, .. } if !detail.is_empty() => detail.clone(),
        ApiError::Problem { .. } | ApiError::Unreadable(_) => t.get("sign-in-failed"),
    }
}
