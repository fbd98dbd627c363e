//! The app on the tablet and on the desk: yew, compiled to wasm.

use wasm_bindgen::prelude::wasm_bindgen;
use yew::prelude::*;

/// The whole app.
#[component]
fn App() -> Html {
    html! { <main class="boot"><h1>{ "连心" }</h1></main> }
}

/// Takes over the page; the browser calls it once the wasm file is ready.
#[wasm_bindgen(start)]
pub fn start() {
    yew::Renderer::<App>::new().render();
}
