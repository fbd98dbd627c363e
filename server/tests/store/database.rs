//! Databases of each kind for one test, gone with it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lianxin_server::store::{Examined, PostgresStore, SqliteStore, Store, StoreError};
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

    /// Looks at it without changing anything.
    async fn examine(&self) -> Result<Examined, StoreError>;

    /// Says of it that a newer version of the program wrote it.
    async fn take_forward(&self);

    /// Takes it back to the schema that knew no fingerprints.
    async fn take_back(&self);

    /// Tries some SQL past the store.
    async fn try_past_the_store(&self, sql: &str) -> Result<(), String>;

    /// Takes away what keeps the list of acts from being changed.
    async fn unguard_acts(&self);

    /// Takes it back to the schema whose acts were no chain.
    async fn unchain_acts(&self);

    /// Another empty one of the same kind, opened.
    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>);
}

/// Undoes the schema's version with the devices' keys.
const WITHOUT_DEVICES: &str = "DROP TABLE device_keys;";

/// Undoes which files records name, and what only lists are read by.
const WITHOUT_LISTS: &str = "
    DROP TABLE files;
    DROP INDEX records_by_assigner;
    DROP INDEX records_received;
    DROP INDEX records_of_kind;
    DROP INDEX records_due;
    DROP INDEX records_waited;
    ALTER TABLE records DROP COLUMN waited;
    ALTER TABLE records DROP COLUMN assigner;";

/// Undoes the schema's version with the chain of acts, but for its guards.
const WITHOUT_CHAIN: &str = "
    DROP TABLE seconds;
    DROP TABLE recovery_codes;
    ALTER TABLE acts DROP COLUMN link;
    DROP TABLE last_act;
    DROP INDEX sessions_by_user;
    ALTER TABLE sessions DROP COLUMN seen_at;
    ALTER TABLE sessions DROP COLUMN device;
    ALTER TABLE sessions DROP COLUMN place;
    ALTER TABLE sessions DROP COLUMN client;";

/// Undoes the schema's versions from the one with fingerprints on.
const WITHOUT_FINGERPRINTS: &str = "
    ALTER TABLE channels DROP COLUMN high;
    ALTER TABLE channels DROP COLUMN low;
    ALTER TABLE documents DROP COLUMN erased;
    ALTER TABLE users DROP COLUMN disabled;
    DROP TABLE withdrawn;
    DROP TABLE codes;
    DROP TABLE seconds;
    DROP TABLE recovery_codes;
    DROP TABLE acts;
    DROP TABLE last_act;
    DROP INDEX sessions_by_user;
    ALTER TABLE sessions DROP COLUMN seen_at;
    ALTER TABLE sessions DROP COLUMN device;
    ALTER TABLE sessions DROP COLUMN place;
    ALTER TABLE sessions DROP COLUMN client;";

