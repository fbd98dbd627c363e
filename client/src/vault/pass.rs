//! Passes the open key from a page to the one that follows it, so that nobody types a PIN after a reload, and a second window
//! opens like the first.
//!
//! The service worker holds it meanwhile: in memory, for seconds (client/static/sw.js). It is a handle that cannot be read out,
//! and nothing of it is written down.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, MessagePort, ServiceWorker, ServiceWorkerContainer};

use super::enrolment::VaultId;
use super::key::Key;

/// How long to wait for a key that another page may hold, in milliseconds. The service worker answers at once; on a slow tablet
/// it may have to be started first.
const PATIENCE: u32 = 4_000;

/// When a page goes away. At the second event the page may be gone before the browser has taken its message to the service worker;
/// the first comes in good time, but not in every browser.
const LEAVING: [&str; 2] = ["beforeunload", "pagehide"];

/// Passes a key on when this page goes away or another window asks; until it is dropped.
pub struct Passing {
    _leaving: Vec<EventListener>,
    _asked: Option<EventListener>,
}

impl Passing {
    /// Begins to.
    pub fn begin(id: VaultId, key: &Key) -> Self {
        let message = Rc::new(message("pass"));
        // Names that every object can have.
        drop(Reflect::set(&message, &"vault".into(), &id.to_string().into()));
        drop(Reflect::set(&message, &"key".into(), key.to_js()));
        let leaving = LEAVING.iter().filter_map(|event| {
            let message = Rc::clone(&message);
            let window = web_sys::window()?;
            Some(EventListener::new(&window, *event, move |_| tell(&message)))
        });
        let leaving = leaving.collect();
        let asked = container().map(|container| {
            EventListener::new(&container, "message", move |event| {
                let port = event.dyn_ref::<MessageEvent>().map(|event| event.ports().get(0));
                if let Some(port) = port.and_then(|port| port.dyn_into::<MessagePort>().ok()) {
                    // Whoever asked and went away misses nothing.
                    drop(port.post_message(&message));
                }
            })
        });
        Self {
            _leaving: leaving,
            _asked: asked,
        }
    }
}

/// The key that another page passed, with the vault that it opens.
pub async fn take() -> Option<(String, Key)> {
    let worker = worker()?;
    let channel = MessageChannel::new().ok()?;
    let ports = js_sys::Array::of1(&channel.port2());
    let port = channel.port1();
    let listening = RefCell::new(None);
    let answer = Promise::new(&mut |resolve, _| {
        let listener = EventListener::new(&port, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            drop(resolve.call1(&JsValue::NULL, &data.unwrap_or(JsValue::NULL)));
        });
        listening.replace(Some(listener));
    });
    port.start();
    worker
        .post_message_with_transferable(&message("take"), &ports)
        .ok()?;
    let clock = gloo_timers::future::TimeoutFuture::new(PATIENCE);
    let answer = JsFuture::from(answer);
    let answer = match futures_util::future::select(answer, clock).await {
        futures_util::future::Either::Left((answer, _)) => answer.ok()?,
        futures_util::future::Either::Right(_) => return None,
    };
    let part = |name: &str| Reflect::get(&answer, &name.into()).ok();
    let id = part("vault")?.as_string()?;
    Some((id, Key::passed(part("key")?)?))
}

/// Lets go of a key that waits to be taken.
pub fn drop_passed() {
    tell(&message("drop"));
}

fn tell(message: &JsValue) {
    if let Some(worker) = worker() {
        // Without it the PIN is typed again.
        drop(worker.post_message(message));
    }
}

fn message(what: &str) -> JsValue {
    let message = Object::new();
    drop(Reflect::set(&message, &"type".into(), &what.into()));
    message.into()
}

fn worker() -> Option<ServiceWorker> {
    container()?.controller()
}

fn container() -> Option<ServiceWorkerContainer> {
    let container = web_sys::window()?.navigator().service_worker();
    // Undefined outside of a secure context, whatever its type says.
    container.is_object().then_some(container)
}
