//! Before anybody is in: who shares the tablet, and the PIN of the one who takes it up.
//!
//! - [`choose`]: a PIN is chosen, once after signing in. [`idle`]: an untouched tablet locks itself. [`field`]: where a PIN is
//!   typed.

mod choose;
mod field;
mod idle;
mod withdrawn;

pub use choose::ChoosePin;
pub use idle::Idle;
pub use withdrawn::Withdrawn;

use gloo_timers::callback::Interval;
use lianxin_shared::texts::Lang;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::field::{PinField, typed};
use super::carry::Carrying;
use super::sign_in::SignIn;
use super::text_size::TextSize;
use crate::agent::use_posted;
use crate::components::{Notice, Tone};
use crate::door::{self, Signed};
use crate::i18n::{Words, use_texts};
use crate::session::Session;
use crate::vault::outbox::Counts;
use crate::vault::tablet::{Tablet, UnlockError};
use crate::vault::{Enrolment, VaultId};

/// What the locked tablet needs.
#[derive(Clone, Properties)]
pub struct LockedProps {
    /// The tablet.
    pub tablet: Tablet,
    /// Who shares it, whoever was here last first.
    pub people: Vec<Enrolment>,
    /// The language in use.
    pub language: Lang,
    /// Another language.
    pub speak: Callback<Lang>,
    /// Somebody unlocked.
    pub opened: Callback<Signed>,
    /// Somebody signed in.
    pub entered: Callback<Session>,
}

impl PartialEq for LockedProps {
    fn eq(&self, other: &Self) -> bool {
        // The callbacks do the same whenever they are made, and there is one tablet.
        self.people == other.people && self.language == other.language
    }
}

/// What is asked of whoever takes up the tablet.
#[derive(Clone, PartialEq)]
enum Asked {
    /// Name and password; the name if it is known.
    SignIn(Option<String>),
    /// The PIN of this vault.
    Pin(VaultId),
    /// Nothing: somebody brings what another device has to send.
    Carry,
}

/// The locked tablet.
#[component]
pub fn Locked(props: &LockedProps) -> Html {
    let t = use_texts();
    let asked = use_state(|| match props.people.first() {
        Some(last) => Asked::Pin(last.id),
        None => Asked::SignIn(None),
    });
    let ask = {
        let asked = asked.clone();
        Callback::from(move |next| asked.set(next))
    };
    let known = |id: VaultId| props.people.iter().find(|known| known.id == id);
    match &*asked {
        Asked::Pin(id) => match known(*id) {
            Some(known) => html! {
                <main class="sign-in" id="page">
                    <h1>{ t.get("app-name") }</h1>
                    <People people={props.people.clone()} chosen={known.id} ask={ask.clone()} />
                    <Unlock key={known.id.to_string()} tablet={props.tablet.clone()} known={known.clone()}
                        opened={props.opened.clone()} forgotten={ask.reform({
                            let user = known.user.to_string();
                            move |()| Asked::SignIn(Some(user.clone()))
                        })} />
                    <button type="button" class="button quiet" data-test="somebody-else" onclick={ask.reform(|_: MouseEvent| Asked::SignIn(None))}>
                        { t.get("lock-somebody-else") }
                    </button>
                    <button type="button" class="button quiet" data-test="to-carry" onclick={ask.reform(|_: MouseEvent| Asked::Carry)}>
                        { t.get("carry") }
                    </button>
                    <div class="actions">
                        <Language language={props.language} speak={props.speak.clone()} />
                        <TextSize class="button quiet" />
                    </div>
                </main>
            },
            None => html! {},
        },
        Asked::Carry => html! {
            <main class="sign-in" id="page">
                <h1>{ t.get("carry") }</h1>
                <Carrying />
                <button type="button" class="button quiet" data-test="to-pin" onclick={ask.reform({
                    let last = props.people.first().map(|last| last.id);
                    move |_: MouseEvent| last.map_or(Asked::SignIn(None), Asked::Pin)
                })}>{ t.get("carry-back") }</button>
            </main>
        },
        Asked::SignIn(user) => html! {
            <>
                <SignIn key={user.clone().unwrap_or_default()} user={user.clone()} language={props.language}
                    speak={props.speak.clone()} entered={props.entered.clone()} />
                if let Some(last) = props.people.first() {
                    <div class="sign-in-foot">
                        <button type="button" class="button quiet" data-test="to-pin" onclick={ask.reform({
                            let id = last.id;
                            move |_: MouseEvent| Asked::Pin(id)
                        })}>{ t.get("lock-to-pin") }</button>
                    </div>
                }
            </>
        },
    }
}

#[derive(PartialEq, Properties)]
struct PeopleProps {
    people: Vec<Enrolment>,
    chosen: VaultId,
    ask: Callback<Asked>,
}

