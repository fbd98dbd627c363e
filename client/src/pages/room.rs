//! The room on the device: asking the browser to keep it, saying when it gets short, and what can be cleared.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::{Notice, Tone};
use crate::i18n::use_texts;
use crate::remembered;
use crate::room::{Room, ask_to_keep};
use crate::vault::{News, Vault};

/// Where the tablet remembers that its user has been asked; it belongs to the tablet, not to a user.
const ASKED: &str = "lianxin-asked-to-keep";

/// The room, looked at when the page opens and whenever something was written.
#[hook]
fn use_room() -> Option<Room> {
    let vault = use_context::<Vault>();
    let room = use_state(|| None);
    use_effect_with(vault, {
        let room = room.setter();
        move |vault| {
            let listening = vault.clone().map(|vault| {
                let look = move || {
                    let room = room.clone();
                    spawn_local(async move { room.set(Room::look().await) });
                };
                look();
                vault.bell().listen(Callback::from(move |news| {
                    if matches!(news, News::Written(_) | News::Files | News::Room) {
                        look();
                    }
                }))
            });
            move || drop(listening)
        }
    });
    *room
}

/// Says above every page when the room gets short, before anything fails.
#[component]
pub fn Shortage() -> Html {
    let t = use_texts();
    let Some(room) = use_room().filter(Room::is_short) else {
        return html! {};
    };
    html! {
        <div class="page" data-test="room-short">
            <Notice tone={Tone::Attention}>
                <p>{ t.with("room-short", &[("free", mib(room.left()).into())]) }</p>
                <Clear><p>{ t.get("room-elsewhere") }</p></Clear>
            </Notice>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ClearProps {
    /// Shown where nothing can be cleared.
    #[prop_or_default]
    children: Html,
}

/// What the office has as well can go.
#[component]
fn Clear(props: &ClearProps) -> Html {
    let t = use_texts();
    let vault = use_context::<Vault>();
    let clearable = use_clearable(vault.clone());
    if mib(clearable) == 0 {
        return props.children.clone();
    }
    let onclick = move |_: MouseEvent| {
        if let Some(vault) = vault.clone() {
            spawn_local(async move {
                // What stays stays; the page shows how much.
                drop(vault.clear_files().await);
            });
        }
    };
    html! {
        <>
            <p>{ t.with("room-can-clear", &[("n", mib(clearable).into())]) }</p>
            <button type="button" class="button" data-test="room-clear" {onclick}>{ t.get("room-clear") }</button>
        </>
    }
}

/// How many bytes can be cleared: known only by looking at every file, so asked for only where it is shown.
#[hook]
fn use_clearable(vault: Option<Vault>) -> u64 {
    let clearable = use_state(|| 0);
    use_effect_with(vault, {
        let clearable = clearable.setter();
        move |vault| {
            let listening = vault.clone().map(|vault| {
                let look = {
                    let vault = vault.clone();
                    move || {
                        let (vault, clearable) = (vault.clone(), clearable.clone());
                        spawn_local(
                            async move { clearable.set(vault.clearable().await.unwrap_or_default()) },
                        );
                    }
                };
                look();
                vault.bell().listen(Callback::from(move |news| {
                    if matches!(news, News::Files | News::Room) {
                        look();
                    }
                }))
            });
            move || drop(listening)
        }
    });
    *clearable
}

/// What became of asking.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    NotYet,
    Granted,
    Refused,
}

/// Asks once, when the first record has been saved and there is something to keep: in words, before the browser asks in its own.
#[component]
pub fn Keeping() -> Html {
    let t = use_texts();
    let vault = use_context::<Vault>();
    let room = use_room();
    let has_written = use_state(|| false);
    let is_done = use_state(was_asked);
    let asked = use_state(|| Asked::NotYet);
    use_effect_with(vault, {
        let has_written = has_written.setter();
        move |vault| {
            let listening = vault.clone().map(|vault| {
                vault.bell().listen(Callback::from(move |news| {
                    if matches!(news, News::Written(_)) {
                        has_written.set(true);
                    }
                }))
            });
            move || drop(listening)
        }
    });
    let needs_asking = room.is_some_and(|room| !room.is_kept) && *has_written;
    if *is_done || !(needs_asking || *asked != Asked::NotYet) {
        return html! {};
    }
    let close = {
        let is_done = is_done.setter();
        move |_: MouseEvent| {
            remember_asked();
            is_done.set(true);
        }
    };
    let ask = ask(asked.setter());
    html! {
        <div class="page" data-test="keep">
            <Notice>
                if *asked == Asked::NotYet {
                    <p>{ t.get("keep-why") }</p>
                    <div class="actions">
                        <button type="button" class="button" data-test="keep-ask" onclick={ask}>{ t.get("keep-ask") }</button>
                        <button type="button" class="button quiet" data-test="keep-later" onclick={close}>{ t.get("keep-later") }</button>
                    </div>
                } else {
                    <p data-test="keep-told">{ t.get(told(*asked)) }</p>
                    <button type="button" class="button quiet" data-test="keep-close" onclick={close}>{ t.get("keep-close") }</button>
                }
            </Notice>
        </div>
    }
}

/// The room in numbers, and the browser's promise, for whoever looks for it.
#[component]
pub fn RoomSection() -> Html {
    let t = use_texts();
    let room = use_room();
    let asked = use_state(|| Asked::NotYet);
    let Some(room) = room else {
        return html! {};
    };
    let is_kept = room.is_kept || *asked == Asked::Granted;
    let ask = ask(asked.setter());
    html! {
        <section class="section" data-test="room" data-kept={is_kept.to_string()}>
            <h2>{ t.get("room") }</h2>
            <p>{ t.with("room-used", &[("used", mib(room.used).into()), ("free", mib(room.left()).into())]) }</p>
            <Clear />
            <p role="status">{ t.get(if is_kept { "room-kept" } else if *asked == Asked::Refused { "keep-refused" } else { "room-not-kept" }) }</p>
            if !is_kept {
                <button type="button" class="button quiet" data-test="room-keep" onclick={ask}>{ t.get("keep-ask") }</button>
            }
        </section>
    }
}

fn ask(asked: UseStateSetter<Asked>) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        let asked = asked.clone();
        spawn_local(async move {
            asked.set(if ask_to_keep().await {
                Asked::Granted
            } else {
                Asked::Refused
            });
        });
    })
}

fn told(asked: Asked) -> &'static str {
    match asked {
        Asked::Granted => "keep-granted",
        _ => "keep-refused",
    }
}

fn mib(bytes: u64) -> usize {
    usize::try_from(bytes / (1024 * 1024)).unwrap_or(usize::MAX)
}

fn was_asked() -> bool {
    remembered::get(ASKED).is_some()
}

fn remember_asked() {
    // Where it is not kept, it is asked again.
    remembered::put(ASKED, "yes");
}
