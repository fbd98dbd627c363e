//! Files that hang on records: taken here and waiting to be sent, or fetched and kept as long as there is room.
//!
//! The bytes lie in a store of their own, so that looking through many files opens none.

use lianxin_shared::id::{DocId, FileHash, Moment};
use lianxin_shared::records::{Attachment, File};
use lianxin_shared::sync::Held;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::database::Batch;
use super::store::Store;
use super::{News, Vault, VaultError};
use crate::i18n::when::now;

/// How long a file waits for its record when nothing here names it, in milliseconds: the desk's records are not here.
const UNNAMED: i64 = 24 * 60 * 60 * 1000;

/// How many bytes are kept of what the server has as well.
const ROOM: u64 = 50 * 1024 * 1024;

/// How a file came to be here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Origin {
    /// It was made here, and the server is not yet known to have it. Such a file never goes by itself.
    #[n(0)]
    Unsent,
    /// It was made here, and the server has it as well; unless it has been restored since from what is older.
    #[n(1)]
    Sent,
    /// The server gave it.
    #[n(2)]
    Fetched,
}

/// What is known of a file on the device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileEntry {
    /// The records on which it was seen here. With the last of them it goes.
    #[n(0)]
    pub docs: Vec<DocId>,
    /// How many bytes it has.
    #[n(1)]
    pub size: u64,
    /// How it came to be here.
    #[n(2)]
    pub origin: Origin,
    /// When it was last looked at.
    #[n(3)]
    pub used: Moment,
}

impl Vault {
    /// Keeps files that were made here for a record, to be sent.
    pub async fn keep_taken(&self, doc: DocId, files: Vec<(File, Vec<u8>)>) -> Result<(), VaultError> {
        let guard = self.guard().await?;
        let mut batch = Batch::default();
        for (file, bytes) in files {
            // The same picture taken up a second time may be with the server already; it is asked again, and nothing is sent twice.
            let entry = self.entry(doc, file).await?;
            put(
                &mut batch,
                file,
                &FileEntry {
                    origin: Origin::Unsent,
                    ..entry
                },
                bytes,
            )?;
        }
        self.commit_making_room(batch).await?;
        drop(guard);
        self.bell().ring(&News::Files);
        Ok(())
    }

    /// Keeps a file that the server gave. What was looked at longest ago gives way to it.
    pub async fn keep_fetched(&self, doc: DocId, file: File, bytes: Vec<u8>) -> Result<(), VaultError> {
        let _guard = self.guard().await?;
        let mut batch = Batch::default();
        for hash in to_free(&self.files().await?, ROOM.saturating_sub(file.size)) {
            remove(&mut batch, hash);
        }
        put(&mut batch, file, &self.entry(doc, file).await?, bytes)?;
        self.database.commit(batch).await
    }

    /// The bytes of a file, if they are here.
    pub async fn file(&self, hash: FileHash) -> Result<Option<Vec<u8>>, VaultError> {
        let bytes: Option<ByteVec> = self.database.get(Store::Blobs, &hash).await?;
        Ok(bytes.map(Into::into))
    }

    /// Remembers that a file was looked at.
    pub async fn touch_file(&self, hash: FileHash) -> Result<(), VaultError> {
        self.change_file(hash, |entry| entry.used = now()).await
    }

    /// The server has the file: it may go when room is needed.
    pub async fn file_sent(&self, hash: FileHash) -> Result<(), VaultError> {
        self.change_file(hash, |entry| entry.origin = Origin::Sent)
            .await?;
        self.bell().ring(&News::Files);
        Ok(())
    }

    /// The files that the server is not known to have.
    pub async fn unsent_files(&self) -> Result<Vec<(FileHash, FileEntry)>, VaultError> {
        let mut files = self.files().await?;
        files.retain(|(_, entry)| entry.origin == Origin::Unsent);
        Ok(files)
    }

