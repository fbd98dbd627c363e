//! Where a database is.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;

use super::CommandError;
use crate::app::{App, FILES};
use crate::files::{Files, FilesError};
use crate::store::{Migrated, Pending, PostgresStore, SqliteStore, Store};

/// A folder or an address.
#[derive(Args)]
pub(super) struct Place {
    /// The folder of the database; made when missing.
    #[arg(long, default_value = "data", conflicts_with = "database")]
    data: PathBuf,
    /// The address of a PostgreSQL database instead, as `postgres://USER@HOST/NAME`. One with a password is better given by
    /// the variable: others on the machine see arguments.
    #[arg(long, env = "LIANXIN_DATABASE", hide_env_values = true)]
    database: Option<Address>,
    /// Where the files are that hang on records: a folder, or a bucket as `s3://BUCKET/PREFIX`, which is reached by the
    /// `AWS_…` variables. Without it the folder `files` within the database's. Several nodes need one that all of them reach.
    #[arg(long, env = "LIANXIN_FILES")]
    files: Option<String>,
}

/// The address of a PostgreSQL database. It can hold a password, so nothing prints it.
#[derive(Clone)]
pub(super) struct Address(String);

impl FromStr for Address {
    type Err = Infallible;

    /// Takes any text: what is wrong with it is said by the store, without it.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Address {
    /// Opens the database.
    pub(super) async fn open(&self) -> Result<(Arc<dyn Store>, Migrated), CommandError> {
        let store = PostgresStore::open(&self.0).await?;
        let migrated = store.migrated();
        Ok((Arc::new(store), migrated))
    }
}

impl Place {
    /// Opens the database.
    pub(super) async fn open(&self) -> Result<(Arc<dyn Store>, Migrated), CommandError> {
        if let Some(address) = &self.database {
            return address.open().await;
        }
        let store = SqliteStore::open(&self.data)?;
        let migrated = store.migrated();
        Ok((Arc::new(store), migrated))
    }

    /// Opens the files beside it.
    pub(super) fn files(&self) -> Result<Files, FilesError> {
        match &self.files {
            Some(address) if address.starts_with("s3://") => Files::in_bucket(address),
            Some(folder) => Files::in_folder(Path::new(folder)),
            None => Files::in_folder(&self.data.join(FILES)),
        }
    }

    /// What opening the database would do to its schema.
    pub(super) async fn pending(&self) -> Result<Pending, CommandError> {
        Ok(match &self.database {
            Some(address) => PostgresStore::pending(&address.0).await?,
            None => SqliteStore::pending(&self.data)?,
        })
    }

    /// The folder, if that is where the database is.
    pub(super) fn data(&self) -> Option<&Path> {
        self.database.is_none().then_some(&*self.data)
    }

    /// A server over the database.
    pub(super) async fn app(&self) -> Result<App, CommandError> {
        let (store, migrated) = self.open().await?;
        if migrated.from < migrated.to {
            tracing::info!(from = migrated.from, to = migrated.to, "store.migrated");
        }
        Ok(App::over(store, self.files()?).await?)
    }
}
