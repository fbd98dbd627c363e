//! Session tokens: 32 random bytes in hexadecimal. Only their hash is stored.

use sha2::{Digest, Sha256};

use crate::store::TokenHash;

/// A new token and what is stored of it.
pub(super) fn fresh() -> Result<(String, TokenHash), getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let token = hexadecimal(&bytes);
    let hash = TokenHash(Sha256::digest(token.as_bytes()).into());
    Ok((token, hash))
}

/// Bytes as two digits each.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that were written so; nothing for any other text.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let is_plain = text.bytes().all(|b| b.is_ascii_hexdigit()) && text.len().is_multiple_of(2);
    is_plain.then(|| digits.map(byte).collect()).flatten()
}

/// What is stored of a token; nothing for what cannot be one.
pub(super) fn hash(token: &str) -> Option<TokenHash> {
    (token.len() == 64).then(|| TokenHash(Sha256::digest(token.as_bytes()).into()))
}
