//! What belongs to the tablet and not to a user: its name, and who used it last.

use lianxin_shared::id::{DeviceId, UserId};

use super::VaultError;
use super::database::{Batch, Database, Store};

const DEVICE: &str = "device";
const USER: &str = "user";

/// The tablet.
#[derive(Debug, Clone)]
pub struct Tablet {
    database: Database,
    /// Made at the first start.
    pub device: DeviceId,
}

impl Tablet {
    /// Opens or makes what the tablet keeps. A name that was just made and is not kept yet is kept first.
    pub async fn open() -> Result<Self, VaultError> {
        let database = Database::open("lianxin").await?;
        if let Some(device) = database.get(Store::Meta, DEVICE).await? {
            return Ok(Self { database, device });
        }
        let _guard = super::lock::acquire("lianxin-tablet").await?;
        // Another window may have been first.
        if let Some(device) = database.get(Store::Meta, DEVICE).await? {
            return Ok(Self { database, device });
        }
        let device = DeviceId(crate::chance::bytes());
        let mut batch = Batch::default();
        batch.put(Store::Meta, DEVICE, &device)?;
        database.commit(batch).await?;
        Ok(Self { database, device })
    }

    /// Who used it last and did not sign out.
    pub async fn user(&self) -> Result<Option<UserId>, VaultError> {
        self.database.get(Store::Meta, USER).await
    }

    /// Somebody signed in.
    pub async fn hand_to(&self, user: &UserId) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Meta, USER, user)?;
        self.database.commit(batch).await
    }

    /// The user signed out.
    pub async fn lay_down(&self) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.remove(Store::Meta, USER);
        self.database.commit(batch).await
    }
}
