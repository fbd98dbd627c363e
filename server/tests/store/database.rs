//! Databases of each kind for one test, gone with it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lianxin_server::store::{PostgresStore, SqliteStore, Store};
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls};

/// A new database.
#[async_trait]
pub(crate) trait Database: Send + Sync {
    /// Makes it.
    async fn new() -> Self
    where
        Self: Sized;

    /// Opens it, as another node does, or the same one after a restart.
    async fn open(&self) -> Arc<dyn Store>;

    /// Takes it back to the schema that knew no fingerprints.
    async fn take_back(&self);

    /// Another empty one of the same kind, opened.
    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>);
}

/// Undoes the schema's versions from the one with fingerprints on.
const WITHOUT_FINGERPRINTS: &str = "
    ALTER TABLE channels DROP COLUMN high;
    ALTER TABLE channels DROP COLUMN low;
    ALTER TABLE documents DROP COLUMN erased;
    ALTER TABLE users DROP COLUMN disabled;
    DROP TABLE acts;
    DROP TABLE withdrawn;
    DROP TABLE codes;
    DROP TABLE files;";

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

    async fn take_back(&self) {
        let file = rusqlite::Connection::open(self.0.path().join("lianxin.sqlite")).unwrap();
        file.execute_batch(WITHOUT_FINGERPRINTS).unwrap();
        file.pragma_update(None, "user_version", 4).unwrap();
    }

    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>) {
        let other = Self::new().await;
        let store = other.open().await;
        (Box::new(other), store)
    }
}

/// On the server that `LIANXIN_POSTGRES` names.
pub(crate) struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// Its address.
    pub(crate) fn address(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// A connection past the store.
    pub(crate) async fn connect(&self) -> Client {
        connect(&self.address()).await
    }

    /// Carries out some SQL past the store.
    pub(crate) async fn carry_out(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.unwrap();
    }

    /// Waits until a query finds something.
    pub(crate) async fn until(&self, sql: &str) {
        let client = self.connect().await;
        let found = async {
            while client.query(sql, &[]).await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), found).await.expect(sql);
    }
}

#[async_trait]
impl Database for Postgres {
    async fn new() -> Self {
        let server = std::env::var("LIANXIN_POSTGRES").expect(
            "LIANXIN_POSTGRES names no PostgreSQL server; run this by `cargo xtask test` or `cargo xtask postgres cargo test`",
        );
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        let name = format!("lianxin_{:016x}", u64::from_be_bytes(random));
        let sql = format!("CREATE DATABASE {name}");
        connect(&server).await.batch_execute(&sql).await.unwrap();
        Self { server, name }
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open(&self.address()).await.unwrap())
    }

    async fn take_back(&self) {
        self.carry_out(WITHOUT_FINGERPRINTS).await;
        self.carry_out("DROP SEQUENCE act_numbers").await;
        self.carry_out("UPDATE schema_version SET version = 4").await;
    }

    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>) {
        let other = Self::new().await;
        let store = other.open().await;
        (Box::new(other), store)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own: the test's runtime may be at its end.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            let dropping = async { connect(&server).await.batch_execute(&sql).await };
            runtime.unwrap().block_on(dropping).unwrap();
        });
        drop(dropping.join());
    }
}

async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
