//! All that came in, filtered and ticked.

use std::collections::BTreeSet;

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Columns, Register, register};
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

use super::bulk::Bulk;
use super::counts::Counts;
use super::entry::Entry;
use super::failure;
use super::feed::Feed;
use super::filter::Filter;
use super::filters::Filters;
use super::held::Holding;
use super::keys::use_keys;
use super::take::Take;
use super::views::Views;
use crate::components::{Empty, Notice, Tone, label};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct InboxProps {
    pub(super) filter: Filter,
    pub(super) feed: Feed,
    /// How many records there are, whatever the filter.
    pub(super) counts: Counts,
    /// The record that is open beside the list.
    pub(super) open: Option<DocId>,
    /// What is taken on several at once goes there.
    pub(super) holding: Holding,
    /// Whether the user is one of the office, and not a department.
    pub(super) in_office: bool,
}

/// The list with its filters.
#[component]
pub(super) fn Inbox(props: &InboxProps) -> Html {
    let t = use_texts();
    let navigator = use_navigator();
    let (rows_at, search) = (use_node_ref(), use_node_ref());
    let query = props.filter.query();
    let back = {
        let (navigator, query, is_open) = (navigator.clone(), query.clone(), props.open.is_some());
        Callback::from(move |()| {
            if let Some(navigator) = navigator.as_ref().filter(|_| is_open) {
                // Raw text always makes a query.
                let Ok(()) = navigator.push_with_query(&Route::Office, Raw(query.clone()));
            }
        })
    };
    use_keys(rows_at.clone(), search.clone(), back);
    let ticked = use_state(BTreeSet::<DocId>::new);
    let on_tick = Callback::from({
        let ticked = ticked.clone();
        move |id| {
            let mut ids = (*ticked).clone();
            if !ids.remove(&id) {
                ids.insert(id);
            }
            ticked.set(ids);
        }
    });
    // What went in may stand elsewhere by now.
    use_effect_with(props.holding.held.done, {
        let again = props.feed.again.clone();
        move |done| {
            if *done > 0 {
                again.emit(());
            }
        }
    });
    let kind = props.filter.kind.as_deref().and_then(register);
    // One of the lists that records refer to, and no work.
    let is_list = |register: &&'static Register| register.columns == Columns::Reference;
    let list = kind.filter(is_list).map(|register| register.kind);
    let listing = &props.feed.listing;
    let on_more = props.feed.more.reform(|_: MouseEvent| ());
    let on_again = props.feed.again.reform(|_: MouseEvent| ());
    html! {
        <section class="list" aria-labelledby="inbox-title">
            <div class="pane">
            if let Some(kind) = list {
                <Go class="button quiet" to={Route::Lists} test="to-lists">{ t.get("office-to-lists") }</Go>
                <h1 id="inbox-title">{ label::kind(&t, kind) }</h1>
            } else {
                <h1 id="inbox-title">{ t.get(if props.in_office { "office-inbox" } else { "office-mine" }) }</h1>
                if props.in_office {
                    <Views query={query.clone()} />
                }
            }
            <Filters in_office={props.in_office}  filter={props.filter.clone()} counts={props.counts.clone()} {search} />
            if let Some(error) = &listing.error {
                <Notice tone={Tone::Attention}>
                    <p>{ failure::of_api(&t, error) }</p>
                    <button type="button" class="button" onclick={on_again}>{ t.get("office-again") }</button>
                </Notice>
            }
            <div ref={rows_at}>
                {
                    match &listing.rows {
                        None if listing.error.is_some() => html! {},
                        None => html! { <Empty><p role="status">{ t.get("office-loading") }</p></Empty> },
                        Some(rows) if rows.is_empty() => {
                            let words = if props.filter.is_open() { "office-none" } else { "office-none-found" };
                            html! { <Empty><p role="status">{ t.get(words) }</p></Empty> }
                        }
                        Some(rows) => html! {
                            <ul class="rows ticks">
                                { for rows.iter().map(|row| html! {
                                    <li key={row.id.to_string()}>
                                        <Entry row={row.clone()} query={query.clone()} words={props.filter.q.clone()}
                                            is_open={props.open == Some(row.id)} is_ticked={ticked.contains(&row.id)}
                                            on_tick={on_tick.clone()} />
                                    </li>
                                }) }
                            </ul>
                        },
                    }
                }
            </div>
            if listing.next.is_some() {
                <div class="actions">
                    <button type="button" class="button" onclick={on_more} data-test="more">
                        { t.get("office-more") }
                    </button>
                </div>
            }
            if props.in_office {
                <div class="actions">
                    <Take key={format!("csv{query}")} address={format!("/api/records/export.csv?{query}")} label="take-csv" />
                    <Take key={format!("xlsx{query}")} address={format!("/api/records/export.xlsx?{query}")} label="take-xlsx" />
                </div>
            }
            <p class="keys muted small">{ t.get("office-keys") }</p>
            </div>
            { bulk(props, &ticked) }
        </section>
    }
}

/// What can be done with what is ticked. What is listed no more is not.
fn bulk(props: &InboxProps, ticked: &UseStateHandle<BTreeSet<DocId>>) -> Html {
    let listed = props.feed.listing.rows.as_deref().unwrap_or_default();
    let rows: Vec<_> = listed
        .iter()
        .filter(|row| ticked.contains(&row.id))
        .cloned()
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let all: BTreeSet<_> = listed.iter().map(|row| row.id).collect();
    let (set, none) = (ticked.setter(), ticked.setter());
    let on_all = Callback::from(move |()| set.set(all.clone()));
    let on_none = Callback::from(move |()| none.set(BTreeSet::new()));
    let on_hold = props.holding.hold.reform({
        let on_none = on_none.clone();
        move |acts| {
            on_none.emit(());
            acts
        }
    });
    html! { <Bulk {rows} {on_all} {on_none} {on_hold} /> }
}
