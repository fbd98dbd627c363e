//! The leading window: it waits until it is the only one, then wakes the machine whenever there may be something to do.

use std::collections::BTreeSet;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use gloo_events::EventListener;
use lianxin_shared::id::DeviceId;
use lianxin_shared::sync::Input;
use web_sys::VisibilityState;
use yew::Callback;

use super::exchange::Exchange;
use super::live;
use crate::vault::bell::Listening;
use crate::vault::{News, Vault, VaultError, lock};

/// What moves the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Signal {
    /// There may be something to do.
    Wake,
    /// The machine's time is over.
    Timer,
    /// Everything is to be compared with the server.
    Check,
    /// A window would like to know how the line is.
    Ask,
    /// Another session or language.
    Session,
}

/// Waits to be the only leader for this user, then leads until the future is dropped.
pub async fn lead(vault: Vault, device: DeviceId) -> Result<(), VaultError> {
    let _leading = lock::acquire(&format!("lianxin-lead-{}", vault.user())).await?;
    let (signals, mut heard) = unbounded();
    let _ears = Ears::open(&vault, &signals);
    let mut exchange = Exchange::new(&vault, device, signals.clone()).await?;
    let live = live::listen(&vault, &signals);
    let work = async {
        exchange.step(Input::Wake).await;
        loop {
            let signals = match waiting(&mut heard) {
                signals if !signals.is_empty() => signals,
                // Words first: a file's next piece goes only when nothing is heard.
                _ if exchange.send_file().await => continue,
                _ => match next(&mut heard).await {
                    Some(signals) => signals,
                    None => break,
                },
            };
            if signals.contains(&Signal::Wake) {
                exchange.look_for_files();
            }
            if signals.contains(&Signal::Ask) {
                exchange.tell();
            }
            if signals.contains(&Signal::Session) {
                exchange.read_session().await;
            }
            if signals.contains(&Signal::Check) {
                exchange.step(Input::Check).await;
            } else if signals.contains(&Signal::Wake) || signals.contains(&Signal::Session) {
                exchange.step(Input::Wake).await;
            } else if signals.contains(&Signal::Timer) {
                exchange.step(Input::Timer).await;
            }
        }
    };
    futures_util::future::join(work, live).await;
    Ok(())
}

/// The next signal, with all that piled up while the machine was busy; each kind once.
async fn next(heard: &mut UnboundedReceiver<Signal>) -> Option<BTreeSet<Signal>> {
    let first = heard.next().await?;
    let mut signals = waiting(heard);
    signals.insert(first);
    Some(signals)
}

/// What has piled up; nothing if nothing has.
fn waiting(heard: &mut UnboundedReceiver<Signal>) -> BTreeSet<Signal> {
    std::iter::from_fn(|| heard.try_recv().ok()).collect()
}

/// Everything that wakes the agent from outside; deaf once dropped.
struct Ears {
    _bell: Listening,
    _events: [Option<EventListener>; 2],
}

impl Ears {
    fn open(vault: &Vault, signals: &UnboundedSender<Signal>) -> Self {
        let signals = Rc::new(signals.clone());
        let send = move |signal| {
            let signals = Rc::clone(&signals);
            // Nobody hears any more: this window leads no longer.
            move || drop(signals.unbounded_send(signal))
        };
        let (wake, ask, session) = (send(Signal::Wake), send(Signal::Ask), send(Signal::Session));
        let check = send(Signal::Check);
        let bell = vault.bell().listen(Callback::from(move |news| match news {
            News::Written(_) | News::Files => wake(),
            News::Opened => ask(),
            News::Session => session(),
            News::Check => check(),
            _ => {}
        }));
        let window = web_sys::window();
        let wake = send(Signal::Wake);
        let online = window
            .as_ref()
            .map(|window| EventListener::new(window, "online", move |_| wake()));
        let wake = send(Signal::Wake);
        let document = window.and_then(|window| window.document());
        let seen = document.map(|document| {
            EventListener::new(&document.clone(), "visibilitychange", move |_| {
                if document.visibility_state() == VisibilityState::Visible {
                    wake();
                }
            })
        });
        Self {
            _bell: bell,
            _events: [online, seen],
        }
    }
}