/// Puts everything in a file back to where it lay by the document's id, and words into tokens.
const BY_THE_DOCUMENT: &str = "
    CREATE TABLE old_waiting (number INTEGER PRIMARY KEY, tokens TEXT NOT NULL) STRICT;
    INSERT INTO old_waiting SELECT number, ' 三号 号楼 楼 wifi 坏了 了' FROM waiting;
    DROP TABLE waiting;
    ALTER TABLE old_waiting RENAME TO waiting;

    CREATE TABLE old_entries (
        channel TEXT NOT NULL REFERENCES channels (name),
        doc BLOB NOT NULL REFERENCES documents (id),
        seq INTEGER NOT NULL,
        present INTEGER NOT NULL,
        floor INTEGER NOT NULL,
        steps BLOB NOT NULL,
        PRIMARY KEY (channel, doc)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO old_entries SELECT channel, doc, seq, present, floor, steps FROM entries;
    DROP TABLE entries;
    ALTER TABLE old_entries RENAME TO entries;
    CREATE UNIQUE INDEX entries_by_seq ON entries (channel, seq);
    CREATE INDEX entries_by_doc ON entries (doc);

    CREATE TABLE old_credits (
        doc BLOB NOT NULL,
        subject TEXT NOT NULL,
        figure TEXT NOT NULL,
        amount INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (doc, subject, figure)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO old_credits SELECT doc, subject, figure, amount, at FROM credits JOIN records USING (number);
    DROP TABLE credits;
    ALTER TABLE old_credits RENAME TO credits;
    CREATE INDEX credits_by_subject ON credits (subject, figure, at);
    CREATE INDEX credits_by_time ON credits (at);

    CREATE TABLE old_sketches (doc BLOB PRIMARY KEY, sketch BLOB NOT NULL, changed_at INTEGER NOT NULL) STRICT;
    INSERT INTO old_sketches SELECT doc, sketch, changed_at FROM sketches;
    DROP TABLE sketches;
    ALTER TABLE old_sketches RENAME TO sketches;
    CREATE INDEX sketches_by_change ON sketches (changed_at);";

/// Undoes the indexes that only a server has, by which it lists what stations have and what is overdue.
const WITHOUT_STATIONS: &str = "DROP INDEX records_of_station; DROP INDEX records_overdue;";

/// Undoes the indexes that only a file has, by which it counts and searches.
const WITHOUT_COUNTS: &str = "
    DROP INDEX records_counted;
    DROP INDEX records_found;";

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

    async fn examine(&self) -> Result<Examined, StoreError> {
        SqliteStore::examine(self.0.path())
    }

    async fn take_forward(&self) {
        let file = rusqlite::Connection::open(self.0.path().join("lianxin.sqlite")).unwrap();
        file.pragma_update(None, "user_version", 1000).unwrap();
    }

    async fn take_back(&self) {
        let file = self.file();
        for sql in [
            WITHOUT_DEVICES,
            WITHOUT_COUNTS,
            WITHOUT_LISTS,
            BY_THE_DOCUMENT,
            WITHOUT_FINGERPRINTS,
        ] {
            file.execute_batch(sql).unwrap();
        }
        file.pragma_update(None, "user_version", 4).unwrap();
    }

    async fn try_past_the_store(&self, sql: &str) -> Result<(), String> {
        self.file().execute_batch(sql).map_err(|e| e.to_string())
    }

    async fn unguard_acts(&self) {
        let sql = "DROP TRIGGER acts_stay; DROP TRIGGER acts_stand;";
        self.try_past_the_store(sql).await.unwrap();
    }

    async fn unchain_acts(&self) {
        self.unguard_acts().await;
        let file = self.file();
        for sql in [
            WITHOUT_DEVICES,
            WITHOUT_COUNTS,
            WITHOUT_LISTS,
            BY_THE_DOCUMENT,
            WITHOUT_CHAIN,
        ] {
            file.execute_batch(sql).unwrap();
        }
        file.pragma_update(None, "user_version", 7).unwrap();
    }

    async fn other(&self) -> (Box<dyn Database>, Arc<dyn Store>) {
        let other = Self::new().await;
        let store = other.open().await;
        (Box::new(other), store)
    }
}

impl Sqlite {
    fn file(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.0.path().join("lianxin.sqlite")).unwrap()
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

    async fn examine(&self) -> Result<Examined, StoreError> {
        PostgresStore::examine(&self.address()).await
    }

    async fn take_forward(&self) {
        self.carry_out("UPDATE schema_version SET version = 1000").await;
    }

    async fn take_back(&self) {
        self.carry_out(WITHOUT_DEVICES).await;
        self.carry_out(WITHOUT_STATIONS).await;
        self.carry_out(WITHOUT_LISTS).await;
        self.carry_out(WITHOUT_FINGERPRINTS).await;
        self.carry_out("UPDATE schema_version SET version = 4").await;
    }

    async fn try_past_the_store(&self, sql: &str) -> Result<(), String> {
        let outcome = self.connect().await.batch_execute(sql).await;
        outcome.map_err(|e| e.to_string())
    }

    async fn unguard_acts(&self) {
        let sql = "DROP TRIGGER acts_stay ON acts; DROP TRIGGER acts_stand ON acts;";
        self.carry_out(sql).await;
    }

    async fn unchain_acts(&self) {
        self.unguard_acts().await;
        self.carry_out(WITHOUT_DEVICES).await;
        self.carry_out(WITHOUT_STATIONS).await;
        self.carry_out(WITHOUT_LISTS).await;
        self.carry_out(WITHOUT_CHAIN).await;
        self.carry_out("CREATE SEQUENCE act_numbers START 6").await;
        self.carry_out("UPDATE schema_version SET version = 7").await;
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
