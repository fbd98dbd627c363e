//! A database looked at without changing anything.

use lianxin_shared::id::{Epoch, Moment};

use super::pool::{Pool, reading};
use super::{PostgresStore, backups, codec, config, migrations};
use crate::store::{Examined, StoreError};

impl PostgresStore {
    /// Looks at the database at an address, also while it is served.
    pub async fn examine(address: &str) -> Result<Examined, StoreError> {
        let mut client = Pool::new(&config(address)?)?.get().await?;
        let tx = reading(&mut client).await?;
        let mut examined = Examined {
            version: 0,
            newest: migrations::newest(),
            epoch: None,
            last_accepted: None,
            last_backup: None,
            faults: Vec::new(),
        };
        let known = tx.query_one("SELECT to_regclass('schema_version') IS NOT NULL", &[]);
        if !known.await?.try_get::<_, bool>(0)? {
            return Ok(examined);
        }
        if let Some(row) = tx.query_opt("SELECT version FROM schema_version", &[]).await? {
            examined.version = usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or_default();
        }
        if examined.version > 0 {
            let epoch = tx
                .query_opt("SELECT value FROM meta WHERE key = 'epoch'", &[])
                .await?;
            examined.epoch = epoch
                .map(|row| codec::bytes(&row, "value"))
                .transpose()?
                .map(Epoch);
            let last = tx.query_one("SELECT max(changed_at) FROM documents", &[]).await?;
            examined.last_accepted = last.try_get::<_, Option<i64>>(0)?.map(Moment);
            examined.last_backup = backups::last(&tx).await?;
        }
        Ok(examined)
    }
}
