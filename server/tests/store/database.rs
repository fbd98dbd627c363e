//! Databases of each kind for one test, gone with it.

use std::sync::Arc;

use async_trait::async_trait;
use lianxin_server::store::{PostgresStore, SqliteStore, Store};
use tempfile::TempDir;
use tokio_postgres::NoTls;

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
        carry_out(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open(&self.address()).await.unwrap())
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
            runtime.unwrap().block_on(carry_out(&server, &sql));
        });
        drop(dropping.join());
    }
}

async fn carry_out(server: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    let work = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    drop(work.await);
}
