//! The first picture of a record, in a list.

use std::rc::Rc;

use lianxin_shared::id::FileHash;
use lianxin_shared::records::JPEG;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::shown::Address;
use crate::vault::Vault;

/// What it needs.
#[derive(Debug, PartialEq, Properties)]
pub struct ThumbProps {
    /// The small picture.
    pub file: FileHash,
}

/// The picture if it is on the device: a list fetches nothing. The row says in words what it is of.
#[component]
pub fn Thumb(props: &ThumbProps) -> Html {
    let vault = use_context::<Vault>();
    let address = use_state(|| None::<Rc<Address>>);
    use_effect_with(props.file, {
        let address = address.setter();
        move |file| {
            let file = *file;
            if let Some(vault) = vault {
                spawn_local(async move {
                    let bytes = vault.file(file).await.ok().flatten();
                    address.set(bytes.and_then(|bytes| Address::of(&bytes, JPEG)).map(Rc::new));
                });
            }
        }
    });
    html! {
        if let Some(address) = &*address {
            <img class="row-thumb" src={address.as_str().to_owned()} alt="" data-test="thumb" />
        }
    }
}
