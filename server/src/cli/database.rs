//! `migrate`, `restored` and `copy`: what is done to a whole database.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::CommandError;
use crate::config::raw::{Raw, Store};
use crate::config::{Address, Installation, Place};
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

/// What to bring forward.
#[derive(Args)]
pub(super) struct Migrate {
    #[command(flatten)]
    store: Store,
    /// Says which migrations would be carried out, and changes nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Migrate {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        let place = Installation::named(self.store, file)?.store;
        if self.dry_run {
            return foretell(&place).await;
        }
        let (_, migrated) = place.open().await?;
        tell(migrated.from, migrated.to);
        Ok(())
    }
}

async fn foretell(place: &Place) -> Result<(), CommandError> {
    let pending = place.pending().await?;
    tell(pending.from, pending.from + pending.reasons.len());
    for (number, reason) in (pending.from + 1..).zip(pending.reasons) {
        println!("{number}: {reason}");
    }
    Ok(())
}

fn tell(from: usize, to: usize) {
    if from < to {
        println!("schema {from} → {to}");
    } else {
        println!("schema {to}: nothing to do");
    }
}

/// Begins a new life of a database.
pub(super) async fn restored(place: &Place) -> Result<(), CommandError> {
    let (store, _) = place.open().await?;
    store.begin_new_life().await?;
    println!("a new life has begun: devices will compare what they hold, and give back what is missing here");
    Ok(())
}
