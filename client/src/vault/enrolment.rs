//! Somebody's vault on this tablet, as far as it can be seen while it is locked.

use lianxin_shared::hex;
use lianxin_shared::id::UserId;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::key::derive::Cost;
use super::key::{Key, KeyError};
use super::pin::Tries;

/// The name of a vault: random, so that the database says of nobody that it is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct VaultId(#[cbor(n(0), with = "minicbor::bytes")] [u8; 16]);

impl VaultId {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(crate::chance::bytes())
    }
}

impl std::fmt::Display for VaultId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::written(&self.0))
    }
}

/// One person of this tablet. All of it lies open, since it is what is chosen from and unlocked with: docs/threat-model.md
/// says what it tells.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Enrolment {
    /// The vault.
    #[n(0)]
    pub id: VaultId,
    /// The name at sign-in.
    #[n(1)]
    pub user: UserId,
    /// The name that people know.
    #[n(2)]
    pub name: String,
    /// Of the derivation; 16 random bytes.
    #[n(3)]
    salt: ByteVec,
    /// Of the derivation.
    #[n(4)]
    cost: Cost,
    /// The data key, wrapped by the key that follows from the PIN.
    #[n(5)]
    by_pin: ByteVec,
    /// The data key, wrapped by the key that the server gives to whoever signs in; none before it was known here.
    #[n(6)]
    by_server: Option<ByteVec>,
    /// Wrong PINs.
    #[n(7)]
    pub tries: Tries,
    /// How many records wait to be sent: whoever is locked out of a line's reach should be missed by somebody.
    #[n(8)]
    pub waiting: u32,
}

impl Enrolment {
    /// Wraps a data key by a PIN, as dear as this device bears; and for the server's key, if it is known.
    pub async fn of(
        id: VaultId,
        (user, name): (&UserId, &str),
        data: &Key,
        pin: &str,
        server: Option<&Recovery>,
    ) -> Result<Self, KeyError> {
        let salt: [u8; 16] = crate::chance::bytes();
        let cost = Cost::calibrated().await?;
        let by_pin = cost.key(pin, &salt).await?.wrap(data, &id.to_string()).await?;
        let mut enrolment = Self {
            id,
            user: user.clone(),
            name: name.to_owned(),
            salt: salt.to_vec().into(),
            cost,
            by_pin: by_pin.into(),
            by_server: None,
            tries: Tries::default(),
            waiting: 0,
        };
        if let Some(server) = server {
            enrolment.trust(data, server).await?;
        }
        Ok(enrolment)
    }

    /// The data key, by the PIN.
    pub async fn unlock(&self, pin: &str) -> Result<Key, KeyError> {
        let wrapping = self.cost.key(pin, &self.salt).await?;
        wrapping.unwrap(&self.by_pin, &self.id.to_string()).await
    }

    /// The same, to be wrapped for the server's key: see [`Self::trust`].
    pub async fn unlock_to_wrap(&self, pin: &str) -> Result<Key, KeyError> {
        let wrapping = self.cost.key(pin, &self.salt).await?;
        wrapping.unwrap_to_wrap(&self.by_pin, &self.id.to_string()).await
    }

    /// The data key, by the server's key, to be wrapped by another PIN.
    pub async fn recover(&self, server: &Recovery) -> Result<Key, KeyError> {
        let wrapped = self.by_server.as_ref().ok_or(KeyError::Wrong)?;
        let wrapping = server.key().await?;
        wrapping.unwrap_to_wrap(wrapped, &self.id.to_string()).await
    }

    /// Wraps the data key for the server's key too.
    pub async fn trust(&mut self, data: &Key, server: &Recovery) -> Result<(), KeyError> {
        let wrapped = server.key().await?.wrap(data, &self.id.to_string()).await?;
        self.by_server = Some(wrapped.into());
        Ok(())
    }

    /// Whether the server's key opens it.
    pub fn is_recoverable(&self) -> bool {
        self.by_server.is_some()
    }
}

/// What the server gives to whoever signs in with the password: 32 bytes, the same for a user on all devices, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Recovery(String);

impl Recovery {
    async fn key(&self) -> Result<Key, KeyError> {
        let bytes: [u8; 32] = hex::read(&self.0).ok_or(KeyError::Wrong)?;
        Key::wrapping(&bytes).await
    }
}
