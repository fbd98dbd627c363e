//! The little that the device remembers beside its vaults, whoever is here: in the browser's local storage, plain, so nothing of any
//! record or person. Where the browser keeps nothing, nothing is remembered, and all goes on.

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

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
