//! The room that the browser gives the app on the device, and whether it has promised to keep what lies there
//! (Storage Standard, <https://storage.spec.whatwg.org/>).

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// With less than so many bytes left it is short: a day's words and a dozen photos.
const LITTLE: u64 = 16 * 1024 * 1024;

/// With less than this part of all left it is short as well: browsers' own words are estimates.
const PART: u64 = 20;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// How many bytes are used.
    pub used: u64,
    /// How many the browser would let the app use.
    pub quota: u64,
    /// Whether the browser promised not to clear it when the device runs short.
    pub is_kept: bool,
}

impl Room {
    /// What the browser says; nothing from one that says nothing.
    pub async fn look() -> Option<Self> {
        let storage = storage()?;
        let estimate = done(storage.estimate()).await?;
        let bytes = |name: &str| {
            let bytes = Reflect::get(&estimate, &name.into()).ok()?.as_f64()?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes")]
            Some(bytes as u64)
        };
        Some(Self {
            used: bytes("usage")?,
            quota: bytes("quota")?,
            is_kept: done(storage.persisted()).await?.is_truthy(),
        })
    }

    /// How many bytes are left.
    pub fn left(&self) -> u64 {
        self.quota.saturating_sub(self.used)
    }

    /// Whether writes may fail soon.
    pub fn is_short(&self) -> bool {
        self.left() < LITTLE || self.left() < self.quota / PART
    }
}

/// Asks the browser to promise that it keeps everything; answers whether it did. Some browsers ask the user.
pub async fn ask_to_keep() -> bool {
    match storage() {
        Some(storage) => done(storage.persist()).await.is_some_and(|kept| kept.is_truthy()),
        None => false,
    }
}

fn storage() -> Option<StorageManager> {
    let storage = web_sys::window()?.navigator().storage();
    // Outside of a secure context it is undefined, whatever its type says.
    AsRef::<JsValue>::as_ref(&storage).is_object().then_some(storage)
}

async fn done(asked: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(asked.ok()?).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_short_before_there_is_none() {
        let short = |used, quota| {
            Room {
                used,
                quota,
                is_kept: false,
            }
            .is_short()
        };
        const MIB: u64 = 1024 * 1024;
        assert!(!short(30 * MIB, 100 * MIB));
        assert!(short(90 * MIB, 100 * MIB));
        assert!(short(980 * MIB, 1_000 * MIB));
        assert!(short(10, 5), "more may be used than is granted");
    }
}
