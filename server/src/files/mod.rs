//! Files that hang on records: kept by their content, in a folder or in S3.
//!
//! - [`upload`]: bytes come in pieces (tus 1.0), and go on from where a cut left them.
//! - [`download`]: for whoever may read a record that names the file.
//! - [`sweep`]: what no record names any more goes.
//!
//! | key | holds |
//! |---|---|
//! | `kept/HH/HASH` | a whole file, of which the hash is right |
//! | `parts/HASH/OFFSET-LENGTH` | a piece of one that is still coming |
//! | `aside/HASH` | a file that no record names, for [`sweep::ASIDE`] |
//!
//! Invariant: a file is kept only if an accepted record names it, and is given only to who may read that record.

mod asked;
mod download;
pub mod sweep;
mod upload;

use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, TryStreamExt as _};
use lianxin_shared::id::FileHash;
use lianxin_shared::records::{File, JPEG, PDF};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};

pub use download::download;
pub(crate) use download::picture;
pub use upload::{append, standing};

use crate::problem::Problem;

/// Why files cannot be kept or given.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder or the bucket does not do it now.
    #[error("the files: {0}")]
    Store(#[from] object_store::Error),
    /// The folder cannot be made.
    #[error("the folder of the files: {0}")]
    Folder(#[from] std::io::Error),
    /// The bytes are not what the record says: another hash, or another kind of file.
    #[error("the file is not what the record says")]
    Wrong,
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Wrong => Self::FileWrong,
            FilesError::Store(_) | FilesError::Folder(_) => {
                tracing::error!(%error, "files.failed");
                Self::Unavailable
            }
        }
    }
}

/// Where files are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files(Arc<dyn ObjectStore>);

/// A piece of a file that is still coming.
struct Part {
    key: Key,
    offset: u64,
    length: u64,
}

impl Files {
    /// In a folder, which is made when missing. What is written is on the disk when it is answered.
    pub fn in_folder(folder: &Path) -> Result<Self, FilesError> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// In an S3 bucket, as `s3://BUCKET` or `s3://BUCKET/PREFIX`. Who asks, where and how comes from the variables that S3's
    /// own programs read (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`).
    pub fn in_bucket(address: &str) -> Result<Self, FilesError> {
        Self::over_bucket(AmazonS3Builder::from_env(), address)
    }

    /// In an S3 bucket that is reached as the builder says.
    pub fn over_bucket(builder: AmazonS3Builder, address: &str) -> Result<Self, FilesError> {
        let store = builder.with_url(address).build()?;
        let rest = address.strip_prefix("s3://").unwrap_or_default();
        let prefix = rest.split_once('/').map_or("", |(_, prefix)| prefix);
        Ok(if prefix.trim_matches('/').is_empty() {
            Self(Arc::new(store))
        } else {
            Self(Arc::new(PrefixStore::new(store, prefix)))
        })
    }

    /// In memory, for tests and for those who need none.
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// How many bytes of a file are here.
    pub async fn offset(&self, file: &File) -> Result<u64, FilesError> {
        if self.is_kept(file.hash).await? {
            return Ok(file.size);
        }
        Ok(reach(&self.parts(file.hash).await?))
    }

    /// A file; nothing while it is not here whole.
    pub async fn read(&self, hash: FileHash) -> Result<Option<Bytes>, FilesError> {
        if let Some(bytes) = self.get(&kept(hash)).await? {
            return Ok(Some(bytes));
        }
        if self.take_back(hash).await? {
            return self.get(&kept(hash)).await;
        }
        Ok(None)
    }

    /// All that are here whole.
    pub(crate) async fn kept(&self) -> Result<Vec<FileHash>, FilesError> {
        Ok(self.all("kept").await?.iter().filter_map(hash_of).collect())
    }

    /// Keeps a whole file, of which the hash is known to be right.
    pub(crate) async fn keep(&self, hash: FileHash, whole: Bytes) -> Result<(), FilesError> {
        self.0.put(&kept(hash), whole.into()).await?;
        Ok(())
    }

