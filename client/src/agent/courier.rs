//! Delivers what lies sealed on the tablet: the unsent work of whoever is locked, and what it carries for other devices. It
//! needs nobody to be signed in, and cannot read what it delivers.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use futures_util::future::{AbortHandle, Either, abortable, select};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use lianxin_shared::handover::{Envelope, parcel};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Line;
use crate::api::{Api, ApiError};
use crate::vault::bell::Listening;
use crate::vault::outbox::{Counts, Told};
use crate::vault::tablet::Tablet;
use crate::vault::{Bell, News, Outbox, Vault, VaultError, VaultId, lock};

/// The first wait after a delivery that did not go through, in milliseconds; each further one is twice as long.
const FIRST_WAIT: u32 = 5_000;
const LONGEST_WAIT: u32 = 5 * 60 * 1_000;

/// What the courier needs.
#[derive(Clone, Properties)]
pub struct CourierProps {
    /// The tablet.
    pub tablet: Tablet,
    /// The vault that is open, if one is: its own agent sends what is in it.
    pub vault: Option<Vault>,
}

impl PartialEq for CourierProps {
    fn eq(&self, other: &Self) -> bool {
        // There is one tablet.
        self.vault == other.vault
    }
}

/// Delivers as long as it is there. Shows nothing.
#[component]
pub fn Courier(props: &CourierProps) -> Html {
    use_effect_with(props.clone(), |props| {
        let (work, handle): (_, AbortHandle) = abortable(work(props.clone()));
        // It ends by being aborted, or fails where the tablet's storage does, which the pages say.
        spawn_local(async move { drop(work.await) });
        move || handle.abort()
    });
    html! {}
}

/// How much lies sealed on the tablet: of whoever shares it, by vault, and of other devices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lying {
    /// By vault.
    pub own: Vec<(VaultId, Counts)>,
    /// What is carried for other devices.
    pub carried: Counts,
}

/// How much lies sealed on the tablet, as of the last news; nothing before it is known.
#[hook]
pub fn use_posted(people: &[VaultId]) -> Rc<Lying> {
    let lying = use_state(Rc::<Lying>::default);
    use_effect_with(people.to_vec(), {
        let lying = lying.setter();
        move |people| {
            let people = people.clone();
            let look = Callback::from(move |()| {
                let (people, lying) = (people.clone(), lying.clone());
                spawn_local(async move {
                    if let Ok(found) = look(&people).await {
                        lying.set(Rc::new(found));
                    }
                });
            });
            look.emit(());
            let bell = Bell::of("tablet").ok();
            let listening = bell.as_ref().map(|bell| {
                bell.listen(Callback::from(move |news| {
                    if news == News::Posted {
                        look.emit(());
                    }
                }))
            });
            move || drop((listening, bell))
        }
    });
    Rc::clone(&lying)
}

async fn look(people: &[VaultId]) -> Result<Lying, VaultError> {
    let mut own = Vec::new();
    for known in Tablet::open().await?.people().await? {
        if people.contains(&known.id) {
            own.push((known.id, Outbox::of(&known).await?.counts().await?));
        }
    }
    let carried = Outbox::carried().await?.counts().await?;
    Ok(Lying { own, carried })
}

async fn work(props: CourierProps) -> Result<(), VaultError> {
    // One window is enough.
    let _working = lock::acquire("lianxin-courier").await?;
    let (wake, mut woken) = unbounded();
    let bell = Bell::of("tablet")?;
    let _ears = Ears::open(&bell, props.vault.as_ref(), &wake);
    let mut failures = 0;
    loop {
        let wait = match round(&props, &bell).await {
            Ok(Round::Through) => {
                failures = 0;
                None
            }
            Ok(Round::Again) | Err(ApiError::NoLine) => {
                failures += 1;
                Some(FIRST_WAIT << (failures - 1).min(6))
            }
            Err(ApiError::Problem {
                retry_after: Some(seconds),
                ..
            }) => {
                // It is told when to come, and comes then, whatever else happens.
                let wait = seconds.saturating_mul(1_000).min(LONGEST_WAIT);
                TimeoutFuture::new(spread(wait)).await;
                continue;
            }
            Err(_) => Some(LONGEST_WAIT),
        };
        pause(wait.map(|wait| wait.min(LONGEST_WAIT)), &mut woken).await;
    }
}

