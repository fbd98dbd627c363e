//! An untouched tablet locks itself. What is half written is in the vault with each key, so nothing waits to be saved.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::i18n::when::now;
use crate::vault::{Bell, News};

/// How often the clock is looked at, in milliseconds. A tablet that slept is found untouched as soon as it wakes.
const BEAT_MS: u32 = 2_000;
/// How often the other windows are told of a touch, in milliseconds.
const TELL_MS: i64 = 15_000;
/// What counts as a touch.
const TOUCHES: [&str; 4] = ["pointerdown", "keydown", "wheel", "touchstart"];

/// What the lock by itself needs.
#[derive(Clone, Properties)]
pub struct IdleProps {
    /// Minutes without a touch.
    pub minutes: u32,
    /// Rings in all windows: a touch in one is a touch in all.
    pub bell: Bell,
    /// Locks.
    pub lock: Callback<()>,
}

impl PartialEq for IdleProps {
    fn eq(&self, other: &Self) -> bool {
        self.minutes == other.minutes
    }
}

/// Locks after some minutes without a touch. Nothing is seen of it.
#[component]
pub fn Idle(props: &IdleProps) -> Html {
    use_effect_with(props.minutes, {
        let props = props.clone();
        move |minutes| {
            let limit = i64::from(*minutes) * 60_000;
            let touched = Rc::new(Cell::new(now().0));
            let told = Rc::new(Cell::new(now().0));
            let window = web_sys::window();
            let touches = TOUCHES.map(|name| {
                let (touched, told, bell) = (Rc::clone(&touched), Rc::clone(&told), props.bell.clone());
                window.as_ref().map(|window| {
                    EventListener::new(window, name, move |_| {
                        let now = now().0;
                        if now - touched.get() >= limit {
                            // Too late: it is locked at the next beat.
                            return;
                        }
                        touched.set(now);
                        if now - told.get() > TELL_MS {
                            told.set(now);
                            bell.ring(&News::Touched);
                        }
                    })
                })
            });
            let heard = {
                let touched = Rc::clone(&touched);
                props.bell.listen(Callback::from(move |news| {
                    if matches!(news, News::Touched) {
                        touched.set(now().0);
                    }
                }))
            };
            let beat = Interval::new(BEAT_MS, move || {
                // A clock that was set back begins the time anew instead of stopping it.
                touched.set(touched.get().min(now().0));
                if now().0 - touched.get() >= limit {
                    props.lock.emit(());
                }
            });
            move || drop((touches, heard, beat))
        }
    });
    html! {}
}
