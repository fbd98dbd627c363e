//! Carries records to the server and back, without being asked.
//!
//! - [`lead`]: one window of a user leads, the others follow; it drives the machine of `lianxin_shared::sync`.
//! - [`exchange`]: one step of the machine with fetch and the vault.
//! - [`live`]: the stream by which the server wakes the device.
//! - [`uploads`]: files, once the words are through.
//! - [`line`]: what is known of the line, told to all windows.

mod exchange;
mod lead;
mod line;
mod live;
mod uploads;

pub use lead::lead;
pub use line::{Line, LineState, use_line};

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::vault::{News, Vault};

/// Calls back when the server says that something moved. For the office's pages.
#[hook]
pub fn use_live(moved: Callback<()>) {
    let vault = use_context::<Vault>();
    // The callback of the latest rendering is called, without listening anew for each.
    let latest = use_memo((), |()| RefCell::new(Callback::noop()));
    latest.replace(moved);
    use_effect_with(vault, move |vault| {
        let listening = vault.as_ref().map(|vault| {
            let latest = Rc::clone(&latest);
            vault.bell().listen(Callback::from(move |news| {
                if matches!(news, News::Moved) {
                    let callback = latest.borrow().clone();
                    callback.emit(());
                }
            }))
        });
        move || drop(listening)
    });
}