/// Who shares the tablet, and whose work waits.
#[component]
fn People(props: &PeopleProps) -> Html {
    let t = use_texts();
    let ids: Vec<_> = props.people.iter().map(|known| known.id).collect();
    let lying = use_posted(&ids);
    let people = props.people.iter().map(|known| {
        let id = known.id;
        let onclick = props.ask.reform(move |_: MouseEvent| Asked::Pin(id));
        let name = if known.name.is_empty() { known.user.to_string() } else { known.name.clone() };
        let counts = lying.own.iter().find(|(id, _)| *id == known.id).map(|(_, counts)| *counts);
        let (state, key) = match counts {
            Some(Counts { waiting: 1.., .. }) => ("sealed", "lock-waiting-sealed"),
            Some(Counts { stuck: 0, delivered: 1.., .. }) => ("sent", "lock-waiting-sent"),
            _ => ("waiting", "lock-waiting"),
        };
        let waits = t.with(key, &[("n", known.waiting.into())]);
        html! {
            <button type="button" class="button person" aria-pressed={(id == props.chosen).to_string()}
                data-test="person" data-user={known.user.to_string()} data-waiting={known.waiting.to_string()} data-posted={state} {onclick}>
                <span>{ name }</span>
                if known.waiting > 0 {
                    <span class="muted small">{ waits }</span>
                }
            </button>
        }
    });
    html! { <div class="people" role="group" aria-label={t.get("lock-who")}>{ for people }</div> }
}

#[derive(Clone, Properties)]
struct UnlockProps {
    tablet: Tablet,
    known: Enrolment,
    opened: Callback<Signed>,
    forgotten: Callback<()>,
}

impl PartialEq for UnlockProps {
    fn eq(&self, other: &Self) -> bool {
        self.known == other.known
    }
}

/// What the form says.
#[derive(Clone, PartialEq)]
enum Said {
    Nothing,
    Trying,
    Wrong,
    Failed(String),
}

/// The PIN of one of them.
#[component]
fn Unlock(props: &UnlockProps) -> Html {
    let t = use_texts();
    let said = use_state(|| Said::Nothing);
    let wait_ms = use_state(|| 0_i64);
    let are_many = use_state(|| props.known.tries.are_many());
    let pin = use_node_ref();
    // The wait stands in the tablet and is asked for anew each second: no reload shortens it.
    let ask_wait = {
        let (tablet, id, wait_ms) = (props.tablet.clone(), props.known.id, wait_ms.setter());
        Callback::from(move |()| {
            let (tablet, wait_ms) = (tablet.clone(), wait_ms.clone());
            spawn_local(async move { wait_ms.set(tablet.wait_ms(id).await.unwrap_or_default()) });
        })
    };
    use_effect_with(*wait_ms > 0, {
        let ask_wait = ask_wait.clone();
        move |is_waiting| {
            ask_wait.emit(());
            let beat = is_waiting.then(|| Interval::new(1_000, move || ask_wait.emit(())));
            move || drop(beat)
        }
    });
    let onsubmit = {
        let (props, said, pin, are_many) = (props.clone(), said.clone(), pin.clone(), are_many.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let secret = typed(&pin);
            if *said == Said::Trying || secret.is_empty() {
                return;
            }
            said.set(Said::Trying);
            let (props, said, pin, ask_wait) = (props.clone(), said.clone(), pin.clone(), ask_wait.clone());
            let are_many = are_many.clone();
            spawn_local(async move {
                match door::unlock(&props.tablet, &props.known, &secret).await {
                    Ok(signed) => return props.opened.emit(signed),
                    Err(UnlockError::Wrong) => said.set(Said::Wrong),
                    Err(UnlockError::Wait(_)) => said.set(Said::Nothing),
                    Err(error) => said.set(Said::Failed(error.to_string())),
                }
                field::clear(&pin);
                let people = props.tablet.people().await.unwrap_or_default();
                let known = people.iter().find(|known| known.id == props.known.id);
                are_many.set(known.is_some_and(|known| known.tries.are_many()));
                ask_wait.emit(());
            });
        })
    };
    let seconds = (*wait_ms + 999) / 1_000;
    let forgotten = props.forgotten.reform(|_: MouseEvent| ());
    html! {
        <form class="form" {onsubmit} autocomplete="off">
            { notice(&t, &said, seconds) }
            <PinField input={pin} id="pin" label={t.get("pin")} disabled={seconds > 0} has_focus=true />
            <button class="button primary whole" id="unlock" disabled={*said == Said::Trying || seconds > 0}>
                { t.get(if *said == Said::Trying { "lock-opening" } else { "lock-open" }) }
            </button>
            if *are_many {
                <Notice><p>{ t.get("pin-many") }</p></Notice>
            }
            <button type="button" class={classes!("button", (!*are_many).then_some("quiet"))} data-test="forgotten" onclick={forgotten}>
                { t.get("pin-forgotten") }
            </button>
        </form>
    }
}

fn notice(t: &Words, said: &Said, seconds: i64) -> Html {
    let words = match said {
        _ if seconds > 0 => t.with("pin-wait", &[("n", seconds.into())]),
        Said::Wrong => t.get("pin-wrong"),
        Said::Failed(error) => format!("{} {error}", t.get("vault-failed")),
        Said::Nothing | Said::Trying => return html! {},
    };
    let what = if seconds > 0 { "wait" } else { "wrong" };
    html! { <Notice tone={Tone::Attention}><p data-test="pin-refused" data-what={what}>{ words }</p></Notice> }
}

#[derive(PartialEq, Properties)]
struct LanguageProps {
    language: Lang,
    speak: Callback<Lang>,
}

#[component]
fn Language(props: &LanguageProps) -> Html {
    let t = use_texts();
    let other = if props.language == Lang::Zh {
        Lang::En
    } else {
        Lang::Zh
    };
    let speak = props.speak.reform(move |_: MouseEvent| other);
    html! {
        <button type="button" class="button quiet" data-test="language" lang={other.as_str()} onclick={speak}>
            { t.get("language-other") }
        </button>
    }
}
