//! Where somebody is signed in: ending that, and withdrawing the device. All of it is asked of the server and needs a line.

use lianxin_shared::id::Moment;
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::office::failure;
use crate::api::{ApiError, use_api};
use crate::components::{Notice, Tone};
use crate::i18n::{use_texts, when};

/// A session.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Session {
    id: String,
    /// What kind of device; empty where that is not known.
    pub(super) device: String,
    place: String,
    opened_at: Moment,
    /// When the server last heard of it.
    pub(super) seen_at: Moment,
    /// Whether it is this one.
    pub(super) own: bool,
}

/// Who looks at the sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Whose they are. What cannot be brought back takes the password: a tablet may lie about.
    Owner,
    /// An administrator.
    Office,
}

/// Whose sessions are shown.
#[derive(Debug, PartialEq, Properties)]
pub(super) struct SessionsProps {
    /// Where they are listed; below it each is ended and withdrawn.
    pub(super) address: AttrValue,
    /// The message above them.
    pub(super) title: AttrValue,
    /// The message that says what to do about them.
    pub(super) hint: AttrValue,
    /// Who looks.
    pub(super) by: By,
    /// How often devices were withdrawn on this page: with each time the list is asked for anew.
    #[prop_or_default]
    pub(super) turn: u32,
    /// One was withdrawn.
    #[prop_or_default]
    pub(super) on_withdrawn: Callback<()>,
}

/// Where somebody is signed in.
#[component]
pub(super) fn Sessions(props: &SessionsProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let sessions = use_state(Vec::<Session>::new);
    let error = use_state(|| None::<ApiError>);
    let is_withdrawn = use_state(|| false);
    let ask = {
        let (sessions, error) = (sessions.setter(), error.setter());
        let address = props.address.clone();
        Callback::from(move |()| {
            let (api, sessions, error) = (api.clone(), sessions.clone(), error.clone());
            let address = address.clone();
            spawn_local(async move {
                match api.get(&address).await {
                    Ok(listed) => sessions.set(listed),
                    Err(why) => error.set(Some(why)),
                }
            });
        })
    };
    use_effect_with((props.address.clone(), props.turn), {
        let ask = ask.clone();
        move |_| ask.emit(())
    });
    let on_done = {
        let (ask, error, is_withdrawn) = (ask, error.setter(), is_withdrawn.setter());
        let on_withdrawn = props.on_withdrawn.clone();
        Callback::from(move |done: Result<Done, ApiError>| {
            is_withdrawn.set(matches!(done, Ok(Done::Withdrawn)));
            match done {
                Ok(Done::Ended) => ask.emit(()),
                Ok(Done::Withdrawn) => {
                    ask.emit(());
                    on_withdrawn.emit(());
                }
                Err(_) => {}
            }
            error.set(done.err());
        })
    };
    let row = |session: &Session| {
        html! {
            <Row key={session.id.clone()} session={session.clone()} address={props.address.clone()} by={props.by}
                on_done={on_done.clone()} />
        }
    };
    html! {
        <section class="section" aria-labelledby="sessions">
            <h2 id="sessions">{ t.get(&props.title) }</h2>
            <p class="muted">{ t.get(&props.hint) }</p>
            <div role="status">
                if let Some(error) = &*error {
                    <Notice tone={Tone::Attention}><p data-test="session-failed">{ failure::of_api(&t, error) }</p></Notice>
                }
                if *is_withdrawn {
                    <Notice tone={Tone::Good}><p data-test="session-withdrawn">{ t.get("access-withdrawn") }</p></Notice>
                }
            </div>
            <ul class="rows">{ for sessions.iter().map(row) }</ul>
        </section>
    }
}

/// What was done to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Ended,
    Withdrawn,
}

#[derive(Debug, PartialEq, Properties)]
struct RowProps {
    session: Session,
    address: AttrValue,
    by: By,
    on_done: Callback<Result<Done, ApiError>>,
}

/// One of them. Withdrawing is asked for twice, since it cannot be taken back.
#[component]
fn Row(props: &RowProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let is_asked = use_state(|| false);
    let password = use_node_ref();
    let Session {
        id,
        device,
        place,
        opened_at,
        seen_at,
        own,
    } = &props.session;
    let one = format!("{}/{id}", props.address);
    let end = {
        let (api, one, on_done) = (api.clone(), one.clone(), props.on_done.clone());
        move |_: MouseEvent| {
            let (api, one, on_done) = (api.clone(), one.clone(), on_done.clone());
            spawn_local(async move { on_done.emit(api.delete(&one).await.map(|()| Done::Ended)) });
        }
    };
    let withdraw = {
        let (by, password, on_done) = (props.by, password.clone(), props.on_done.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let (api, on_done) = (api.clone(), on_done.clone());
            let path = format!("{one}/withdraw");
            let sure = match by {
                By::Office => json!({}),
                By::Owner => json!({ "password": typed(&password) }),
            };
            spawn_local(async move {
                on_done.emit(api.post_because(&path, &sure).await.map(|()| Done::Withdrawn));
            });
        }
    };
    let asked = |wanted: bool| {
        let is_asked = is_asked.setter();
        move |_: MouseEvent| is_asked.set(wanted)
    };
    let device = Some(device.as_str()).filter(|device| !device.is_empty());
    let field = format!("password-{id}");
    html! {
        <li class="row" data-test="session" data-device={device.map(str::to_owned)}>
            <span class="row-title">{ device.map_or_else(|| t.get("access-unknown"), str::to_owned) }</span>
            <span class="row-meta">
                <span>{ t.with("access-seen", &[("at", when::moment(&t, *seen_at).into())]) }</span>
                <span>{ t.with("access-opened", &[("at", when::moment(&t, *opened_at).into())]) }</span>
                <span>{ t.with("access-place", &[("place", place.clone().into())]) }</span>
            </span>
            if *own {
                <span class="muted">{ t.get("access-own") }</span>
            } else if *is_asked {
                <form class="form row-words" onsubmit={withdraw} autocomplete="off">
                    <p data-test="withdraw-means">{ t.get("access-withdraw-means") }</p>
                    if props.by == By::Owner {
                        <div class="field">
                            <label class="label" for={field.clone()}>{ t.get("access-withdraw-password") }</label>
                            <input ref={password} class="input" id={field} name="password" type="password"
                                autocomplete="current-password" required=true />
                        </div>
                    }
                    <div class="actions">
                        <button class="button" data-test="withdraw-sure">{ t.get("access-withdraw-sure") }</button>
                        <button type="button" class="button quiet" data-test="withdraw-not" onclick={asked(false)}>
                            { t.get("access-withdraw-not") }
                        </button>
                    </div>
                </form>
            } else {
                <div class="actions row-words">
                    <button type="button" class="button quiet" data-test="withdraw-one" onclick={asked(true)}>
                        { t.get("access-withdraw") }
                    </button>
                    <button type="button" class="button quiet" data-test="end" onclick={end}>{ t.get("access-end") }</button>
                </div>
            }
        </li>
    }
}

fn typed(input: &NodeRef) -> String {
    let input = input.cast::<HtmlInputElement>();
    input.map(|input| input.value()).unwrap_or_default()
}
