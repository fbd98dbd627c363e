//! Chance: ids and actors.

use lianxin_shared::document::Actor;
use lianxin_shared::id::DocId;

/// Random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        // No browser that runs the app is without; an id that is only unlikely to repeat is better than a lost record.
        for byte in &mut bytes {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            let random = (js_sys::Math::random() * 256.0) as u8;
            *byte = random;
        }
    }
    bytes
}

/// An id for a new document.
pub fn doc_id() -> DocId {
    DocId(bytes())
}

/// A fresh actor.
pub fn actor() -> Actor {
    Actor(bytes())
}
