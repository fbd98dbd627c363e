//! The second place for what is half written: where the device's storage does not take it, it lies in the window's own storage,
//! sealed by the pen as it would lie there, and outlives a reload.

use minicbor::Decode;
use web_sys::Storage;

use super::database::{Batch, decode};
use super::store::{Store, place};
use super::{Vault, VaultError};
use crate::remembered;

impl Vault {
    /// Writes what is half written. Where that fails it is laid aside, and the failure is told all the same.
    pub(super) async fn commit_half_written(&self, batch: Batch) -> Result<(), VaultError> {
        let written = self.commit_making_room(batch.clone()).await;
        for (store, key, plain) in batch.entries().filter(|(store, ..)| store.is_half_written()) {
            match plain {
                Some(plain) if written.is_err() => self.lay_aside(store, key, plain),
                _ => self.take_from_aside(store, key),
            }
        }
        written
    }

    /// What was laid aside under a key: it is newer than what the device's storage has.
    pub(super) fn aside<T: for<'b> Decode<'b, ()>>(&self, store: Store, key: &str) -> Option<T> {
        let text = storage()?.get_item(&self.aside_name(store, key)).ok()??;
        let sealed = remembered::bytes_of(&text);
        let plain = self
            .database
            .seal()
            .pen()?
            .open(&place(store, key), &sealed)
            .ok()?;
        decode(&plain).ok()
    }

    /// The keys under which something was laid aside.
    pub(super) fn keys_aside(&self, store: Store) -> Vec<String> {
        let Some(storage) = storage() else {
            return Vec::new();
        };
        let prefix = self.aside_name(store, "");
        remembered::names_in(&storage, &prefix)
            .iter()
            .filter_map(|name| name.strip_prefix(&prefix).map(ToOwned::to_owned))
            .collect()
    }

    /// It is kept now, or not wanted any more.
    pub(super) fn take_from_aside(&self, store: Store, key: &str) {
        if let Some(storage) = storage() {
            // What cannot be removed goes with the window.
            drop(storage.remove_item(&self.aside_name(store, key)));
        }
    }

    fn lay_aside(&self, store: Store, key: &str, plain: &[u8]) {
        let sealed = self
            .database
            .seal()
            .pen()
            .and_then(|pen| pen.seal(&place(store, key), plain).ok());
        if let (Some(storage), Some(sealed)) = (storage(), sealed) {
            let text = remembered::text_of(&sealed.to_vec());
            // Without room here too there is the page alone, which says so.
            drop(storage.set_item(&self.aside_name(store, key), &text));
        }
    }

    fn aside_name(&self, store: Store, key: &str) -> String {
        format!("lianxin-{}-{}", self.id, place(store, key))
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
