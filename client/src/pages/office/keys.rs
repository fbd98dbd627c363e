//! The office's keys: j and k or the arrows through the list, Enter to open, `/` to search, a to answer, s to assign,
//! x to tick, Escape back to the list. Buttons and links do the same for who uses none of them.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Listens as long as the component lives. `list` holds the rows, `search` is the box to search in, `back` leads from a
/// record to the list.
#[hook]
pub(super) fn use_keys(list: NodeRef, search: NodeRef, back: Callback<()>) {
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = back;
    use_effect_with((), move |()| {
        let listening = web_sys::window().map(|window| {
            // Not passive: a key that was taken does nothing else.
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else {
                    return;
                };
                if is_for_others(event) {
                    return;
                }
                let taken = match event.key().as_str() {
                    "j" => step(&list, 1, false),
                    "k" => step(&list, -1, false),
                    "ArrowDown" => step(&list, 1, true),
                    "ArrowUp" => step(&list, -1, true),
                    "x" => tick(&list),
                    "/" => search
                        .cast::<HtmlElement>()
                        .is_some_and(|input| input.focus().is_ok()),
                    "a" => press("answer"),
                    "s" => press("assign"),
                    "Escape" => {
                        let back = latest.borrow().clone();
                        back.emit(());
                        true
                    }
                    _ => false,
                };
                if taken {
                    event.prevent_default();
                }
            })
        });
        move || drop(listening)
    });
}

/// Whether a key is meant for something else: a field that is written in, or the browser.
fn is_for_others(event: &web_sys::KeyboardEvent) -> bool {
    let is_written_in = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            // Escape leaves the search, and never what is being written. In a tick nothing is written.
            let kind = element.get_attribute("type");
            let is_search = kind.as_deref() == Some("search");
            let is_tick = kind.as_deref() == Some("checkbox");
            let is_field = matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
            is_field && !is_tick && !(is_search && event.key() == "Escape")
        });
    is_written_in || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing()
}

/// Goes to another row: the one beside the row in focus, or beside the open one. While a record is open the next one opens
/// at once. Arrows are taken only within the list; elsewhere they scroll.
fn step(list: &NodeRef, by: i32, only_within: bool) -> bool {
    let Some(list) = list.cast::<Element>() else {
        return false;
    };
    let open = list.query_selector("a.row[aria-current]").ok().flatten();
    let focused = focused_item(&list);
    if only_within && focused.is_none() {
        return false;
    }
    let here = focused.or_else(|| open.as_ref().and_then(|row| row.parent_element()));
    let item = match here {
        None => Some(list.clone()),
        Some(item) if by > 0 => item.next_element_sibling(),
        Some(item) => item.previous_element_sibling(),
    };
    let next = item.and_then(|item| item.query_selector("a.row").ok()?);
    let Some(row) = next.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    // A list that is hidden behind the record takes no focus, but leads on all the same.
    drop(row.focus());
    if open.is_some() {
        row.click();
    }
    true
}

/// The row, with its tick, in which the focus is.
fn focused_item(list: &Element) -> Option<Element> {
    let focused = web_sys::window()?.document()?.active_element()?;
    let item = focused.closest("li").ok()??;
    list.contains(Some(&item)).then_some(item)
}

/// Ticks the row in focus, or the open one.
fn tick(list: &NodeRef) -> bool {
    let Some(list) = list.cast::<Element>() else {
        return false;
    };
    let open = || list.query_selector("a.row[aria-current]").ok()??.parent_element();
    let tick = focused_item(&list)
        .or_else(open)
        .and_then(|item| item.query_selector("input[type=checkbox]").ok()?)
        .and_then(|tick| tick.dyn_into::<HtmlElement>().ok());
    if let Some(tick) = &tick {
        tick.click();
    }
    tick.is_some()
}

/// Presses the button of a step, if the open record has it.
fn press(act: &str) -> bool {
    let button = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| {
            let selector = format!("button[data-act={act}]:not(:disabled)");
            document.query_selector(&selector).ok()?
        })
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = &button {
        button.click();
    }
    button.is_some()
}
