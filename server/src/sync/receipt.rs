//! Receipts: the server's word that it accepted a document in a state.

use hmac::{Hmac, KeyInit, Mac};
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::protocol::Receipt;
use sha2::Sha256;

use crate::store::Life;

/// The receipt for a document in a state: HMAC-SHA-256 (RFC 2104) over the id and the sorted heads.
pub fn receipt(life: &Life, doc: DocId, heads: Heads) -> Receipt {
    // HMAC takes keys of any length, so this cannot fail; an empty MAC would prove nothing, which is safe.
    let mac = Hmac::<Sha256>::new_from_slice(&life.receipt_key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(&doc.0);
            heads.as_slice().iter().for_each(|hash| mac.update(&hash.0));
            mac.finalize().into_bytes().to_vec()
        },
    );
    Receipt { heads, mac }
}
