//! The office's navigation: where to, the language, the way out.

use lianxin_shared::rules::Role;
use lianxin_shared::texts::Lang;
use yew::prelude::*;

use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;
use crate::session::use_here;

#[derive(Debug, PartialEq, Properties)]
pub(in crate::pages) struct OfficeNavProps {
    /// The page that is shown.
    pub(in crate::pages) route: Route,
    /// How many records wait.
    pub(in crate::pages) waiting: usize,
    /// Whether the user is one of the office, and not a department.
    pub(in crate::pages) in_office: bool,
}

/// The navigation on the left, or above on a narrow screen.
#[component]
pub(in crate::pages) fn OfficeNav(props: &OfficeNavProps) -> Html {
    let t = use_texts();
    let Some(here) = use_here() else {
        return html! {};
    };
    let other = if t.lang() == Lang::Zh { Lang::En } else { Lang::Zh };
    let speak = here.speak.reform(move |_: MouseEvent| other);
    let lock = here.lock.reform(|_: MouseEvent| ());
    let sign_out = here.sign_out.reform(|_: MouseEvent| ());
    // Whoever works in the office keeps some of the lists.
    let is_admin = here.session.principal.is(Role::Admin);
    let admin = if is_admin { Route::Admin } else { Route::Lists };
    let waiting = i64::try_from(props.waiting).unwrap_or(i64::MAX);
    let waits = if props.in_office {
        "office-waiting"
    } else {
        "office-waiting-mine"
    };
    html! {
        <nav class="office-nav" aria-label={t.get("office-nav")}>
            <Go to={Route::Office} current={matches!(props.route, Route::Office | Route::OfficeRecord { .. })}>
                { t.get(if props.in_office { "office-inbox" } else { "office-mine" }) }
                if props.waiting > 0 {
                    <span class="badge" data-test="waiting" title={t.with(waits, &[("n", waiting.into())])}>
                        { props.waiting }
                    </span>
                }
            </Go>
            if props.in_office {
                <Go to={Route::OfficeWatch} current={props.route == Route::OfficeWatch} test="nav-watch">{ t.get("office-watch") }</Go>
                <Go to={Route::OfficeYear} current={props.route == Route::OfficeYear} test="nav-year">{ t.get("report-year") }</Go>
                <Go to={admin} current={props.route.is_admin()} test="admin">{ t.get("admin") }</Go>
            }
            <div class="foot">
                <button type="button" class="button quiet" lang={other.as_str()} onclick={speak} data-test="language">
                    { t.get("office-other-language") }
                </button>
                <button type="button" class="button quiet" onclick={lock} data-test="lock">{ t.get("lock") }</button>
                <button type="button" class="button quiet" onclick={sign_out} data-test="sign-out">
                    { t.get("office-sign-out") }
                </button>
            </div>
        </nav>
    }
}
