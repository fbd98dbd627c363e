//! Receipts: the server's word that it accepted a document in a state.

use hmac::{Hmac, KeyInit, Mac};
use lianxin_shared::id::{DocId, Heads};
use lianxin_shared::protocol::Receipt;
use sha2::Sha256;

use crate::store::Life;

/// Bytes of a receipt's MAC. RFC 2104, section 5: half of the hash is enough, and shorter on the wire.
const MAC: usize = 16;

/// The receipt for a document in a state: HMAC-SHA-256 (RFC 2104), cut to 128 bits, over the id and the sorted heads.
pub fn receipt(life: &Life, doc: DocId, heads: Heads) -> Receipt {
    // HMAC takes keys of any length, so this cannot fail; an empty MAC would prove nothing, which is safe.
    let mac = keyed(life, doc, &heads).map_or_else(Vec::new, |mac| {
        let mut bytes = mac.finalize().into_bytes().to_vec();
        bytes.truncate(MAC);
        bytes
    });
    Receipt {
        heads,
        mac: mac.into(),
    }
}

/// Whether a receipt is the server's own for this document.
pub(super) fn is_ours(life: &Life, doc: DocId, receipt: &Receipt) -> bool {
    // Compared in constant time; a MAC of another length is none.
    receipt.mac.len() == MAC
        && keyed(life, doc, &receipt.heads).is_some_and(|mac| mac.verify_truncated_left(&receipt.mac).is_ok())
}

fn keyed(life: &Life, doc: DocId, heads: &Heads) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&life.receipt_key).ok()?;
    mac.update(&doc.0);
    heads.as_slice().iter().for_each(|hash| mac.update(&hash.0));
    Some(mac)
}
