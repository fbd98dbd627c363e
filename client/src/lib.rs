//! The app on the tablet and on the desk: yew, compiled to wasm. Read it in this order:
//!
//! 1. [`vault`]: what the device keeps: documents, summaries, drafts, in IndexedDB.
//! 2. [`agent`]: carries them to the server and back, by the state machine of `lianxin_shared::sync`.
//! 3. [`book`]: what the pages know without asking anybody: all summaries, in memory.
//! 4. [`door`]: who comes in, and by what. [`room`]: how much the device holds. [`session`], [`i18n`], [`api`]: who is here, in which language, and how the server is asked.
//! 5. [`app`], [`route`], [`pages`], [`components`]: what is seen. `slice`: long work leaves the page to its user.
//!
//! Invariant: no page of the tablet waits for the network. Pages read the book and the vault; only the agent, the
//! sign-in and the office's pages ask the server.

pub mod agent;
pub mod api;
pub mod app;
pub mod book;
pub mod chance;
pub mod clock;
pub mod components;
pub mod desk;
pub mod door;
pub mod i18n;
pub mod pages;
pub mod photos;
pub mod remembered;
pub mod room;
pub mod route;
pub mod session;
pub mod slice;
pub mod spoken;
pub mod vault;

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page; the browser calls it once the wasm file is ready; so does a worker.
#[wasm_bindgen(start)]
pub fn start() {
    // A worker that only derives keys has no window.
    if web_sys::window().is_none() {
        return;
    }
    yew::Renderer::<app::App>::new().render();
}
