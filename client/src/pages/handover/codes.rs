//! A small parcel as QR codes, one after the other: by themselves, or by hand.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use lianxin_shared::handover::pieces;
use yew::prelude::*;

use crate::components::Qr;
use crate::i18n::use_texts;

/// How long each is shown, in milliseconds: a slow camera takes some three pictures in it.
const EACH: u32 = 600;

/// What the codes need.
#[derive(PartialEq, Properties)]
pub(super) struct CodesProps {
    /// The parcel.
    pub(super) parcel: Rc<Vec<u8>>,
}

/// The codes, once somebody asks for them; a parcel that is too large for them has none.
#[component]
pub(super) fn Codes(props: &CodesProps) -> Html {
    let t = use_texts();
    let pieces = use_memo(Rc::clone(&props.parcel), |parcel| pieces::cut(parcel));
    let is_shown = use_state(|| false);
    // Where the system asks for less motion, they go on by hand.
    let is_running = use_state(|| !prefers_rest());
    let at = use_state(|| 0_usize);
    let count = pieces.as_ref().as_ref().map_or(1, Vec::len);
    let step = {
        let at = at.clone();
        Callback::from(move |by: usize| at.set((*at + by) % count))
    };
    use_effect_with((*at, *is_shown && *is_running && count > 1), {
        let step = step.clone();
        move |(_, is_running)| {
            let beat = is_running.then(|| Interval::new(EACH, move || step.emit(1)));
            move || drop(beat)
        }
    });
    let Some(pieces) = &*pieces else {
        return html! { <p class="muted" data-test="no-codes">{ t.get("handover-no-codes") }</p> };
    };
    if !*is_shown {
        let onclick = move |_: MouseEvent| is_shown.set(true);
        return html! {
            <button type="button" class="button" data-test="show-codes" {onclick}>{ t.get("handover-codes") }</button>
        };
    }
    let Some(piece) = pieces.get(*at).or_else(|| pieces.first()) else {
        return html! {};
    };
    let by_hand = |by: usize| {
        let (step, is_running) = (step.clone(), is_running.setter());
        move |_: MouseEvent| {
            is_running.set(false);
            step.emit(by);
        }
    };
    let go = {
        let is_running = is_running.clone();
        move |_: MouseEvent| is_running.set(!*is_running)
    };
    let place = t.with("handover-code", &[("n", (*at + 1).into()), ("of", count.into())]);
    html! {
        <section class="codes column" aria-label={t.get("handover-codes")}>
            <p>{ t.get("handover-codes-how") }</p>
            <div data-test="code" data-piece={piece.clone()} data-of={count.to_string()}>
                <Qr text={piece.clone()} label={place.clone()} />
            </div>
            <p class="codes-place">{ place }</p>
            if count > 1 {
                <div class="actions">
                    <button type="button" class="button" onclick={by_hand(count - 1)}>{ t.get("handover-code-back") }</button>
                    <button type="button" class="button" data-test="codes-run" onclick={go}>
                        { t.get(if *is_running { "handover-codes-stop" } else { "handover-codes-run" }) }
                    </button>
                    <button type="button" class="button" data-test="code-next" onclick={by_hand(1)}>
                        { t.get("handover-code-next") }
                    </button>
                </div>
            }
        </section>
    }
}

fn prefers_rest() -> bool {
    let window = web_sys::window();
    let query = window.and_then(|window| {
        window
            .match_media("(prefers-reduced-motion: reduce)")
            .ok()
            .flatten()
    });
    query.is_some_and(|query| query.matches())
}
