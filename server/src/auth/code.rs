//! Codes by which a tablet is taken in once: ten letters and digits that are not mistaken for each other, 50 random bits, so that
//! nobody guesses one within its hour. Only their hash is stored.

use sha2::{Digest, Sha256};

use crate::store::TokenHash;

/// How long a code is good.
pub(crate) const LIFE_MS: i64 = 60 * 60 * 1000;

/// Crockford's alphabet: without i, l, o and u.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 10;

/// A new code and what is stored of it.
pub(crate) fn fresh() -> Result<(String, TokenHash), getrandom::Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    let code: String = bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let hash = hashed(&code);
    Ok((code, hash))
}

/// What is stored of a code, however it was typed; nothing for what cannot be one.
pub(super) fn hash(typed: &str) -> Option<TokenHash> {
    let letters = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-');
    let code: String = letters
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    (code.len() == LENGTH).then(|| hashed(&code))
}

fn hashed(code: &str) -> TokenHash {
    TokenHash(Sha256::digest(format!("lianxin code\0{code}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        let (code, stored) = fresh().unwrap();
        let typed = format!(" {}-{} ", code[..5].to_uppercase(), &code[5..]);
        assert_eq!(hash(&typed), Some(stored));
        assert_eq!(hash("oil00 oil00"), hash("0110001100"));
        assert_eq!(hash(&code[1..]), None);
        assert_ne!(fresh().unwrap().1, stored);
    }
}