    /// Keeps a piece of a file. With the last one the whole is looked at, and kept if it is what the record says.
    async fn add(&self, file: &File, kind: &str, offset: u64, piece: Bytes) -> Result<(), FilesError> {
        let end = offset + piece.len() as u64;
        self.0
            .put(&part(file.hash, offset, end - offset), piece.into())
            .await?;
        if end < file.size {
            return Ok(());
        }
        let Some(whole) = self.assembled(file).await? else {
            return Ok(());
        };
        let checked = tokio::task::spawn_blocking({
            let (file, kind) = (*file, kind.to_owned());
            move || (File::of(&whole) == file && is_of_kind(&whole, &kind)).then_some(whole)
        });
        let checked = checked.await.map_err(std::io::Error::other)?;
        if let Some(whole) = &checked {
            self.keep(file.hash, whole.clone()).await?;
        }
        self.drop_parts(file.hash).await?;
        checked.map(drop).ok_or(FilesError::Wrong)
    }

    /// The whole of a file out of its pieces; nothing where one is missing.
    async fn assembled(&self, file: &File) -> Result<Option<Bytes>, FilesError> {
        let mut whole = BytesMut::new();
        for part in self.parts(file.hash).await? {
            let here = whole.len() as u64;
            // Pieces may lie over one another where a line was cut and another request came first.
            if part.offset <= here && here < part.offset + part.length {
                let Some(bytes) = self.get(&part.key).await? else {
                    return Ok(None);
                };
                let from = usize::try_from(here - part.offset).unwrap_or(usize::MAX);
                whole.extend_from_slice(bytes.get(from..).unwrap_or_default());
            }
        }
        Ok((whole.len() as u64 == file.size).then(|| whole.freeze()))
    }

    async fn parts(&self, hash: FileHash) -> Result<Vec<Part>, FilesError> {
        let listed = self.0.list(Some(&parts(hash)));
        let mut found: Vec<_> = listed
            .try_filter_map(async |object| {
                let name = object.location.filename().and_then(|name| name.split_once('-'));
                let numbers =
                    name.and_then(|(offset, length)| Some((offset.parse().ok()?, length.parse().ok()?)));
                Ok(numbers.map(|(offset, length)| Part {
                    key: object.location,
                    offset,
                    length,
                }))
            })
            .try_collect()
            .await?;
        found.sort_by_key(|part| part.offset);
        Ok(found)
    }

    async fn drop_parts(&self, hash: FileHash) -> Result<(), FilesError> {
        for part in self.parts(hash).await? {
            self.delete(&part.key).await?;
        }
        Ok(())
    }

    async fn is_kept(&self, hash: FileHash) -> Result<bool, FilesError> {
        match self.0.head(&kept(hash)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => self.take_back(hash).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a file back that was laid aside; answers whether it was there.
    async fn take_back(&self, hash: FileHash) -> Result<bool, FilesError> {
        let Some(bytes) = self.get(&aside(hash)).await? else {
            return Ok(false);
        };
        self.keep(hash, bytes).await?;
        self.delete(&aside(hash)).await?;
        Ok(true)
    }

    async fn get(&self, key: &Key) -> Result<Option<Bytes>, FilesError> {
        match self.0.get(key).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete(&self, key: &Key) -> Result<(), FilesError> {
        match self.0.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Everything under a prefix, with what names it and when it was written.
    async fn all(&self, prefix: &str) -> Result<Vec<ObjectMeta>, FilesError> {
        let prefix = Key::from(prefix);
        let listed: Vec<_> = self.0.list(Some(&prefix)).collect().await;
        Ok(listed.into_iter().collect::<Result<_, _>>()?)
    }
}

/// How far the pieces reach without a gap. They are sorted by offset.
fn reach(parts: &[Part]) -> u64 {
    parts.iter().fold(0, |here, part| {
        if part.offset <= here {
            here.max(part.offset + part.length)
        } else {
            here
        }
    })
}

/// Whether bytes begin as files of a kind do. What a file calls itself counts for nothing.
fn is_of_kind(bytes: &[u8], kind: &str) -> bool {
    match kind {
        JPEG => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        PDF => bytes.starts_with(b"%PDF-"),
        _ => false,
    }
}

fn hash_of(object: &ObjectMeta) -> Option<FileHash> {
    object.location.filename()?.parse().ok()
}

fn kept(hash: FileHash) -> Key {
    let hash = hash.to_string();
    Key::from(format!("kept/{}/{hash}", &hash[..2]))
}

fn aside(hash: FileHash) -> Key {
    Key::from(format!("aside/{hash}"))
}

fn parts(hash: FileHash) -> Key {
    Key::from(format!("parts/{hash}"))
}

/// A longer piece never gives way to a shorter one: the length is in the name.
fn part(hash: FileHash, offset: u64, length: u64) -> Key {
    Key::from(format!("parts/{hash}/{offset:08}-{length:08}"))
}
