//! The keys on both sides.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, Serializable};
use minicbor::{Decode, Encode};

pub(super) type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
pub(super) type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;

/// What the server knows a vault on a device by: an Ed25519 public key (RFC 8032), registered by whoever was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct DeviceKey(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// What work is sealed to: an X25519 public key (RFC 7748).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ServerKey(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// What a device signs with.
pub struct Signer(SigningKey);

/// What the server opens with.
pub struct Opener(pub(super) PrivateKey, ServerKey);

impl DeviceKey {
    /// Whether it signed these bytes. Strictly: what one library takes, every library does.
    pub(super) fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let key = VerifyingKey::from_bytes(&self.0);
        let signature = Signature::from_slice(signature);
        key.is_ok_and(|key| signature.is_ok_and(|signature| key.verify_strict(bytes, &signature).is_ok()))
    }
}

impl ServerKey {
    pub(super) fn point(&self) -> Option<PublicKey> {
        PublicKey::from_bytes(&self.0).ok()
    }
}

impl Signer {
    /// From 32 random bytes, which the device keeps sealed.
    pub fn of(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// What the server is to know.
    pub fn key(&self) -> DeviceKey {
        DeviceKey(self.0.verifying_key().to_bytes())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl Opener {
    /// From 32 secret bytes, by `DeriveKeyPair` (RFC 9180, section 7.1.3).
    pub fn of(secret: &[u8; 32]) -> Self {
        let (private, public) = X25519HkdfSha256::derive_keypair(secret);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&public.to_bytes());
        Self(private, ServerKey(bytes))
    }

    /// What devices seal to.
    pub fn key(&self) -> ServerKey {
        self.1
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.key()).finish()
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Opener").field(&self.1).finish()
    }
}
