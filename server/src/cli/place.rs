//! Opening the database that a command works on.

use std::path::Path;
use std::sync::Arc;

use super::CommandError;
use crate::app::App;
use crate::config::{FilesPlace, Place};
use crate::files::{Files, FilesError};
use crate::store::{Migrated, Pending, PostgresStore, SqliteStore, Store};

impl Place {
    /// Opens the database.
    pub(super) async fn open(&self) -> Result<(Arc<dyn Store>, Migrated), CommandError> {
        match self {
            Self::Database(address) => {
                let store = PostgresStore::open(address.reveal()).await?;
                let migrated = store.migrated();
                Ok((Arc::new(store), migrated))
            }
            Self::Folder(folder) => {
                let store = SqliteStore::open(folder)?;
                let migrated = store.migrated();
                Ok((Arc::new(store), migrated))
            }
        }
    }

    /// What opening the database would do to its schema.
    pub(super) async fn pending(&self) -> Result<Pending, CommandError> {
        Ok(match self {
            Self::Database(address) => PostgresStore::pending(address.reveal()).await?,
            Self::Folder(folder) => SqliteStore::pending(folder)?,
        })
    }

    /// The folder, if that is where the database is.
    pub(crate) fn data(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Database(_) => None,
        }
    }

    /// A server over the database and these files.
    pub(super) async fn app(&self, files: Files) -> Result<App, CommandError> {
        let (store, migrated) = self.open().await?;
        if migrated.from < migrated.to {
            tracing::info!(from = migrated.from, to = migrated.to, "store.migrated");
        }
        Ok(App {
            data: self.data().map(Path::to_owned),
            ..App::over(store, files).await?
        })
    }
}

impl FilesPlace {
    /// Opens it; a folder is made when missing.
    pub(super) fn open(&self) -> Result<Files, FilesError> {
        match self {
            Self::Folder(folder) => Files::in_folder(folder),
            Self::Bucket(address) => Files::in_bucket(address),
        }
    }
}
