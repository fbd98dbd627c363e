//! A file's bytes for the page: from the vault, or fetched from the server when it is looked at.

use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::records::File;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, Url};
use yew::prelude::*;

use crate::agent::use_line;
use crate::api::{Api, use_api};
use crate::vault::Vault;

/// What there is to show of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// It is being looked for.
    Opening,
    /// Under this address, as long as the page shows it.
    Here(Rc<Address>),
    /// It is not on the device, and the server does not give it now.
    Away,
}

/// An address for bytes in memory. It ends with the last who shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address(String);

impl Address {
    /// Makes one.
    pub(super) fn of(bytes: &[u8], kind: &str) -> Option<Self> {
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        // An address that is gone already is no loss.
        drop(Url::revoke_object_url(&self.0));
    }
}

/// Where a file of a record lies at the server.
pub fn address(doc: DocId, hash: lianxin_shared::id::FileHash) -> String {
    format!("/api/documents/{doc}/files/{hash}")
}

/// A file of a record for the page. What is away is asked for again when the line is back.
#[hook]
pub(super) fn use_file(doc: DocId, file: File, kind: &str) -> Shown {
    let vault = use_context::<Vault>();
    let api = use_api();
    let line = use_line();
    let shown = use_state(|| (file, Shown::Opening));
    use_effect_with((file, line.line), {
        let (shown, kind) = (shown.clone(), kind.to_owned());
        move |(file, _)| {
            let file = *file;
            let is_here = shown.0 == file && matches!(shown.1, Shown::Here(_));
            if let Some(vault) = vault.filter(|_| !is_here) {
                spawn_local(async move {
                    let found = find(&vault, &api, doc, file).await;
                    let address = found.and_then(|bytes| Address::of(&bytes, &kind));
                    let found = address.map_or(Shown::Away, |address| Shown::Here(Rc::new(address)));
                    shown.set((file, found));
                });
            }
        }
    });
    if shown.0 == file {
        shown.1.clone()
    } else {
        Shown::Opening
    }
}

async fn find(vault: &Vault, api: &Api, doc: DocId, file: File) -> Option<Vec<u8>> {
    if let Ok(Some(bytes)) = vault.file(file.hash).await {
        // Only for the order in which files give way.
        drop(vault.touch_file(file.hash).await);
        return Some(bytes);
    }
    let bytes = api.bytes(&address(doc, file.hash)).await.ok()?;
    if File::of(&bytes) != file {
        return None;
    }
    // On a full device it is fetched again the next time.
    drop(vault.keep_fetched(doc, file, bytes.clone()).await);
    Some(bytes)
}
