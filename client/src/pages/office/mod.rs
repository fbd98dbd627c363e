//! The office at its desk. It keeps no records: it lists what the server has and opens one at a time; names come from the
//! book, and every change goes in by the same door as the tablets'.
//!
//! - [`filter`], [`listing`], [`feed`]: which records, how many of them are here, how the list stays true.
//! - [`inbox`] with [`views`], [`filters`], [`entry`] and [`keys`]: the list. [`bulk`], [`held`]: steps on several at once.
//! - [`opened`], [`push`]: one record and writing to it; [`draft`]: what is half written on it; [`record`] shows it with [`twins`], [`erase`] removes it for good.
//! - [`watch`]: what is late, and who has it. [`year`]: the year of everybody.
//!
//! A department sees here what is assigned to it, and nothing else.

mod asked;
mod bulk;
mod chain;
mod counts;
pub(super) mod draft;
mod entry;
mod erase;
pub(super) mod failure;
mod feed;
mod filter;
mod filters;
mod held;
mod inbox;
mod keys;
mod listing;
mod merge;
mod nav;
mod opened;
mod origin;
mod push;
mod record;
mod take;
mod twins;
mod views;
mod watch;
mod year;

use lianxin_shared::id::DocId;
use lianxin_shared::rules::Role;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Empty;
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::{Here, use_here};
use crate::vault::Vault;
pub(super) use asked::use_asked;
use counts::Counts;
use feed::use_feed;
use filter::{Filter, NOBODY};
use held::{HeldBar, Holding, use_holding};
use inbox::Inbox;
pub(super) use nav::OfficeNav;
use record::RecordPane;
pub(super) use take::Take;
use watch::Watch;
use year::OfficeYear;
pub(super) use year::sheet;

/// What the office's page needs.
#[derive(Debug, PartialEq, Properties)]
pub struct OfficeProps {
    /// The address: the list, or a record beside it.
    pub route: Route,
}

/// The office's page: navigation, and the list with a record, what is watched over, or the year.
#[component]
pub fn Office(props: &OfficeProps) -> Html {
    let t = use_texts();
    let (Some(vault), Some(here)) = (use_context::<Vault>(), use_here()) else {
        return html! {};
    };
    let principal = &here.session.principal;
    if principal.in_office() || principal.is(Role::Handler) {
        return html! { <Desk route={props.route.clone()} {vault} {here} /> };
    }
    html! { <main class="page" id="page"><Empty><p>{ t.get("office-not-yours") }</p></Empty></main> }
}

#[derive(PartialEq, Properties)]
struct DeskProps {
    route: Route,
    vault: Vault,
    here: Here,
}

#[component]
fn Desk(props: &DeskProps) -> Html {
    let holding = use_holding(&props.vault, &props.here);
    let in_office = props.here.session.principal.in_office();
    // A department asks for its own.
    let scope = if in_office {
        Filter::default()
    } else {
        Filter {
            handler: Some(props.here.session.principal.user.to_string()),
            ..Filter::default()
        }
    };
    // What waits: of a department's own all that is open, of everything what is open and in nobody's hands.
    let waiting = Filter {
        care: Some("open".to_owned()),
        handler: scope.handler.clone().or(Some(NOBODY.to_owned())),
        ..Filter::default()
    };
    let counts = use_counts(&scope);
    let waiting = use_counts(&waiting).total;
    let lists = |open: Option<DocId>| {
        html! {
            <Lists {open} scope={scope.clone()} counts={counts.clone()} holding={holding.clone()} {in_office} />
        }
    };
    let page = match props.route {
        Route::OfficeWatch if in_office => html! { <Watch /> },
        Route::OfficeYear if in_office => html! { <OfficeYear /> },
        Route::OfficeRecord { id } => lists(Some(id)),
        _ => lists(None),
    };
    html! {
        <div class="office">
            <OfficeNav route={props.route.clone()} {waiting} {in_office} />
            { page }
            <HeldBar {holding} />
        </div>
    }
}

/// How many records a list has; none before that is known.
#[hook]
fn use_counts(filter: &Filter) -> Counts {
    let asked = use_asked::<Counts>(Some(format!("/api/records/counts?{}", filter.query())));
    asked.answer.as_deref().cloned().unwrap_or_default()
}

#[derive(PartialEq, Properties)]
struct ListsProps {
    open: Option<DocId>,
    /// Within which everything is asked for.
    scope: Filter,
    counts: Counts,
    holding: Holding,
    in_office: bool,
}

/// The list, and the record that is open beside it.
#[component]
fn Lists(props: &ListsProps) -> Html {
    let t = use_texts();
    let location = use_location();
    let filter = location.map_or_else(Filter::default, |location| Filter::of(location.query_str()));
    let filter = filter.within(&props.scope);
    let feed = use_feed(filter.query());
    let (open, in_office) = (props.open, props.in_office);
    html! {
        <main class={classes!("office-main", open.map(|_| "open"))} id="page">
            <Inbox filter={filter.clone()} feed={feed.clone()} counts={props.counts.clone()} {open}
                holding={props.holding.clone()} {in_office} />
            <section class="pane record" aria-label={t.get("office-record")}>
                if let Some(id) = open {
                    <RecordPane key={id.to_string()} {id} query={filter.query()} on_written={feed.again} />
                } else {
                    <Empty><p>{ t.get("office-choose") }</p></Empty>
                }
            </section>
        </main>
    }
}
