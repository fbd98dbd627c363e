//! Envelopes one after the other (a CBOR sequence, RFC 8742): what a file holds, what one request carries.

use minicbor::Decoder;

use super::Envelope;

/// The most bytes of one request.
pub const MAX_PARCEL: usize = 4 * 1024 * 1024;

/// The most envelopes of one request.
pub const MAX_ENVELOPES: usize = 256;

/// The bytes are something other than envelopes, end within one, or hold one that no request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no envelopes, or cut short")]
pub struct NoParcel;

/// The bytes of envelopes.
pub fn write(envelopes: &[Envelope]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for envelope in envelopes {
        // Writing to a Vec cannot fail, and our own encoders raise no errors.
        let Ok(()) = minicbor::encode(envelope, &mut bytes) else {
            continue;
        };
    }
    bytes
}

/// The envelopes in bytes: one at least.
pub fn read(bytes: &[u8]) -> Result<Vec<Envelope>, NoParcel> {
    let mut decoder = Decoder::new(bytes);
    let mut envelopes = Vec::new();
    while decoder.position() < bytes.len() {
        let envelope: Envelope = decoder.decode().map_err(|_| NoParcel)?;
        if envelope.size() > MAX_PARCEL {
            return Err(NoParcel);
        }
        envelopes.push(envelope);
    }
    if envelopes.is_empty() {
        return Err(NoParcel);
    }
    Ok(envelopes)
}

/// How many of these envelopes go in the next request.
pub fn fitting(envelopes: &[Envelope]) -> usize {
    let mut size = 0;
    let fits = envelopes.iter().take(MAX_ENVELOPES).take_while(|envelope| {
        size += envelope.size();
        size <= MAX_PARCEL
    });
    fits.count()
}
