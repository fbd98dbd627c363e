//! The office at its desk. It keeps no records: it lists what the server has and opens one at a time; names come from the
//! book, and every change goes in by the same door as the tablets'.
//!
//! - [`filter`], [`listing`], [`feed`]: which records, how many of them are here, how the list stays true.
//! - [`inbox`] with [`filters`] and [`keys`]: the list.
//! - [`opened`], [`push`]: one record and writing to it; [`draft`]: what is half written on it; [`record`] shows it,
//!   [`erase`] removes it for good.

mod chain;
pub(super) mod draft;
mod erase;
pub(super) mod failure;
mod feed;
mod filter;
mod filters;
mod inbox;
mod keys;
mod listing;
mod merge;
mod nav;
mod opened;
mod origin;
mod push;
mod record;

use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Empty;
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::use_session;
use feed::use_feed;
use filter::Filter;
use inbox::Inbox;
pub(super) use nav::OfficeNav;
use record::RecordPane;

/// What the office's page needs.
#[derive(Debug, PartialEq, Properties)]
pub struct OfficeProps {
    /// The address: the list, or a record beside it.
    pub route: Route,
}

/// The office's page: navigation, list, record.
#[component]
pub fn Office(props: &OfficeProps) -> Html {
    let t = use_texts();
    if use_session().is_some_and(|session| session.principal.in_office()) {
        return html! { <Desk route={props.route.clone()} /> };
    }
    html! { <main class="page" id="page"><Empty><p>{ t.get("office-not-yours") }</p></Empty></main> }
}

#[component]
fn Desk(props: &OfficeProps) -> Html {
    let t = use_texts();
    let location = use_location();
    let filter = location.map_or_else(Filter::default, |location| Filter::of(location.query_str()));
    let feed = use_feed(filter.query());
    let open = match props.route {
        Route::OfficeRecord { id } => Some(id),
        _ => None,
    };
    html! {
        <div class="office">
            <OfficeNav waiting={feed.waiting()} current={Route::Office} />
            <main class={classes!("office-main", open.map(|_| "open"))} id="page">
                <Inbox filter={filter.clone()} feed={feed.clone()} {open} />
                <section class="pane record" aria-label={t.get("office-record")}>
                    if let Some(id) = open {
                        <RecordPane key={id.to_string()} {id} query={filter.query()} on_written={feed.again} />
                    } else {
                        <Empty><p>{ t.get("office-choose") }</p></Empty>
                    }
                </section>
            </main>
        </div>
    }
}
