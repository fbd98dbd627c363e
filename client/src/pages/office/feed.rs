//! Keeps the list true: asks when the address changes, and again when the server says that something
//! moved.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::listing::{Change, Listing, ask_head, ask_more};
use crate::agent::use_live;
use crate::api::use_api;

/// Moves that come within so many milliseconds are answered by one question.
const GATHER: u32 = 300;

/// The list and what can be asked of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feed {
    /// The list.
    pub(super) listing: Listing,
    /// Asks for the next page.
    pub(super) more: Callback<()>,
    /// Asks for everything again.
    pub(super) again: Callback<()>,
}

/// The list that a query names.
#[hook]
pub(super) fn use_feed(query: String) -> Feed {
    let api = use_api();
    let listing = use_reducer(Listing::default);
    {
        let dispatcher = listing.dispatcher();
        use_effect_with((api.clone(), query.clone()), move |(api, query)| {
            dispatcher.dispatch(Change::Ask(query.clone()));
            let (api, query) = (api.clone(), query.clone());
            spawn_local(async move { dispatcher.dispatch(ask_head(api, query, 0).await) });
        });
    }
    let again = {
        let (api, listing) = (api.clone(), listing.clone());
        Callback::from(move |()| {
            let (query, here) = (listing.query.clone(), listing.rows.as_ref().map_or(0, Vec::len));
            let (api, dispatcher) = (api.clone(), listing.dispatcher());
            spawn_local(async move { dispatcher.dispatch(ask_head(api, query, here).await) });
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
