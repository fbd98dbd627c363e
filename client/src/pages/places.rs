//! The bar at the bottom: four places.

use yew::prelude::*;
use yew_router::prelude::*;

use super::link::Go;
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
        let current = here.as_ref() == Some(&route);
        html! { <Go to={route} class="place" {current}>{ t.get(key) }</Go> }
    });
    html! { <nav class="places" aria-label={t.get("places")}>{ for links }</nav> }
}

/// The place that a page belongs to.
fn place(route: &Route) -> Route {
    match route {
        Route::Records | Route::Record { .. } | Route::Edit { .. } => Route::Records,
        Route::Year => Route::Year,
        Route::More
        | Route::People
        | Route::Safe
        | Route::Drafts
        | Route::Handover
        | Route::Carry
        | Route::Access
        | Route::SignIn => Route::More,
        _ => Route::Today,
    }
}
