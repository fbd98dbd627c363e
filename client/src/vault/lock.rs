//! Web Locks: what keeps two windows of one browser from undoing each other's writes.

use futures_channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::VaultError;

/// A lock, held until this is dropped.
#[derive(Debug)]
pub struct Guard {
    release: Function,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Resolves a promise; that cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Waits for the lock of that name. It is shared by all windows of this origin, and freed when a window closes or dies.
pub async fn acquire(name: &str) -> Result<Guard, VaultError> {
    let navigator = web_sys::window().ok_or(VaultError::NoLocks)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).map_err(|_| VaultError::NoLocks)?;
    if !locks.is_object() {
        return Err(VaultError::NoLocks);
    }
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let guard = Guard {
        release: release.ok_or(VaultError::NoLocks)?,
    };
    let (granted, grant) = oneshot::channel();
    let callback = Closure::once_into_js(move |_lock: JsValue| {
        // Nobody waits any more: the guard is gone and its promise resolved, so the lock is free at once.
        let _ = granted.send(());
        held
    });
    let request = locks
        .unchecked_ref::<LockManager>()
        .request(name, callback.unchecked_ref());
    wasm_bindgen_futures::spawn_local(async move {
        // Ends when the guard goes; rejects only when the page itself is going away.
        let _ = wasm_bindgen_futures::JsFuture::from(request).await;
    });
    grant.await.map_err(|_| VaultError::NoLocks)?;
    Ok(guard)
}

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, callback: &Function) -> Promise;
}
