//! What no record names any more goes.
//!
//! At once where a record was removed for good ([`erase`]). What was only taken off a record is laid aside first: a database
//! that is restored from a backup may name it again, and the devices have given the file away by then.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use lianxin_shared::id::FileHash;
use object_store::{ObjectMeta, ObjectStoreExt as _};

use super::{Files, FilesError, aside, kept};
use crate::store::{Store, StoreError};

/// How long a file is kept that no record names.
pub const ASIDE: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long the pieces of a file are kept that stopped coming.
pub const UNFINISHED: Duration = Duration::from_secs(7 * 24 * 3600);

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(6 * 3600);

/// How many files are asked for at once.
const PAGE: usize = 500;

/// Why there was no sweeping.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The files.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sweeps again and again.
pub async fn keep_sweeping(files: Files, store: std::sync::Arc<dyn Store>) {
    let mut beat = tokio::time::interval(EVERY);
    loop {
        beat.tick().await;
        if let Err(error) = sweep(&files, &*store, SystemTime::now()).await {
            tracing::warn!(%error, "files.not_swept");
        }
    }
}

/// Lays aside what no record names, removes what lies aside for long, and pieces that nobody goes on with.
pub async fn sweep(files: &Files, store: &dyn Store, now: SystemTime) -> Result<(), SweepError> {
    let is_older = |object: &ObjectMeta, than: Duration| {
        let written: SystemTime = object.last_modified.into();
        now.duration_since(written).is_ok_and(|age| age > than)
    };
    let all = files.kept().await?;
    for hashes in all.chunks(PAGE) {
        let named = store.named(hashes.to_vec()).await?;
        for hash in hashes.iter().copied().filter(|hash| !named.contains(hash)) {
            files.lay_aside(hash).await?;
            // Somebody may have named it in between; with its device waiting, it is here already.
            if store.named(vec![hash]).await?.contains(&hash) {
                files.take_back(hash).await?;
            }
        }
    }
    for object in files.all("aside").await? {
        if is_older(&object, ASIDE) {
            files.delete(&object.location).await?;
        }
    }
    for object in files.all("parts").await? {
        if is_older(&object, UNFINISHED) {
            files.delete(&object.location).await?;
        }
    }
    Ok(())
}

/// Removes for good those of the files that no other record names.
pub async fn erase(files: &Files, store: &dyn Store, hashes: BTreeSet<FileHash>) -> Result<(), SweepError> {
    let named = store.named(hashes.iter().copied().collect()).await?;
    for hash in hashes.difference(&named) {
        let whole = files.get(&kept(*hash)).await?;
        for key in [kept(*hash), aside(*hash)] {
            files.delete(&key).await?;
        }
        files.drop_parts(*hash).await?;
        if let Some(whole) = whole
            && store.named(vec![*hash]).await?.contains(hash)
        {
            files.keep(*hash, whole).await?;
        }
    }
    Ok(())
}

impl Files {
    async fn lay_aside(&self, hash: FileHash) -> Result<(), FilesError> {
        if let Some(bytes) = self.get(&kept(hash)).await? {
            self.0.put(&aside(hash), bytes.into()).await?;
            self.delete(&kept(hash)).await?;
        }
        Ok(())
    }
}
