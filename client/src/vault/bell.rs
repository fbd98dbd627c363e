//! News between the windows of one user: what changed, never what it says.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use lianxin_shared::id::DocId;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};
use yew::Callback;

use super::VaultError;
use crate::agent::LineState;

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// These documents were written by a person, and wait to be sent.
    Written(Vec<DocId>),
    /// The agent wrote or removed these documents.
    Synced(Vec<DocId>),
    /// The server refused something: whoever writes goes on under a fresh actor.
    Refused,
    /// The server says that something moved.
    Moved,
    /// The list of drafts.
    Drafts,
    /// Files were taken, sent or given up.
    Files,
    /// There is more room on the device.
    Room,
    /// Who is here, or in which language.
    Session,
    /// How the line is.
    Line(LineState),
    /// Somebody wants to be sure that both sides hold the same.
    Check,
    /// The office withdrew the sign-in on this device.
    Withdrawn,
    /// Somebody touches the tablet.
    Touched,
    /// The vault of this name is open now and no other; locked everywhere if there is none.
    Unlocked(Option<String>),
    /// What lies sealed on the tablet: some was taken to be carried, or delivered.
    Posted,
    /// A window opened and would like to know how the line is.
    Opened,
}

/// Rings in every window of the user, this one too.
#[derive(Clone)]
pub struct Bell(Rc<Inner>);

struct Inner {
    channel: BroadcastChannel,
    listeners: RefCell<Vec<(usize, Callback<News>)>>,
    next: RefCell<usize>,
    others: RefCell<Option<EventListener>>,
}

/// Listens until it is dropped.
pub struct Listening {
    bell: Weak<Inner>,
    number: usize,
}

impl Bell {
    /// The bell of that name: one for each vault, one for the tablet.
    pub fn of(name: &str) -> Result<Self, VaultError> {
        let channel = BroadcastChannel::new(&format!("lianxin-{name}"))
            .map_err(|e| VaultError::Storage(format!("{e:?}")))?;
        let inner = Rc::new(Inner {
            channel,
            listeners: RefCell::default(),
            next: RefCell::default(),
            others: RefCell::default(),
        });
        let heard = Rc::downgrade(&inner);
        let others = EventListener::new(&inner.channel, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|e| e.data().as_string());
            let news = text.and_then(|text| serde_json::from_str(&text).ok());
            if let (Some(inner), Some(news)) = (heard.upgrade(), news) {
                inner.tell(&news);
            }
        });
        *inner.others.borrow_mut() = Some(others);
        Ok(Self(inner))
    }

    /// Tells every window.
    pub fn ring(&self, news: &News) {
        if let Ok(text) = serde_json::to_string(news) {
            // A closed channel means that this window is going away.
            let _ = self.0.channel.post_message(&JsValue::from_str(&text));
        }
        self.0.tell(news);
    }

    /// Calls back with all news until the answer is dropped.
    #[must_use]
    pub fn listen(&self, callback: Callback<News>) -> Listening {
        let number = self.0.next.replace_with(|next| *next + 1);
        self.0.listeners.borrow_mut().push((number, callback));
        Listening {
            bell: Rc::downgrade(&self.0),
            number,
        }
    }
}

impl Inner {
    fn tell(&self, news: &News) {
        // A copy, since a listener may stop listening, or start, while it is called.
        let listeners = self.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener.emit(news.clone());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.channel.close();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(bell) = self.bell.upgrade() {
            bell.listeners
                .borrow_mut()
                .retain(|(number, _)| *number != self.number);
        }
    }
}
