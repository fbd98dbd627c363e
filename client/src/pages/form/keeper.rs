//! Keeps what is being written as a draft, with every pause and before the page goes away.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::i18n::when;
use crate::vault::{Draft, Vault, VaultError};

/// How long after a keystroke it is kept at the latest, in milliseconds.
const PAUSE: u32 = 200;

/// Keeps the latest of what is given to it.
pub(super) struct Keeper {
    vault: Vault,
    latest: RefCell<Option<Draft>>,
    timer: RefCell<Option<Timeout>>,
    is_closed: Cell<bool>,
    failed: Callback<VaultError>,
}

impl Keeper {
    /// Keeps this soon. The clock runs from the first keystroke, so that somebody who types without a pause is kept too.
    pub(super) fn keep(self: &Rc<Self>, draft: Draft) {
        if self.is_closed.get() {
            return;
        }
        *self.latest.borrow_mut() = Some(draft);
        if self.timer.borrow().is_none() {
            let keeper = Rc::clone(self);
            *self.timer.borrow_mut() = Some(Timeout::new(PAUSE, move || keeper.flush()));
        }
    }

    /// The form is being finished: the draft goes with it.
    pub(super) fn close(&self) {
        self.is_closed.set(true);
        self.latest.take();
        self.timer.take();
    }

    /// The form could not be finished: the draft stands.
    pub(super) fn open_again(self: &Rc<Self>, draft: Draft) {
        self.is_closed.set(false);
        self.keep(draft);
    }

    fn flush(&self) {
        if let Some(timer) = self.timer.take() {
            timer.cancel();
        }
        if let Some(mut draft) = self.latest.take() {
            draft.touched = when::now();
            let vault = self.vault.clone();
            let failed = self.failed.clone();
            spawn_local(async move {
                if let Err(error) = vault.keep_draft(&draft).await {
                    failed.emit(error);
                }
            });
        }
    }
}

/// A keeper for this page; `failed` hears what the device did not keep. It keeps at once when the page is hidden, left or closed.
#[hook]
pub(super) fn use_keeper(vault: &Vault, failed: Callback<VaultError>) -> Rc<Keeper> {
    let keeper = use_memo(vault.clone(), |vault| Keeper {
        failed,
        vault: vault.clone(),
        latest: RefCell::default(),
        timer: RefCell::default(),
        is_closed: Cell::new(false),
    });
    use_effect_with(vault.clone(), {
        let keeper = Rc::clone(&keeper);
        move |_| {
            let flush = |keeper: &Rc<Keeper>| {
                let keeper = Rc::clone(keeper);
                move |_: &web_sys::Event| keeper.flush()
            };
            let window = web_sys::window();
            let leaving = window
                .as_ref()
                .map(|window| EventListener::new(window, "pagehide", flush(&keeper)));
            let document = window.and_then(|window| window.document());
            let hidden = document.map(|d| EventListener::new(&d, "visibilitychange", flush(&keeper)));
            move || {
                drop((leaving, hidden));
                keeper.flush();
            }
        }
    });
    keeper
}
