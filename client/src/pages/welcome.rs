//! What the app is, in three screens: before anything else where a tablet is new to its people, once; and whenever somebody
//! wants to read it again.

use lianxin_shared::standing::Standing;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::text_size::TextSize;
use crate::components::StandingMark;
use crate::i18n::use_texts;
use crate::remembered;

/// Where the device remembers that it has been told.
const KEY: &str = "lianxin-welcomed";

/// The screens, by their messages.
const SCREENS: [&str; 3] = ["welcome-offline", "welcome-sent", "welcome-shared"];

/// How a record comes to be answered, in the words that stand beside it.
const WAY: [Standing; 4] = [
    Standing::OnTablet,
    Standing::OnItsWay,
    Standing::Received,
    Standing::Answered,
];

/// What the screens need.
#[derive(Debug, PartialEq, Properties)]
pub(super) struct WelcomeProps {
    /// Their reader has read them, or does not want to.
    pub(super) on_done: Callback<()>,
}

/// The three screens, one after the other, as one page.
#[component]
pub(super) fn Welcome(props: &WelcomeProps) -> Html {
    let t = use_texts();
    let at = use_state(|| 0_usize);
    let heading = use_node_ref();
    use_effect_with(*at, {
        let heading = heading.clone();
        move |_| {
            if let Some(heading) = heading.cast::<HtmlElement>() {
                // Who listens hears the new screen from its beginning; without the focus it is there all the same.
                drop(heading.focus());
            }
        }
    });
    let go = |to: usize| {
        let at = at.setter();
        move |_: MouseEvent| at.set(to)
    };
    let done = props.on_done.reform(|_: MouseEvent| remember());
    let (n, of) = (*at + 1, SCREENS.len());
    let screen = SCREENS[*at];
    html! {
        <main class="page" id="page" data-test="welcome" data-screen={n.to_string()}>
            <p class="muted">{ t.with("welcome-at", &[("n", n.into()), ("of", of.into())]) }</p>
            <h1 ref={heading} tabindex="-1">{ t.get(screen) }</h1>
            <p class="prose">{ t.get(&format!("{screen}-words")) }</p>
            if *at == 0 {
                <TextSize class="button" />
            }
            if *at == 1 {
                <ol class="way" aria-label={t.get("welcome-way")}>
                    { for WAY.iter().map(|standing| html! { <li><StandingMark standing={*standing} /></li> }) }
                </ol>
            }
            <div class="actions">
                if n < of {
                    <button type="button" class="button primary" data-test="welcome-next" onclick={go(n)}>
                        { t.get("welcome-next") }
                    </button>
                } else {
                    <button type="button" class="button primary" data-test="welcome-done" onclick={done.clone()}>
                        { t.get("welcome-done") }
                    </button>
                }
                if *at > 0 {
                    <button type="button" class="button" data-test="welcome-back" onclick={go(*at - 1)}>
                        { t.get("welcome-back") }
                    </button>
                }
                if n < of {
                    <button type="button" class="button quiet" data-test="welcome-skip" onclick={done}>
                        { t.get("welcome-skip") }
                    </button>
                }
            </div>
        </main>
    }
}

/// Whether this device still has to be told.
pub(super) fn is_due() -> bool {
    remembered::get(KEY).is_none()
}

fn remember() {
    // Where it is not kept, it is told again the next time.
    remembered::put(KEY, "yes");
}
