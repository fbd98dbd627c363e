//! The keys of a vault, by WebCrypto: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits for each message.
//!
//! - The *data key* seals everything of one user's. It is made at random and never leaves WebCrypto: pages hold a handle that
//!   cannot be read out ([`Key`]).
//! - It lies on the device only *wrapped*: by a key that follows from the PIN ([`mod@derive`]), and by one that the server gives to
//!   whoever signs in with the password, for when the PIN is forgotten.

pub mod derive;

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// The bytes of a nonce.
const NONCE: usize = 12;
const NAME: &str = "AES-GCM";

/// Why bytes could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The browser offers no cryptography: an old one, or a page that did not come by https.
    #[error("the browser has no cryptography here")]
    NoCrypto,
    /// Another key, another place, or changed bytes.
    #[error("it does not open with this key")]
    Wrong,
    /// WebCrypto or the derivation failed.
    #[error("cryptography failed: {0}")]
    Failed(String),
}

/// A handle on a key that WebCrypto holds; cheap to clone.
#[derive(Debug, Clone)]
pub struct Key(CryptoKey);

impl Key {
    /// A random data key that can still be wrapped. What is kept open afterwards is [`Key::unwrap`]'s.
    pub async fn fresh() -> Result<Self, KeyError> {
        let algorithm = algorithm()?;
        set(&algorithm, "length", &256.into())?;
        let made = subtle()?.generate_key_with_object(&algorithm, true, &usages(&["encrypt", "decrypt"]));
        held(made).await
    }

    /// A key that wraps others, from its 32 bytes.
    pub async fn wrapping(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = Uint8Array::from(bytes);
        let usages = usages(&["wrapKey", "unwrapKey"]);
        let made = subtle()?.import_key_with_object("raw", &bytes, &algorithm()?, false, &usages);
        // The bytes are copied when the call returns.
        bytes.fill(0, 0, bytes.length());
        held(made).await
    }

    /// A handle that a page passed on.
    pub fn passed(value: JsValue) -> Option<Self> {
        value.dyn_into().ok().map(Self)
    }

    /// The handle, to be passed on: structured cloning takes it to another page of this origin, unreadable as it is.
    pub fn to_js(&self) -> &JsValue {
        &self.0
    }

    /// Wraps a data key for `place`.
    pub async fn wrap(&self, data: &Self, place: &str) -> Result<Vec<u8>, KeyError> {
        let nonce: [u8; NONCE] = crate::chance::bytes();
        let algorithm = message(&Uint8Array::from(&nonce[..]), place)?;
        let wrapped = subtle()?.wrap_key_with_object("raw", &data.0, &self.0, &algorithm);
        let wrapped = done(wrapped).await?;
        Ok([&nonce[..], &Uint8Array::new(&wrapped).to_vec()].concat())
    }

    /// The data key that was wrapped for `place`. Its handle gives nothing out.
    pub async fn unwrap(&self, wrapped: &[u8], place: &str) -> Result<Self, KeyError> {
        self.unwrap_with(wrapped, place, false).await
    }

    /// The same, to be wrapped again under another key and then let go.
    pub async fn unwrap_to_wrap(&self, wrapped: &[u8], place: &str) -> Result<Self, KeyError> {
        self.unwrap_with(wrapped, place, true).await
    }

    async fn unwrap_with(&self, wrapped: &[u8], place: &str, is_extractable: bool) -> Result<Self, KeyError> {
        let (nonce, wrapped) = wrapped.split_at_checked(NONCE).ok_or(KeyError::Wrong)?;
        let unwrapped = subtle()?.unwrap_key_with_js_u8_array_and_object_and_object(
            "raw",
            &Uint8Array::from(wrapped),
            &self.0,
            &message(&Uint8Array::from(nonce), place)?,
            &algorithm()?,
            is_extractable,
            &usages(&["encrypt", "decrypt"]),
        );
        held(unwrapped).await
    }

    /// Seals bytes for `place`: they open there and nowhere else.
    pub async fn seal(&self, place: &str, plain: &[u8]) -> Result<Uint8Array, KeyError> {
        let nonce: [u8; NONCE] = crate::chance::bytes();
        let algorithm = message(&Uint8Array::from(&nonce[..]), place)?;
        let sealed =
            subtle()?.encrypt_with_object_and_js_u8_array(&algorithm, &self.0, &Uint8Array::from(plain));
        let sealed = Uint8Array::new(&done(sealed).await?);
        let whole = Uint8Array::new_with_length(12 + sealed.length());
        whole.set(&Uint8Array::from(&nonce[..]), 0);
        whole.set(&sealed, 12);
        Ok(whole)
    }

    /// Opens what was sealed for places, all at once; each by itself, in the same order.
    pub async fn open_all<'a>(
        &self,
        sealed: impl Iterator<Item = (&'a str, Uint8Array)>,
    ) -> Result<Vec<Result<Vec<u8>, KeyError>>, KeyError> {
        let subtle = subtle()?;
        let asked = Array::new();
        for (place, sealed) in sealed {
            let algorithm = message(&sealed.subarray(0, 12), place)?;
            let body = sealed.subarray(12, sealed.length());
            let opened = subtle.decrypt_with_object_and_js_u8_array(&algorithm, &self.0, &body);
            let opened: JsValue = opened.map_err(|error| failed(&error))?.into();
            asked.push(&opened);
        }
        // One wait for all: a wait for each costs more than the opening.
        let settled = done(Ok(js_sys::Promise::all_settled(&asked))).await?;
        let value = JsValue::from_str("value");
        let settled = Array::from(&settled);
        let opened = settled.iter().map(|one| match Reflect::get(&one, &value) {
            Ok(plain) if !plain.is_undefined() => Ok(Uint8Array::new(&plain).to_vec()),
            _ => Err(KeyError::Wrong),
        });
        Ok(opened.collect())
    }
}

fn subtle() -> Result<SubtleCrypto, KeyError> {
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let subtle = crypto.map(|crypto| crypto.subtle());
    // Outside of a secure context it is undefined, whatever its type says.
    subtle
        .filter(|subtle| subtle.is_object())
        .ok_or(KeyError::NoCrypto)
}

fn algorithm() -> Result<Object, KeyError> {
    let algorithm = Object::new();
    set(&algorithm, "name", &NAME.into())?;
    Ok(algorithm)
}

fn message(nonce: &Uint8Array, place: &str) -> Result<Object, KeyError> {
    let algorithm = algorithm()?;
    set(&algorithm, "iv", nonce)?;
    set(&algorithm, "additionalData", &Uint8Array::from(place.as_bytes()))?;
    Ok(algorithm)
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), KeyError> {
    Reflect::set(object, &name.into(), value)
        .map(drop)
        .map_err(|error| failed(&error))
}

fn usages(names: &[&str]) -> JsValue {
    names
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect::<Array>()
        .into()
}

async fn held(promise: Result<js_sys::Promise, JsValue>) -> Result<Key, KeyError> {
    done(promise)
        .await?
        .dyn_into()
        .map(Key)
        .map_err(|error| failed(&error))
}

async fn done(promise: Result<js_sys::Promise, JsValue>) -> Result<JsValue, KeyError> {
    JsFuture::from(promise.map_err(|error| failed(&error))?)
        .await
        .map_err(|error| failed(&error))
}

/// `OperationError` is all that WebCrypto says of bytes that do not open.
fn failed(error: &JsValue) -> KeyError {
    let name = Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string());
    if name.as_deref() == Some("OperationError") {
        KeyError::Wrong
    } else {
        KeyError::Failed(format!("{error:?}"))
    }
}
