//! Finding the record that another one is merged into.

use lianxin_shared::id::DocId;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::query::ToQuery;

use super::filter::Filter;
use super::listing::{Page, Row};
use super::twins::Twin;
use crate::api::use_api;
use crate::components::Candidates;

/// How many are offered at once.
const MAX_OFFERED: usize = 8;

/// Records of a kind to merge `id` into: its twins, or what a search finds.
#[hook]
pub(super) fn use_candidates(id: DocId, kind: &'static str, twins: &[Twin]) -> Candidates {
    let api = use_api();
    let query = use_state(AttrValue::default);
    let found = use_state(Vec::new);
    {
        let found = found.setter();
        use_effect_with((query.clone(), kind), move |(query, kind)| {
            let filter = Filter {
                q: Some(query.to_string()),
                kind: Some((*kind).to_owned()),
                ..Filter::default()
            };
            let is_asked = !query.is_empty();
            let alive = std::rc::Rc::new(());
            let asked = std::rc::Rc::downgrade(&alive);
            spawn_local(async move {
                let Ok(words) = filter.to_query() else { return };
                let path = format!("/api/records?{words}&limit={}", MAX_OFFERED + 1);
                let rows = match is_asked.then_some(path) {
                    Some(path) => api.get::<Page>(&path).await.map(|page| page.records),
                    None => Ok(Vec::new()),
                };
                // An answer to what is asked no more is dropped; without one, what was found stays.
                if let (Ok(rows), Some(_)) = (rows, asked.upgrade()) {
                    found.set(rows.into_iter().filter(|row: &Row| row.id != id).collect());
                }
            });
            move || drop(alive)
        });
    }
    let on_search = Callback::from({
        let query = query.setter();
        move |words: String| query.set(words.into())
    });
    let found: Vec<(DocId, AttrValue)> = if query.is_empty() {
        twins
            .iter()
            .map(|twin| (twin.id, twin.title.clone().into()))
            .collect()
    } else {
        found
            .iter()
            .map(|row: &Row| (row.id, row.title.clone().into()))
            .collect()
    };
    Candidates {
        query: (*query).clone(),
        found: found.into_iter().take(MAX_OFFERED).collect(),
        on_search,
    }
}
