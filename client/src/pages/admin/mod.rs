//! Administration: accounts, the lists that records refer to, and what was done. It works on the server alone and needs a
//! line; the lists' records can be written without one, as any record.
//!
//! - [`accounts`] with [`account`]: who may sign in, on which [`devices`]. [`lists`]: stations, groups, people, themes, targets;
//!   [`import`] brings them in.
//! - [`state`]: how the server is, with what was [`refused`]. [`audit`]: what those who administer did. Who changed what in a record stands in the record's own history.

mod account;
mod accounts;
mod audit;
mod devices;
mod import;
mod lists;
mod refused;
mod state;

use lianxin_shared::rules::Role;
use yew::prelude::*;

use self::accounts::Accounts;
use self::audit::Audit;
use self::import::Import;
use self::lists::Lists;
use self::state::ServerState;
use super::link::Go;
use super::office::OfficeNav;
use crate::components::Empty;
use crate::i18n::use_texts;
use crate::route::Route;
use crate::session::use_session;

/// What the pages of administration need.
#[derive(Debug, PartialEq, Properties)]
pub struct AdminProps {
    /// The address.
    pub route: Route,
}

/// The page of administration.
#[component]
pub fn Admin(props: &AdminProps) -> Html {
    let t = use_texts();
    let Some(session) = use_session() else {
        return html! {};
    };
    let is_admin = session.principal.is(Role::Admin);
    let is_allowed =
        is_admin || (matches!(props.route, Route::Lists | Route::Import) && session.principal.in_office());
    if !is_allowed {
        return html! { <main class="page" id="page"><Empty><p>{ t.get("admin-not-yours") }</p></Empty></main> };
    }
    let is_open = matches!(props.route, Route::Account { .. } | Route::NewAccount);
    let inside = match &props.route {
        Route::Lists => html! { <Lists /> },
        Route::Import => html! { <Import /> },
        Route::Audit => html! { <Audit /> },
        Route::State => html! { <ServerState /> },
        Route::Account { user } => html! { <Accounts open={Some(user.clone())} /> },
        Route::NewAccount => html! { <Accounts is_new={true} /> },
        _ => html! { <Accounts /> },
    };
    html! {
        <div class="office">
            <OfficeNav route={props.route.clone()} waiting={0} in_office={true} />
            <main class={classes!("office-main", is_open.then_some("open"))} id="page">
                { inside }
            </main>
        </div>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct PlacesProps {
    current: Route,
}

/// The places of the administration.
#[component]
fn Places(props: &PlacesProps) -> Html {
    let t = use_texts();
    let is_admin = use_session().is_some_and(|session| session.principal.is(Role::Admin));
    let place = |route: Route, key: &str| {
        let current = props.current == route;
        html! { <Go to={route} class="button quiet" {current}>{ t.get(key) }</Go> }
    };
    html! {
        <nav class="tabs" aria-label={t.get("admin")}>
            if is_admin {
                { place(Route::Admin, "admin-accounts") }
            }
            { place(Route::Lists, "admin-lists") }
            { place(Route::Import, "import") }
            if is_admin {
                { place(Route::Audit, "admin-audit") }
                { place(Route::State, "admin-state") }
            }
        </nav>
    }
}
