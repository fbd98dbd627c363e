//! Keeps what is being written on the device, from the first keystroke on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::vault::{Vault, VaultError};

/// Writes something half written to a vault.
type Write<T> = fn(Vault, T) -> LocalBoxFuture<'static, Result<(), VaultError>>;

/// Keeps the latest of what is given to it. The first is written at once; while one is on its way to the disk only the
/// newest waits, so that fast typing costs no more than the device can do.
pub(super) struct Keeper<T> {
    vault: Vault,
    write: Write<T>,
    waiting: RefCell<Option<T>>,
    is_writing: Cell<bool>,
    is_closed: Cell<bool>,
    has_failed: Cell<bool>,
    failed: Callback<Option<VaultError>>,
}

impl<T: 'static> Keeper<T> {
    /// Keeps this.
    pub(super) fn keep(self: &Rc<Self>, latest: T) {
        if self.is_closed.get() {
            return;
        }
        self.waiting.replace(Some(latest));
        if !self.is_writing.replace(true) {
            let keeper = Rc::clone(self);
            spawn_local(async move {
                while let Some(latest) = keeper.waiting.take() {
                    keeper.write(latest).await;
                }
                keeper.is_writing.set(false);
            });
        }
    }

    /// What is written is being finished, and goes with it.
    pub(super) fn close(&self) {
        self.is_closed.set(true);
        self.waiting.take();
    }

    /// It could not be finished: it stands as it is.
    pub(super) fn open_again(self: &Rc<Self>, latest: T) {
        self.is_closed.set(false);
        self.keep(latest);
    }

    /// Writes the newest without waiting for the one on its way. The vault takes them in the order in which they began.
    fn hurry(self: &Rc<Self>) {
        if let Some(latest) = self.waiting.take() {
            let keeper = Rc::clone(self);
            spawn_local(async move { keeper.write(latest).await });
        }
    }

    async fn write(&self, latest: T) {
        let error = (self.write)(self.vault.clone(), latest).await.err();
        if error.is_some() || self.has_failed.get() {
            self.has_failed.set(error.is_some());
            self.failed.emit(error);
        }
    }
}

/// A keeper for this page; `failed` hears what the device did not keep, and of nothing once
/// it keeps again. When the page is hidden or left nothing waits.
#[hook]
pub(super) fn use_keeper<T: 'static>(
    vault: &Vault,
    write: Write<T>,
    failed: Callback<Option<VaultError>>,
) -> Rc<Keeper<T>> {
    let keeper = use_memo(vault.clone(), |vault| Keeper {
        vault: vault.clone(),
        write,
        waiting: RefCell::default(),
        is_writing: Cell::new(false),
        is_closed: Cell::new(false),
        has_failed: Cell::new(false),
        failed,
    });
    use_effect_with(vault.clone(), {
        let keeper = Rc::clone(&keeper);
        move |_| {
            let hurry = || {
                let keeper = Rc::clone(&keeper);
                move |_: &web_sys::Event| keeper.hurry()
            };
            let window = web_sys::window();
            let document = window.as_ref().and_then(web_sys::Window::document);
            let leaving = window.map(|window| EventListener::new(&window, "pagehide", hurry()));
            let hidden = document.map(|document| EventListener::new(&document, "visibilitychange", hurry()));
            move || drop((leaving, hidden))
        }
    });
    keeper
}
