//! Vaults of an older version of the app, which were not sealed: taken over without a loss, then removed.

use std::collections::BTreeSet;

use lianxin_shared::id::UserId;

use super::database::Database;
use super::seal::Seal;
use super::store::Store;
use super::{Vault, VaultError};
use crate::session::Session;

/// One such vault.
#[derive(Debug)]
pub struct Unsealed {
    name: String,
    database: Database,
}

impl Unsealed {
    /// A user's, if there is one with anything in it.
    pub async fn of(user: &UserId) -> Result<Option<Self>, VaultError> {
        let name = format!("lianxin-{user}");
        let database = Database::open(&name, Seal::Open).await?;
        let mut keys = BTreeSet::new();
        for store in Store::ALL {
            keys.extend(database.keys(store).await?);
        }
        let unsealed = Self { name, database };
        if keys.is_empty() {
            // Asking made it.
            unsealed.remove().await?;
            return Ok(None);
        }
        Ok(Some(unsealed))
    }

    /// Who was signed in.
    pub async fn session(&self) -> Result<Option<Session>, VaultError> {
        super::read_session(&self.database).await
    }

    /// Puts everything into a sealed vault. What is there already under the same key is the newer.
    pub async fn copy_to(&self, vault: &Vault) -> Result<(), VaultError> {
        for store in Store::ALL {
            let known: BTreeSet<_> = vault.database.keys(store).await?.into_iter().collect();
            let contents = self.database.contents(store).await?;
            vault.database.commit(contents.without(&known)).await?;
        }
        Ok(())
    }

    /// Removes it.
    pub async fn remove(self) -> Result<(), VaultError> {
        let name = self.name.clone();
        drop(self);
        Database::remove(&name).await
    }
}
