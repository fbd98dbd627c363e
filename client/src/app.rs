//! The whole app: contexts outside, the page that the address names inside.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::pages::office::Office;
use crate::route::Route;

/// The whole app.
#[component]
pub fn App() -> Html {
    html! {
        <BrowserRouter>
            <Switch<Route> render={page} />
        </BrowserRouter>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Office | Route::OfficeRecord { .. } => html! { <Office {route} /> },
        _ => html! { <main class="boot"><h1>{ "" }</h1></main> },
    }
}
