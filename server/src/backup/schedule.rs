//! A backup every hour, while serving.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::{BackupError, Keep, Recipients, Target, make};
use crate::clock::now;
use crate::config::Backup;
use crate::files::Files;
use crate::store::Store;

/// How long until another try after one that failed.
const AGAIN: Duration = Duration::from_secs(10 * 60);

/// When backups are made, where, and for whom.
pub struct Schedule {
    target: Target,
    recipients: Recipients,
    keep: Keep,
    every: Duration,
    data: Option<PathBuf>,
}

impl Schedule {
    /// One that goes by what lies in the target: a server that is started often makes no more backups than one that is not.
    pub fn of(backup: &Backup, data: Option<&Path>) -> Result<Self, BackupError> {
        Ok(Self {
            target: Target::to(&backup.to)?,
            recipients: Recipients::parse(&backup.recipients)?,
            keep: backup.keep,
            every: backup.every.unsigned_abs(),
            data: data.map(Path::to_owned),
        })
    }

    /// Makes backups for ever, and one at once when `erased` is told. One that fails is told in the log and tried again;
    /// nothing else hears of it.
    pub async fn keep_to(self, store: Arc<dyn Store>, files: Files, erased: Arc<Notify>) {
        loop {
            // What wakes it while a backup is being made counts for the next one.
            drop(timeout(self.wait().await, erased.notified()).await);
            let data = self.data.as_deref();
            match make((&*store, &files), data, &self.target, &self.recipients, self.keep).await {
                Ok(made) => {
                    tracing::info!(
                        documents = made.documents,
                        chunks = made.chunks,
                        new_chunks = made.new,
                        new_files = made.files,
                        written_bytes = made.bytes,
                        removed = made.removed,
                        "backup.made"
                    );
                }
                Err(error) => {
                    tracing::error!(%error, "backup.failed");
                    sleep(AGAIN.min(self.every)).await;
                }
            }
        }
    }

    /// How long until the next is due.
    async fn wait(&self) -> Duration {
        let Ok(backups) = self.target.backups().await else {
            // Making one will say what is wrong.
            return Duration::ZERO;
        };
        let Some(last) = backups.last() else {
            return Duration::ZERO;
        };
        let age = u64::try_from(now().0.saturating_sub(last.0)).unwrap_or(0);
        self.every.saturating_sub(Duration::from_millis(age))
    }
}
