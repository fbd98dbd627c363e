//! Session tokens: 32 random bytes in hexadecimal. Only their hash is stored.

use lianxin_shared::hex;
use sha2::{Digest, Sha256};

use crate::store::TokenHash;

/// A new token and what is stored of it.
pub(super) fn fresh() -> Result<(String, TokenHash), getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    let token = hex::written(&bytes);
    let hash = TokenHash(Sha256::digest(token.as_bytes()).into());
    Ok((token, hash))
}

/// What is stored of a token; nothing for what cannot be one.
pub(super) fn hash(token: &str) -> Option<TokenHash> {
    (token.len() == 64).then(|| TokenHash(Sha256::digest(token.as_bytes()).into()))
}
