//! The little that the device remembers beside its vaults, whoever is here: in the browser's local storage, plain, so nothing of any
//! record or person but what is sealed to the server. Where the browser keeps nothing, nothing is remembered, and all goes on.

use web_sys::Storage;

/// What is remembered under a name.
pub fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Remembers it from now on.
pub fn put(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // Where it is full or shut, whoever asks does without.
        drop(storage.set_item(name, value));
    }
}

/// Forgets it.
pub fn remove(name: &str) {
    if let Some(storage) = storage() {
        drop(storage.remove_item(name));
    }
}

/// The names that begin like this.
pub fn names(prefix: &str) -> Vec<String> {
    storage().map_or_else(Vec::new, |storage| names_in(&storage, prefix))
}

/// The same in another storage.
pub fn names_in(storage: &Storage, prefix: &str) -> Vec<String> {
    let names = (0..storage.length().unwrap_or_default()).filter_map(|n| storage.key(n).ok()?);
    names.filter(|name| name.starts_with(prefix)).collect()
}

/// Bytes as such a storage keeps them: one char is one byte.
pub fn text_of(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The bytes of such a text.
pub fn bytes_of(text: &str) -> Vec<u8> {
    text.chars().filter_map(|byte| u8::try_from(byte).ok()).collect()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
