//! Long work in slices, between which the browser draws and hears whoever touches the page.

use js_sys::{Date, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long a slice is, in milliseconds. Whoever touches the page is answered within 50 ms (RAIL); on an old tablet the last step
/// of a slice can take as long as all before it.
const SLICE_MS: f64 = 12.0;

/// Work in slices: see [`Slices::rest`].
#[derive(Debug)]
pub struct Slices {
    begun: f64,
}

impl Slices {
    /// Begins the first slice.
    pub fn begin() -> Self {
        Self { begun: Date::now() }
    }

    /// Called between two steps of the work: gives way to the browser where the slice is over, and begins the next.
    pub async fn rest(&mut self) {
        let now = Date::now();
        // A clock that was set back ends the slice too.
        if !(0.0..SLICE_MS).contains(&(now - self.begun)) {
            give_way().await;
            self.begun = Date::now();
        }
    }
}

/// Goes on once the browser has done what waited. A message comes at once, where a timer would come 4 ms late.
async fn give_way() {
    let passed = Promise::new(&mut |go_on, _| {
        let sent = MessageChannel::new().and_then(|channel| {
            channel.port1().set_onmessage(Some(&go_on));
            channel.port2().post_message(&JsValue::NULL)
        });
        if sent.is_err() {
            // Without messages the work goes on in one piece. A resolved promise cannot fail to resolve.
            drop(go_on.call0(&JsValue::NULL));
        }
    });
    // It is never rejected.
    drop(JsFuture::from(passed).await);
}