/// How a round went.
enum Round {
    /// Nothing waits any more.
    Through,
    /// Something does.
    Again,
}

/// Delivers everything that waits.
async fn round(props: &CourierProps, bell: &Bell) -> Result<Round, ApiError> {
    let kept = |error: VaultError| ApiError::Unreadable(error.to_string());
    let open = props.vault.as_ref().map(Vault::id);
    let mut outboxes = Vec::new();
    for known in props.tablet.people().await.map_err(kept)? {
        if Some(known.id) != open {
            outboxes.push(Outbox::of(&known).await.map_err(kept)?);
        }
    }
    // What somebody brought from elsewhere comes after what the people of this tablet wrote.
    outboxes.push(Outbox::carried().await.map_err(kept)?);
    let (mut round, mut failed) = (Round::Through, None);
    for outbox in &outboxes {
        let waiting = outbox.waiting().await.map_err(kept)?;
        if waiting.is_empty() {
            continue;
        }
        match deliver(outbox, &waiting).await {
            Ok(()) => bell.ring(&News::Posted),
            Err(ApiError::NoLine) => return Err(ApiError::NoLine),
            // What is wrong with one outbox must not hold up the others.
            Err(error) => failed = failed.or(Some(error)),
        }
        if !outbox.waiting().await.map_err(kept)?.is_empty() {
            round = Round::Again;
        }
    }
    failed.map_or(Ok(round), Err)
}

async fn deliver(outbox: &Outbox, waiting: &[(String, Envelope)]) -> Result<(), ApiError> {
    let api = Api::default();
    let mut rest = waiting;
    while !rest.is_empty() {
        let envelopes: Vec<_> = rest.iter().map(|(_, envelope)| envelope.clone()).collect();
        // One alone always goes: what is larger than a request is neither sealed nor taken to be carried.
        let (now, later) = rest.split_at(parcel::fitting(&envelopes).max(1));
        let body = parcel::write(&envelopes[..now.len()]);
        let told: Vec<Told> = api.post_bytes("/api/handover", &body).await?;
        let settled = outbox.settle(now.iter().zip(told).collect()).await;
        settled.map_err(|error| ApiError::Unreadable(error.to_string()))?;
        rest = later;
    }
    Ok(())
}

/// Waits until there may be something to do; no longer than `wait` milliseconds, if something failed.
async fn pause(wait: Option<u32>, woken: &mut UnboundedReceiver<()>) {
    // What piled up is one wake.
    while woken.try_recv().is_ok() {}
    match wait {
        None => drop(woken.next().await),
        Some(wait) => match select(TimeoutFuture::new(spread(wait)), woken.next()).await {
            Either::Left(_) | Either::Right(_) => {}
        },
    }
}

/// So that many tablets do not come back together: up to half as long again.
fn spread(wait: u32) -> u32 {
    let [chance] = crate::chance::bytes::<1>();
    wait + wait / 512 * u32::from(chance)
}

/// Everything that wakes the courier; deaf once dropped.
struct Ears {
    _tablet: Listening,
    _vault: Option<Listening>,
    _online: Option<EventListener>,
}

impl Ears {
    fn open(bell: &Bell, vault: Option<&Vault>, wake: &UnboundedSender<()>) -> Self {
        // Nobody hears any more: another window is at work.
        let send = |wake: &UnboundedSender<()>| drop(wake.unbounded_send(()));
        let ring = wake.clone();
        let tablet = bell.listen(Callback::from(move |news| {
            if news == News::Posted {
                send(&ring);
            }
        }));
        let line = wake.clone();
        let was = Cell::new(Line::Unknown);
        let vault = vault.map(|vault| {
            vault.bell().listen(Callback::from(move |news| {
                // That it is on is told with every exchange; it came back when it was not.
                if let News::Line(state) = news
                    && was.replace(state.line) != Line::On
                    && state.line == Line::On
                {
                    send(&line);
                }
            }))
        });
        let back = wake.clone();
        let online =
            web_sys::window().map(|window| EventListener::new(&window, "online", move |_| send(&back)));
        Self {
            _tablet: tablet,
            _vault: vault,
            _online: online,
        }
    }
}
