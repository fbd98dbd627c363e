//! Sealing without waiting, for what is half written.
//!
//! WebCrypto answers later, and a page that is reloaded straight after a key is gone by then, and the words with it. So drafts are
//! sealed here, by AES-256-GCM too, and are on their way to the disk before the key's event is over. The key is random, and lies
//! in the vault sealed by the data key; while the vault is open it is in the page's memory, as the drafts are themselves.

use std::rc::Rc;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use js_sys::Uint8Array;

use super::key::KeyError;
use crate::chance;

/// The bytes of a nonce.
const NONCE: usize = 12;

/// A key that seals at once; cheap to clone.
#[derive(Clone)]
pub struct Pen(Rc<Aes256Gcm>);

impl std::fmt::Debug for Pen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pen")
    }
}

impl Pen {
    /// A pen of these bytes.
    pub fn of(bytes: &[u8; 32]) -> Self {
        Self(Rc::new(Aes256Gcm::new(bytes.into())))
    }

    /// Seals bytes for `place`: they open there and nowhere else.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Uint8Array, KeyError> {
        let nonce: [u8; NONCE] = chance::bytes();
        let payload = Payload {
            msg: plain,
            aad: place.as_bytes(),
        };
        let sealed = self.0.encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| KeyError::Failed("too long".to_owned()))?;
        Ok(Uint8Array::from([&nonce[..], &sealed].concat().as_slice()))
    }

    /// Opens what was sealed for `place`.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(KeyError::Wrong)?;
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        let opened = self.0.decrypt(nonce.into(), payload);
        opened.map_err(|_| KeyError::Wrong)
    }
}
