//! A record's links, as the server knows them.

use lianxin_shared::id::DocId;
use serde::Deserialize;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::feed::use_gathered;
use crate::api::use_api;
use crate::book::{Chain, Linked};

/// The links of a record: those that name it, and those that it names.
#[derive(Debug, Deserialize)]
struct Links {
    from: Vec<Linked>,
    to: Vec<Linked>,
}

/// What a record rests on and what came of it, asked for again whenever something moved.
#[hook]
pub(super) fn use_chain(id: DocId) -> Chain {
    let api = use_api();
    let chain = use_state(Chain::default);
    let ask = use_callback((id, api), {
        let chain = chain.setter();
        move |(), (id, api)| {
            let (id, api, chain) = (*id, api.clone(), chain.clone());
            spawn_local(async move {
                // Without an answer, what was known stays.
                if let Ok(Links { from, to }) = api.get(&format!("/api/records/{id}/links")).await {
                    chain.set(Chain::new(to, from));
                }
            });
        }
    });
    use_effect_with(id, {
        let ask = ask.clone();
        move |_| ask.emit(())
    });
    use_gathered(ask);
    (*chain).clone()
}
