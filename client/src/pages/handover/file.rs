//! The parcel as a file: to be kept, or given to another app of the device, where the browser does that.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, File, FilePropertyBag, ShareData, Url};
use yew::prelude::*;

use crate::i18n::use_texts;
use crate::i18n::when::now;

const KIND: &str = "application/octet-stream";

/// What the buttons need.
#[derive(PartialEq, Properties)]
pub(super) struct TakeProps {
    /// The parcel.
    pub(super) parcel: Rc<Vec<u8>>,
}

/// The address of bytes within this page, until it is dropped.
struct Address(String);

impl Drop for Address {
    fn drop(&mut self) {
        // An address that is not known any more needs no revoking.
        drop(Url::revoke_object_url(&self.0));
    }
}

/// A link that keeps the file, and a button that shares it.
#[component]
pub(super) fn Take(props: &TakeProps) -> Html {
    let t = use_texts();
    let made = use_memo(Rc::clone(&props.parcel), |parcel| {
        let parts = Array::of1(&Uint8Array::from(parcel.as_slice()));
        // When it was made tells two of them apart, and nothing of what is in it.
        let name = format!("lianxin-{}.lianxin", now().0 / 1_000);
        (address(&parts), share(&parts, &name), name)
    });
    let (address, share, name) = &*made;
    let on_share = share.clone().map(|share| {
        move |_: MouseEvent| {
            let Some(window) = web_sys::window() else { return };
            let asked = window.navigator().share_with_data(&share);
            // Whoever thinks better of it has said so to the browser.
            spawn_local(async move { drop(JsFuture::from(asked).await) });
        }
    });
    html! {
        <div class="actions">
            if let Some(Address(href)) = address {
                <a class="button primary" href={href.clone()} download={name.clone()} data-test="take-file">
                    { t.get("handover-file") }
                </a>
            }
            if let Some(on_share) = on_share {
                <button type="button" class="button" data-test="share-file" onclick={on_share}>
                    { t.get("handover-share") }
                </button>
            }
        </div>
    }
}

fn address(parts: &Array) -> Option<Address> {
    let kind = BlobPropertyBag::new();
    kind.set_type(KIND);
    let blob = Blob::new_with_u8_array_sequence_and_options(parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok().map(Address)
}

/// What the browser would share; nothing where it does not share such files.
fn share(parts: &Array, name: &str) -> Option<ShareData> {
    let kind = FilePropertyBag::new();
    kind.set_type(KIND);
    let file = File::new_with_u8_array_sequence_and_options(parts, name, &kind).ok()?;
    let share = ShareData::new();
    share.set_files(&Array::of1(&file));
    let navigator = web_sys::window()?.navigator();
    // Undefined in many browsers, whatever its type says.
    let is_there =
        js_sys::Reflect::has(&navigator, &JsValue::from_str("canShare")).is_ok_and(|is_there| is_there);
    (is_there && navigator.can_share_with_data(&share)).then_some(share)
}
