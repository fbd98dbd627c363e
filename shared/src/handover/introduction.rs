//! How a device and the server get to know each other's keys, over a line and signed in: `PUT /api/handover/key`.

use serde::{Deserialize, Serialize};

use super::{DeviceKey, ServerKey};
use crate::id::DeviceId;

/// What the device tells, in JSON; bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    #[serde(with = "hexadecimal")]
    device: [u8; 16],
    #[serde(with = "hexadecimal")]
    key: [u8; 32],
}

/// What the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduced {
    #[serde(with = "hexadecimal")]
    server: [u8; 32],
}

impl Introduction {
    /// Of a device with the key that it signs by.
    pub fn of(device: DeviceId, key: DeviceKey) -> Self {
        Self {
            device: device.0,
            key: key.0,
        }
    }

    /// The device, as in the hello of an exchange.
    pub fn device(&self) -> DeviceId {
        DeviceId(self.device)
    }

    /// Its key.
    pub fn key(&self) -> DeviceKey {
        DeviceKey(self.key)
    }
}

impl Introduced {
    /// By a server with this key.
    pub fn of(server: ServerKey) -> Self {
        Self { server: server.0 }
    }

    /// What work is sealed to from now on. It lives as long as the database.
    pub fn server(&self) -> ServerKey {
        ServerKey(self.server)
    }
}

mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::hex;

    pub(super) fn serialize<const N: usize, S: Serializer>(
        bytes: &[u8; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::written(bytes))
    }

    pub(super) fn deserialize<'de, const N: usize, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::read(&text).ok_or_else(|| D::Error::custom("not so many bytes in hexadecimal"))
    }
}
