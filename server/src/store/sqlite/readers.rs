//! A few connections that read, each in a transaction, so that one question sees one moment.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction};
use tokio::sync::Semaphore;

use super::pulse::Pulse;

use crate::store::StoreError;

/// The most connections.
const CONNECTIONS: usize = 4;

/// The connections that are not in use, and the right to use one. All clones are one.
#[derive(Clone)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
    pulse: Pulse,
}

impl Readers {
    /// Connections to the database at `path`, opened as they are needed.
    pub(super) fn new(path: &Path, pulse: Pulse) -> Self {
        Self {
            path: path.to_owned(),
            idle: Arc::default(),
            free: Arc::new(Semaphore::new(CONNECTIONS)),
            pulse,
        }
    }

    /// Reads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.pulse.beat();
        let unavailable = |e: &dyn std::fmt::Display| StoreError::Unavailable(e.to_string());
        let permit = self
            .free
            .clone()
            .acquire_owned()
            .await
            .map_err(|e| unavailable(&e))?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        let read = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut conn = kept.map_or_else(|| open(&path), Ok)?;
            let outcome = conn
                .transaction()
                .map_err(StoreError::from)
                .and_then(|tx| work(&tx));
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            drop(permit);
            outcome
        });
        let outcome = read.await.map_err(|e| unavailable(&e))?;
        self.pulse.beat();
        outcome
    }
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    super::tune(&conn)?;
    Ok(conn)
}
