//! The bar at the bottom: four places.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::i18n::use_texts;
use crate::route::Route;

/// The bar at the bottom.
#[component]
pub fn Places() -> Html {
    let t = use_texts();
    let here = use_route::<Route>().as_ref().map(place);
    let places = [
        (Route::Today, "place-today"),
        (Route::Records, "place-records"),
        (Route::Year, "place-year"),
        (Route::More, "place-more"),
    ];
    let links = places.into_iter().map(|(route, key)| {
        let current = (here.as_ref() == Some(&route)).then_some("page");
        let href = route.to_path();
        html! {
            <a class="place" {href} aria-current={current} onclick={go(route)}>{ t.get(key) }</a>
        }
    });
    html! { <nav class="places" aria-label={t.get("places")}>{ for links }</nav> }
}

/// The place that a page belongs to.
fn place(route: &Route) -> Route {
    match route {
        Route::Records | Route::Record { .. } | Route::Edit { .. } => Route::Records,
        Route::Year => Route::Year,
        Route::More | Route::Safe | Route::Drafts | Route::SignIn => Route::More,
        _ => Route::Today,
    }
}

/// Goes there within the app, as a link would.
fn go(route: Route) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            yew_router::history::History::push(&yew_router::history::BrowserHistory::new(), route.to_path());
        }
    })
}
