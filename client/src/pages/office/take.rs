//! Lists and pages to take along: an address that the browser opens by itself, with a ticket that lets it in once.

use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::failure;
use crate::api::{ApiError, use_api};
use crate::i18n::use_texts;

/// What the button needs.
#[derive(Debug, PartialEq, Properties)]
pub(in crate::pages) struct TakeProps {
    /// The address, without a ticket.
    pub(in crate::pages) address: AttrValue,
    /// The message of its words.
    pub(in crate::pages) label: AttrValue,
    /// Whether it is a page, which opens beside this one, and not a file.
    #[prop_or_default]
    pub(in crate::pages) is_page: bool,
}

#[derive(Serialize)]
struct Wanted<'a> {
    address: &'a str,
}

#[derive(Deserialize)]
struct Ticketed {
    address: String,
}

/// A button that opens the address. Why it did not is said beside it.
#[component]
pub(in crate::pages) fn Take(props: &TakeProps) -> Html {
    let t = use_texts();
    let api = use_api();
    let error = use_state(|| None::<ApiError>);
    let onclick = {
        let (address, is_page, error) = (props.address.clone(), props.is_page, error.setter());
        Callback::from(move |_: MouseEvent| {
            let Some(window) = web_sys::window() else { return };
            // Browsers let a window be opened at the tap alone: it is opened empty and shown its page once there is a ticket.
            let beside = is_page.then(|| window.open_with_url_and_target("", "_blank").ok().flatten());
            let (api, address, error) = (api.clone(), address.clone(), error.clone());
            spawn_local(async move {
                let wanted = Wanted { address: &address };
                match api.post::<Ticketed>("/api/ticket", &wanted).await {
                    Ok(ticketed) => {
                        error.set(None);
                        let place = beside.flatten().unwrap_or(window).location();
                        // A window that was closed meanwhile shows nothing; nobody waits for it.
                        drop(place.set_href(&ticketed.address));
                    }
                    Err(why) => {
                        if let Some(beside) = beside.flatten() {
                            drop(beside.close());
                        }
                        error.set(Some(why));
                    }
                }
            });
        })
    };
    html! {
        <>
            <button type="button" class="button quiet" {onclick} data-test={format!("take-{}", props.label)}>
                { t.get(&props.label) }
            </button>
            if let Some(error) = &*error {
                <span class="issue" role="alert">{ failure::of_api(&t, error) }</span>
            }
        </>
    }
}
