//! Databases of each kind for one test, gone with it.

use std::sync::Arc;

use async_trait::async_trait;
use lianxin_server::store::{SqliteStore, Store};
use tempfile::TempDir;

/// A new database.
#[async_trait]
pub(crate) trait Database: Send + Sync {
    /// Makes it.
    async fn new() -> Self
    where
        Self: Sized;

    /// Opens it, as another node does, or the same one after a restart.
    async fn open(&self) -> Arc<dyn Store>;

    /// Another empty one of the same kind, opened.
    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>);
}

/// In a folder.
pub(crate) struct Sqlite(TempDir);

#[async_trait]
impl Database for Sqlite {
    async fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.0.path()).unwrap())
    }

    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>) {
        let other = Self::new().await;
        let store = other.open().await;
        (Box::new(other), store)
    }
}
