//! In which state each record was last seen on this device, so that what others write after that can be shown as new.

use lianxin_shared::id::{DocId, Heads};

use super::database::Batch;
use super::store::Store;
use super::{Vault, VaultError};

impl Vault {
    /// The state in which a record was last seen; empty if it never was.
    pub async fn seen(&self, id: DocId) -> Result<Heads, VaultError> {
        Ok(self.database.get(Store::Seen, &id).await?.unwrap_or_default())
    }

    /// A record was seen in this state.
    pub async fn keep_seen(&self, id: DocId, state: &Heads) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Seen, &id, state)?;
        self.database.commit(batch).await
    }
}
