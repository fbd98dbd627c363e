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
    /// How many records wait for the office.
    pub(in crate::pages) waiting: usize,
    /// The place that the page belongs to.
    pub(in crate::pages) current: Route,
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
    let sign_out = here.sign_out.reform(|_: MouseEvent| ());
    // Whoever works in the office keeps some of the lists.
    let is_admin = here.session.principal.is(Role::Admin);
    let admin = if is_admin { Route::Admin } else { Route::Lists };
    let waiting = i64::try_from(props.waiting).unwrap_or(i64::MAX);
    html! {
        <nav class="office-nav" aria-label={t.get("office-nav")}>
            <Go to={Route::Office} current={props.current == Route::Office}>
                { t.get("office-inbox") }
                if props.waiting > 0 {
                    <span class="badge" data-test="waiting" title={t.with("office-waiting", &[("n", waiting.into())])}>
                        { props.waiting }
                    </span>
                }
            </Go>
            <Go to={admin} current={props.current == Route::Admin} test="admin">{ t.get("admin") }</Go>
            <div class="foot">
                <button type="button" class="button quiet" lang={other.as_str()} onclick={speak} data-test="language">
                    { t.get("office-other-language") }
                </button>
                <button type="button" class="button quiet" onclick={sign_out} data-test="sign-out">
                    { t.get("office-sign-out") }
                </button>
            </div>
        </nav>
    }
}