    /// The files that wait for nothing but a line: their records have been sent, so that the server knows what they are.
    pub async fn files_to_send(&self) -> Result<Vec<(FileHash, FileEntry)>, VaultError> {
        let mut files = self.unsent_files().await?;
        if !files.is_empty() {
            let mut unready = self.database.keys(Store::Unsent).await?;
            unready.extend(self.database.keys(Store::Drafts).await?);
            for (_, entry) in &mut files {
                entry.docs.retain(|doc| !unready.contains(&doc.to_string()));
            }
            files.retain(|(_, entry)| !entry.docs.is_empty());
        }
        Ok(files)
    }

    /// The server says that the record does not name the file. If the record as it is here does not either, or is not here and
    /// did not come in time, the file is not the record's any more.
    pub async fn file_unknown(&self, doc: DocId, hash: FileHash) -> Result<(), VaultError> {
        let guard = self.guard().await?;
        let Some(entry) = self.database.get::<FileEntry>(Store::Files, &hash).await? else {
            return Ok(());
        };
        let is_named = match self.held(doc).await? {
            Some(held) => names(&held, hash),
            None => now().0 - entry.used.0 < UNNAMED,
        };
        if is_named {
            return Ok(());
        }
        let mut batch = Batch::default();
        without(&mut batch, hash, entry, &[doc])?;
        self.database.commit(batch).await?;
        drop(guard);
        self.bell().ring(&News::Files);
        Ok(())
    }

    /// Removes the files of records that are gone from here. `erased`: removed for good, so what was not sent goes as well.
    pub(super) async fn forget_files(
        &self,
        gone: &[DocId],
        erased: &[DocId],
        batch: &mut Batch,
    ) -> Result<(), VaultError> {
        if gone.is_empty() && erased.is_empty() {
            return Ok(());
        }
        for (hash, entry) in self.files().await? {
            let gone = if entry.origin == Origin::Unsent {
                erased
            } else {
                gone
            };
            without(batch, hash, entry, gone)?;
        }
        Ok(())
    }

    /// The server was restored, and may not have what was sent since its backup: it is asked again, and given what it lacks.
    pub(super) async fn doubt_files(&self, batch: &mut Batch) -> Result<(), VaultError> {
        for (hash, mut entry) in self.files().await? {
            if entry.origin == Origin::Sent {
                entry.origin = Origin::Unsent;
                batch.put(Store::Files, &hash, &entry)?;
            }
        }
        Ok(())
    }

    /// Removes the files that only a draft named.
    pub(super) async fn forget_files_of_draft(&self, id: DocId, batch: &mut Batch) -> Result<(), VaultError> {
        let Some(draft) = self.draft(id).await? else {
            return Ok(());
        };
        let held = self.held(id).await?;
        for (file, _) in draft.attachments.iter().flat_map(Attachment::files) {
            let is_named = held.as_ref().is_some_and(|held| names(held, file.hash));
            let entry = self.database.get::<FileEntry>(Store::Files, &file.hash).await?;
            if let Some(entry) = entry.filter(|_| !is_named) {
                without(batch, file.hash, entry, &[id])?;
            }
        }
        Ok(())
    }

    /// How many bytes [`Vault::clear_files`] would give back.
    pub async fn clearable(&self) -> Result<u64, VaultError> {
        let files = self.files().await?;
        let ours = files.iter().filter(|(_, entry)| entry.origin != Origin::Unsent);
        Ok(ours.map(|(_, entry)| entry.size).sum())
    }

    /// Removes the files that the server has as well: with a line they are shown all the same.
    pub async fn clear_files(&self) -> Result<(), VaultError> {
        let guard = self.guard().await?;
        self.free().await?;
        drop(guard);
        self.bell().ring(&News::Room);
        Ok(())
    }

    /// Writes a batch. On a device without room the files that the server has as well give way first.
    pub(super) async fn commit_making_room(&self, batch: Batch) -> Result<(), VaultError> {
        match self.database.commit(batch.clone()).await {
            Err(VaultError::Full) => {
                self.free().await?;
                self.database.commit(batch).await
            }
            done => done,
        }
    }

    async fn free(&self) -> Result<(), VaultError> {
        let mut freeing = Batch::default();
        for hash in to_free(&self.files().await?, 0) {
            remove(&mut freeing, hash);
        }
        self.database.commit(freeing).await
    }

