//! Keeps the list and its counts true: asks when the address changes, and again when the server says that something
//! moved.

use gloo_timers::callback::Timeout;
use lianxin_shared::records::Part;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::filter::work;
use super::listing::{Change, Counts, Listing, ask_head, ask_more};
use crate::agent::use_live;
use crate::api::{Api, use_api};

/// Moves that come within so many milliseconds are answered by one question.
const GATHER: u32 = 300;

/// The list and what can be asked of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feed {
    /// The list.
    pub(super) listing: Listing,
    /// How many records there are, whatever the filter.
    pub(super) counts: Counts,
    /// Asks for the next page.
    pub(super) more: Callback<()>,
    /// Asks for everything again.
    pub(super) again: Callback<()>,
}

impl Feed {
    /// How many records wait for the office.
    pub(super) fn waiting(&self) -> usize {
        waiting_states()
            .iter()
            .filter_map(|state| self.counts.by_state.get(*state))
            .sum()
    }
}

/// The list that a query names.
#[hook]
pub(super) fn use_feed(query: String) -> Feed {
    let api = use_api();
    let listing = use_reducer(Listing::default);
    let counts = use_state(Counts::default);
    {
        let (dispatcher, counts) = (listing.dispatcher(), counts.setter());
        use_effect_with((api.clone(), query.clone()), move |(api, query)| {
            dispatcher.dispatch(Change::Ask(query.clone()));
            let (api, query) = (api.clone(), query.clone());
            let asked = api.clone();
            spawn_local(async move { dispatcher.dispatch(ask_head(asked, query, 0).await) });
            spawn_local(async move { ask_counts(api, counts).await });
        });
    }
    let again = {
        let (api, listing, counts) = (api.clone(), listing.clone(), counts.setter());
        Callback::from(move |()| {
            let (query, here) = (listing.query.clone(), listing.rows.as_ref().map_or(0, Vec::len));
            let dispatcher = listing.dispatcher();
            let (asked, api, counts) = (api.clone(), api.clone(), counts.clone());
            spawn_local(async move { dispatcher.dispatch(ask_head(asked, query, here).await) });
            spawn_local(async move { ask_counts(api, counts).await });
        })
    };
    let more = {
        let (api, listing) = (api, listing.clone());
        Callback::from(move |()| {
            let Some(from) = listing.next.clone() else { return };
            let (api, query, dispatcher) = (api.clone(), listing.query.clone(), listing.dispatcher());
            spawn_local(async move { dispatcher.dispatch(ask_more(api, query, from).await) });
        })
    };
    use_gathered(again.clone());
    Feed {
        listing: (*listing).clone(),
        counts: (*counts).clone(),
        more,
        again,
    }
}

/// Calls back soon after something moved, once for all that moved meanwhile.
#[hook]
pub(super) fn use_gathered(callback: Callback<()>) {
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = callback;
    let clock = use_mut_ref(|| None::<Timeout>);
    use_live(Callback::from(move |()| {
        let is_ticking = clock.borrow().is_some();
        if !is_ticking {
            let (latest, ended) = (latest.clone(), clock.clone());
            *clock.borrow_mut() = Some(Timeout::new(GATHER, move || {
                // What has rung may be dropped.
                drop(ended.borrow_mut().take());
                let callback = latest.borrow().clone();
                callback.emit(());
            }));
        }
    }));
}

async fn ask_counts(api: Api, counts: UseStateSetter<Counts>) {
    // Without an answer the old counts stay; the list itself says that there is no line.
    if let Ok(answer) = api.get("/api/records/counts").await {
        counts.set(answer);
    }
}

/// The states that wait for the office: it can lead on from them, and its answer does not stand yet.
fn waiting_states() -> Vec<&'static str> {
    let mut states = Vec::new();
    for register in work() {
        let lifecycle = &register.lifecycle;
        let by_clerk = lifecycle
            .steps
            .iter()
            .filter(|step| step.by.contains(&Part::Clerk));
        for state in by_clerk.flat_map(|step| step.from) {
            if !lifecycle.answered.contains(state) && !states.contains(state) {
                states.push(*state);
            }
        }
    }
    states
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_waits_for_the_office_is_what_it_can_act_on() {
        let states = super::waiting_states();
        for state in ["submitted", "received", "accepted", "assigned"] {
            assert!(states.contains(&state), "{state}");
        }
        for state in ["draft", "returned", "answered", "confirmed", "declined"] {
            assert!(!states.contains(&state), "{state}");
        }
    }
}
