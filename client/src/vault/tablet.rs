//! What belongs to the tablet and not to a user: its name, who shares it, when it locks itself.

use lianxin_shared::id::{DeviceId, UserId};

use super::database::{Batch, Database};
use super::enrolment::{Enrolment, VaultId};
use super::key::{Key, KeyError};
use super::seal::Seal;
use super::store::Store;
use super::{Recovery, VaultError, lock, trace};
use crate::i18n::when::now;

const DEVICE: &str = "device";
/// Who used it last, where vaults are not sealed yet: an older version of the app wrote it.
const USER: &str = "user";
const PEOPLE: &str = "people";
const IDLE: &str = "idle";

/// Minutes without a touch after which it locks itself, unless another number is chosen.
pub const IDLE_MINUTES: u32 = 10;

/// The tablet.
#[derive(Debug, Clone)]
pub struct Tablet {
    database: Database,
    /// Made at the first start.
    pub device: DeviceId,
}

/// Why a vault stays locked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The PIN is wrong.
    #[error("wrong")]
    Wrong,
    /// After wrong ones the next has to wait so many milliseconds.
    #[error("wait {0} ms")]
    Wait(i64),
    /// There is no such vault here any more.
    #[error("gone")]
    Gone,
    /// The device does not read or keep what it should.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<KeyError> for UnlockError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Wrong => Self::Wrong,
            other => Self::Vault(other.into()),
        }
    }
}

impl Tablet {
    /// Opens or makes what the tablet keeps. A name that was just made and is not kept yet is kept first.
    pub async fn open() -> Result<Self, VaultError> {
        let database = Database::open("lianxin", Seal::Open).await?;
        if let Some(device) = database.get(Store::Meta, DEVICE).await? {
            return Ok(Self { database, device });
        }
        let _guard = guard().await?;
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

    /// Who shares the tablet, whoever unlocked last first.
    pub async fn people(&self) -> Result<Vec<Enrolment>, VaultError> {
        Ok(self.database.get(Store::Meta, PEOPLE).await?.unwrap_or_default())
    }

    /// Takes somebody in, or in place of what was known of the vault.
    pub async fn enrol(&self, enrolment: &Enrolment) -> Result<(), VaultError> {
        self.change(|people| {
            people.retain(|known| known.id != enrolment.id);
            people.insert(0, enrolment.clone());
        })
        .await
    }

    /// Forgets somebody: with the wrapped keys what their vault holds is unreadable, whatever becomes of its bytes.
    pub async fn forget(&self, id: VaultId) -> Result<(), VaultError> {
        self.change(|people| people.retain(|known| known.id != id)).await
    }

    /// How many records of somebody's wait to be sent.
    pub async fn note_waiting(&self, id: VaultId, waiting: u32) -> Result<(), VaultError> {
        self.change(|people| {
            if let Some(known) = people.iter_mut().find(|known| known.id == id) {
                known.waiting = waiting;
            }
        })
        .await
    }

    /// How long the next PIN for a vault has to wait, in milliseconds.
    pub async fn wait_ms(&self, id: VaultId) -> Result<i64, VaultError> {
        let mut wait = 0;
        self.change(|people| {
            if let Some(known) = people.iter_mut().find(|known| known.id == id) {
                known.tries = known.tries.as_of(now());
                wait = known.tries.wait_ms(now());
            }
        })
        .await?;
        Ok(wait)
    }

    /// Opens a vault by its PIN. The try is kept as a wrong one before it is made.
    pub async fn unlock(&self, id: VaultId, pin: &str) -> Result<Key, UnlockError> {
        // One try at a time, in whichever window.
        let _trying = lock::acquire("lianxin-unlock").await?;
        let wait = self.wait_ms(id).await?;
        if wait > 0 {
            return Err(UnlockError::Wait(wait));
        }
        let mut enrolment = None;
        self.change(|people| {
            if let Some(known) = people.iter_mut().find(|known| known.id == id) {
                enrolment = Some(known.clone());
                known.tries = known.tries.another(now());
            }
        })
        .await?;
        let mut enrolment = enrolment.ok_or(UnlockError::Gone)?;
        let key = enrolment.unlock(pin).await?;
        enrolment.tries = super::pin::Tries::default();
        self.enrol(&enrolment).await?;
        Ok(key)
    }

    /// Has the server's key open a vault too, from the next forgotten PIN on. Does nothing where it does already.
    pub async fn trust(&self, id: VaultId, pin: &str, server: &Recovery) -> Result<(), UnlockError> {
        let known = self.people().await?.into_iter().find(|known| known.id == id);
        let mut enrolment = known.ok_or(UnlockError::Gone)?;
        if !enrolment.is_recoverable() {
            let data = enrolment.unlock_to_wrap(pin).await?;
            enrolment.trust(&data, server).await?;
            self.enrol(&enrolment).await?;
        }
        Ok(())
    }

    /// Minutes without a touch after which it locks itself.
    pub async fn idle_minutes(&self) -> Result<u32, VaultError> {
        Ok(self
            .database
            .get(Store::Meta, IDLE)
            .await?
            .unwrap_or(IDLE_MINUTES))
    }

    /// Chooses another number.
    pub async fn set_idle_minutes(&self, minutes: u32) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Meta, IDLE, &minutes)?;
        self.database.commit(batch).await
    }

    /// Whose vault an older version of the app left here unsealed, if that user did not sign out.
    pub async fn unsealed_user(&self) -> Result<Option<UserId>, VaultError> {
        self.database.get(Store::Meta, USER).await
    }

    /// It is sealed now.
    pub async fn forget_unsealed(&self) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.remove(Store::Meta, USER);
        self.database.commit(batch).await
    }

    async fn change(&self, change: impl FnOnce(&mut Vec<Enrolment>)) -> Result<(), VaultError> {
        let _guard = guard().await?;
        let before = self.people().await?;
        let mut people = before.clone();
        change(&mut people);
        if people == before {
            return Ok(());
        }
        let mut batch = Batch::default();
        batch.put(Store::Meta, PEOPLE, &people)?;
        self.database.commit(batch).await?;
        trace::note(&people);
        Ok(())
    }
}

async fn guard() -> Result<lock::Guard, VaultError> {
    lock::acquire("lianxin-tablet").await
}