    async fn files(&self) -> Result<Vec<(FileHash, FileEntry)>, VaultError> {
        // An entry that cannot be read is one of which nothing is known: its bytes are fetched again.
        let (read, _) = self.database.all::<FileEntry>(Store::Files).await?;
        let read = read.into_iter();
        Ok(read
            .filter_map(|(key, entry)| Some((key.parse().ok()?, entry)))
            .collect())
    }

    /// What is known of a file, once it is seen on this record too.
    async fn entry(&self, doc: DocId, file: File) -> Result<FileEntry, VaultError> {
        let known = self.database.get::<FileEntry>(Store::Files, &file.hash).await?;
        let mut entry = known.unwrap_or(FileEntry {
            docs: Vec::new(),
            size: file.size,
            origin: Origin::Fetched,
            used: now(),
        });
        if !entry.docs.contains(&doc) {
            entry.docs.push(doc);
        }
        entry.used = now();
        Ok(entry)
    }

    async fn change_file(
        &self,
        hash: FileHash,
        change: impl FnOnce(&mut FileEntry),
    ) -> Result<(), VaultError> {
        let _guard = self.guard().await?;
        let Some(mut entry) = self.database.get::<FileEntry>(Store::Files, &hash).await? else {
            return Ok(());
        };
        change(&mut entry);
        let mut batch = Batch::default();
        batch.put(Store::Files, &hash, &entry)?;
        self.database.commit(batch).await
    }
}

fn put(batch: &mut Batch, file: File, entry: &FileEntry, bytes: Vec<u8>) -> Result<(), VaultError> {
    batch.put(Store::Files, &file.hash, entry)?;
    batch.put(Store::Blobs, &file.hash, &ByteVec::from(bytes))
}

/// The file is not these records' any more.
fn without(
    batch: &mut Batch,
    hash: FileHash,
    mut entry: FileEntry,
    docs: &[DocId],
) -> Result<(), VaultError> {
    let before = entry.docs.len();
    entry.docs.retain(|doc| !docs.contains(doc));
    if entry.docs.is_empty() {
        remove(batch, hash);
    } else if entry.docs.len() < before {
        batch.put(Store::Files, &hash, &entry)?;
    }
    Ok(())
}

/// Whether what is held of a record names a file: as it stands, or as its writer meant it.
fn names(held: &Held, hash: FileHash) -> bool {
    let meant = held.refused.as_ref().map(|refused| refused.document());
    let records = [Some(held.document()), meant].into_iter().flatten();
    let mut records = records.filter_map(|document| document.ok()?.record().ok());
    records.any(|record| record.files().any(|(file, _)| file.hash == hash))
}

fn remove(batch: &mut Batch, hash: FileHash) {
    batch.remove(Store::Files, &hash);
    batch.remove(Store::Blobs, &hash);
}

/// Which files go so that those that the server has as well take no more than `room` bytes: those looked at longest ago.
fn to_free(files: &[(FileHash, FileEntry)], room: u64) -> Vec<FileHash> {
    let mut sent: Vec<_> = files
        .iter()
        .filter(|(_, entry)| entry.origin != Origin::Unsent)
        .collect();
    sent.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.used));
    let mut taken = 0;
    let over = |entry: &FileEntry| {
        taken += entry.size;
        taken > room
    };
    let mut over = over;
    sent.into_iter()
        .filter(|(_, entry)| over(entry))
        .map(|(hash, _)| *hash)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_longest_ago_goes_and_what_is_unsent_stays() {
        let file = |n: u8, used, origin| {
            let entry = FileEntry {
                docs: vec![DocId([1; 16])],
                size: 10,
                origin,
                used: Moment(used),
            };
            (FileHash([n; 32]), entry)
        };
        let files = [
            file(1, 5, Origin::Sent),
            file(2, 9, Origin::Fetched),
            file(3, 1, Origin::Unsent),
            file(4, 7, Origin::Sent),
        ];
        assert_eq!(to_free(&files, 30), []);
        assert_eq!(to_free(&files, 20), [FileHash([1; 32])]);
        assert_eq!(to_free(&files, 0).len(), 3);
        assert!(!to_free(&files, 0).contains(&FileHash([3; 32])));
    }
}
