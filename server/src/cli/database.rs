//! `migrate`, `restored` and `copy`: what is done to a whole database.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::CommandError;
use crate::config::{Address, Place};
use crate::copy::copy;
use crate::store::SqliteStore;

/// From where to where.
#[derive(Args)]
pub(super) struct Copy {
    /// The folder to copy from.
    #[arg(long)]
    data: PathBuf,
    /// The address of the PostgreSQL database to fill.
    #[arg(long, env = "LIANXIN_DATABASE", hide_env_values = true)]
    database: Address,
}

impl Copy {
    pub(super) async fn carry_out(&self) -> Result<(), CommandError> {
        if !SqliteStore::is_in(&self.data) {
            return Err(CommandError::NoDatabase(self.data.clone()));
        }
        let from = Arc::new(SqliteStore::open(&self.data)?);
        let (to, _) = Place::Database(self.database.clone()).open().await?;
        let documents = copy(from, to).await?;
        println!("{documents} documents copied, with all that belongs to them");
        Ok(())
    }
}

/// Brings a database forward and says so.
pub(super) async fn migrate(place: &Place) -> Result<(), CommandError> {
    let (_, migrated) = place.open().await?;
    if migrated.from < migrated.to {
        println!("schema {} → {}", migrated.from, migrated.to);
    } else {
        println!("schema {}: nothing to do", migrated.to);
    }
    Ok(())
}

/// Begins a new life of a database.
pub(super) async fn restored(place: &Place) -> Result<(), CommandError> {
    let (store, _) = place.open().await?;
    store.begin_new_life().await?;
    println!("a new life has begun: devices will compare what they hold, and give back what is missing here");
    Ok(())
}
