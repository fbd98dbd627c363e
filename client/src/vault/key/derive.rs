//! From a PIN or passphrase to a key: Argon2id (RFC 9106), away from the page, as dear as the device bears.

use argon2::{Algorithm, Argon2, Params, Version};
use js_sys::{Promise, Reflect, Uint8Array};
use minicbor::{Decode, Encode};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::{Key, KeyError};

/// How long a derivation is to take on the device that it was calibrated on, in milliseconds.
const AIM_MS: f64 = 500.0;
/// What RFC 9106 recommends where memory is constrained, in KiB.
const MEMORY: u32 = 64 * 1024;
/// What a device is asked for at the least: 19 MiB and two passes.
const LITTLE_MEMORY: u32 = 19 * 1024;
const FEWEST_PASSES: u32 = 2;
/// More only costs the user time: memory is what costs whoever guesses.
const MOST_PASSES: u32 = 16;

/// What a derivation costs. Kept beside what it unlocks, so that it may grow with the devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Cost {
    /// Memory, in KiB.
    #[n(0)]
    pub memory: u32,
    /// Passes over it.
    #[n(1)]
    pub passes: u32,
}

impl Cost {
    /// What a device bears that takes so many milliseconds for one pass over [`MEMORY`].
    fn of(pass_ms: f64) -> Self {
        let passes = |memory: u32| AIM_MS / (pass_ms * f64::from(memory) / f64::from(MEMORY)).max(1.0);
        let memory = if passes(MEMORY) >= f64::from(FEWEST_PASSES) {
            MEMORY
        } else {
            LITTLE_MEMORY
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "500 at most"
        )]
        let passes = passes(memory).round() as u32;
        Self {
            memory,
            passes: passes.clamp(FEWEST_PASSES, MOST_PASSES),
        }
    }

    /// Finds out what this device bears.
    pub async fn calibrated() -> Result<Self, KeyError> {
        let once = Self {
            memory: MEMORY,
            passes: 1,
        };
        let (_, took_ms) = ask("", &[0; 16], once).await?;
        Ok(Self::of(took_ms))
    }

    /// The wrapping key that follows from a PIN or passphrase.
    pub async fn key(self, pin: &str, salt: &[u8]) -> Result<Key, KeyError> {
        let (bytes, _) = ask(pin, salt, self).await?;
        Key::wrapping(&bytes.to_vec()).await
    }
}

/// Argon2id, 32 bytes. Nothing where memory or parameters do not do. Runs in a worker: see `client/static/derive.js`.
#[wasm_bindgen]
pub fn derive(pin: &str, salt: &[u8], memory: u32, passes: u32) -> Option<Vec<u8>> {
    let params = Params::new(memory, passes, 1, Some(32)).ok()?;
    let mut bytes = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, &mut bytes)
        .ok()?;
    Some(bytes)
}

#[wasm_bindgen]
extern "C" {
    /// Runs [`derive`] in a worker of its own; answers `{ key, took }`. Put there by `client/static/boot.js`.
    #[wasm_bindgen(js_namespace = window, js_name = lianxinDerive, catch)]
    fn derive_apart(pin: &str, salt: Uint8Array, memory: u32, passes: u32) -> Result<Promise, JsValue>;
}

/// The key's bytes, and how long it took, in milliseconds.
async fn ask(pin: &str, salt: &[u8], cost: Cost) -> Result<(Uint8Array, f64), KeyError> {
    let failed = |error: JsValue| KeyError::Failed(format!("{error:?}"));
    let asked = derive_apart(pin, Uint8Array::from(salt), cost.memory, cost.passes).map_err(failed)?;
    let answer = JsFuture::from(asked).await.map_err(failed)?;
    let part = |name: &str| Reflect::get(&answer, &name.into()).map_err(failed);
    let key = part("key")?;
    if !key.is_object() {
        return Err(KeyError::Failed("not enough memory".to_owned()));
    }
    Ok((Uint8Array::new(&key), part("took")?.as_f64().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_device_pays_more_and_a_slow_one_still_pays() {
        let cost = |memory, passes| Cost { memory, passes };
        assert_eq!(Cost::of(50.0), cost(MEMORY, 10));
        assert_eq!(Cost::of(0.0), cost(MEMORY, MOST_PASSES));
        assert_eq!(Cost::of(250.0), cost(MEMORY, 2));
        assert_eq!(Cost::of(400.0), cost(LITTLE_MEMORY, 4));
        assert_eq!(Cost::of(60_000.0), cost(LITTLE_MEMORY, 2));
    }

    #[test]
    fn pin_salt_and_cost_all_decide() {
        let of = |pin, salt: u8, memory, passes| derive(pin, &[salt; 16], memory, passes).unwrap();
        let one = of("482913", 1, 64, 1);
        assert_eq!(one, of("482913", 1, 64, 1));
        let others = [
            of("482914", 1, 64, 1),
            of("482913", 2, 64, 1),
            of("482913", 1, 65, 1),
            of("482913", 1, 64, 2),
        ];
        assert!(others.iter().all(|other| *other != one));
        assert!(derive("482913", &[], 64, 1).is_none(), "a salt is needed");
    }
}
