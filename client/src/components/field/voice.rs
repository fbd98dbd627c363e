//! Speaking instead of typing, where the browser offers it (Web Speech API). The app itself hears nothing: the browser turns the
//! sound into words, and most browsers ask their maker's servers for it.

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Function;
use lianxin_shared::texts::Lang;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use yew::prelude::*;

use crate::i18n::use_texts;

#[wasm_bindgen]
extern "C" {
    /// Listens in a language and calls back with each sentence; calls `ended` with why it ended, empty if it was asked to or
    /// nobody spoke any more. Answers a function that ends it: `false` waits for what is being said, `true` calls back no more.
    /// Put there by `client/static/boot.js`.
    #[wasm_bindgen(js_namespace = window, js_name = lianxinListen, catch)]
    fn listen(lang: &str, heard: &Function, ended: &Function) -> Result<Function, JsValue>;
}

/// What speaking needs.
#[derive(Debug, PartialEq, Properties)]
pub(super) struct VoiceProps {
    /// What the field is, so that its button is told from the others by who listens.
    pub(super) field: AttrValue,
    /// The next sentence.
    pub(super) on_heard: Callback<String>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listening {
    No,
    Yes,
    /// The browser may not use the microphone.
    Denied,
    /// It ended otherwise, mostly for lack of a line.
    Failed,
}

/// A button to speak into a field, and plainly to whom one speaks. Nothing where the browser does not listen, or has no line to
/// whom it asks.
#[component]
pub(super) fn Voice(props: &VoiceProps) -> Html {
    let t = use_texts();
    let listening = use_state(|| Listening::No);
    let is_online = use_is_online();
    // The latest callback is called, however long one speaks.
    let on_heard = use_mut_ref(Callback::noop);
    on_heard.replace(props.on_heard.clone());
    let ear = use_mut_ref(|| None::<Ear>);
    use_effect_with((), {
        let ear = Rc::clone(&ear);
        move |()| move || drop(ear.take())
    });
    if !is_offered() || !is_online {
        return html! {};
    }
    let is_on = *listening == Listening::Yes;
    let said = match *listening {
        Listening::No => "voice-told",
        Listening::Yes => "voice-listening",
        Listening::Denied => "voice-denied",
        Listening::Failed => "voice-failed",
    };
    let told = format!("{}-voice", props.field);
    let lang = if t.lang() == Lang::Zh { "zh-CN" } else { "en" };
    let onclick = {
        let listening = listening.setter();
        move |_: MouseEvent| {
            if is_on {
                if let Some(ear) = &*ear.borrow() {
                    ear.end(false);
                }
                return;
            }
            let on_heard = Rc::clone(&on_heard);
            let heard = move |words| {
                let on_heard = on_heard.borrow().clone();
                on_heard.emit(words);
            };
            let ended = listening.clone();
            let opened = Ear::open(lang, heard, move |why| ended.set(Listening::after(&why)));
            listening.set(opened.as_ref().map_or(Listening::Failed, |_| Listening::Yes));
            ear.replace(opened);
        }
    };
    html! {
        <div class="voice">
            <button type="button" class="button" aria-describedby={told.clone()}
                data-test="voice" {onclick}>
                { t.get(if is_on { "voice-stop" } else { "voice-start" }) }
            </button>
            <p class="muted small" id={told} role="status">{ t.get(said) }</p>
        </div>
    }
}

/// Whether the browser listens at all.
fn is_offered() -> bool {
    let window = web_sys::window();
    let has = |name: &str| {
        window
            .as_ref()
            .is_some_and(|at| js_sys::Reflect::has(at, &name.into()).is_ok_and(|has| has))
    };
    has("SpeechRecognition") || has("webkitSpeechRecognition")
}

/// Whether the browser thinks that it has a line.
#[hook]
fn use_is_online() -> bool {
    let look = || web_sys::window().is_some_and(|window| window.navigator().on_line());
    let is_online = use_state(look);
    use_effect_with((), {
        let is_online = is_online.setter();
        move |()| {
            let listeners = ["online", "offline"].map(|event| {
                let is_online = is_online.clone();
                web_sys::window()
                    .map(|window| EventListener::new(&window, event, move |_| is_online.set(look())))
            });
            move || drop(listeners)
        }
    });
    *is_online
}

/// The browser's ear: it calls back no more once it is dropped.
struct Ear {
    end: Function,
    _heard: Closure<dyn FnMut(String)>,
    _ended: Closure<dyn FnMut(String)>,
}

impl Ear {
    /// Opens it; nothing where the browser does not.
    fn open(lang: &str, heard: impl Fn(String) + 'static, ended: impl Fn(String) + 'static) -> Option<Self> {
        let heard = Closure::<dyn FnMut(String)>::new(heard);
        let ended = Closure::<dyn FnMut(String)>::new(ended);
        let end = listen(
            lang,
            heard.as_ref().unchecked_ref(),
            ended.as_ref().unchecked_ref(),
        );
        Some(Self {
            end: end.ok()?,
            _heard: heard,
            _ended: ended,
        })
    }

    fn end(&self, at_once: bool) {
        // One that has ended already says so by itself.
        drop(self.end.call1(&JsValue::NULL, &at_once.into()));
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.end(true);
    }
}

impl Listening {
    /// After it ended for this reason (<https://webaudio.github.io/web-speech-api/#speechreco-error>).
    fn after(why: &str) -> Self {
        match why {
            "" | "no-speech" | "aborted" => Self::No,
            "not-allowed" | "service-not-allowed" | "audio-capture" => Self::Denied,
            _ => Self::Failed,
        }
    }
}

/// What stands in a field once this was said at its end: words of letters are kept apart.
pub(super) fn continued(text: &str, said: &str) -> String {
    let is_letter =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | ',' | '!' | '?' | ';' | ':');
    let said = said.trim();
    let is_apart = text.ends_with(is_letter) && said.starts_with(is_letter);
    let between = if is_apart { " " } else { "" };
    [text, between, said].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_goes_to_the_end_and_letters_are_kept_apart() {
        assert_eq!(continued("", "楼道的灯坏了"), "楼道的灯坏了");
        assert_eq!(continued("楼道的灯坏了。", " 三天了 "), "楼道的灯坏了。三天了");
        assert_eq!(continued("The lamp is", "broken."), "The lamp is broken.");
        assert_eq!(continued("It is dark.", "Please come"), "It is dark. Please come");
        assert_eq!(continued("It is dark. ", "Please"), "It is dark. Please");
    }

    #[test]
    fn silence_is_no_failure() {
        assert_eq!(Listening::after("no-speech"), Listening::No);
        assert_eq!(Listening::after("not-allowed"), Listening::Denied);
        assert_eq!(Listening::after("network"), Listening::Failed);
    }
}
