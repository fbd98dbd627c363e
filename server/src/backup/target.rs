//! Where backups lie: a folder, or S3.

use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _};
use lianxin_shared::id::Moment;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload};

use super::BackupError;
use super::chunk::Name;
use super::manifest::{MadeAt, Manifest};

/// Where backups lie. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Target(Arc<dyn ObjectStore>);

/// What lies under names that follow from content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shelf {
    /// Chunks of the dump.
    Chunks,
    /// Files that hang on records.
    Files,
}

impl Shelf {
    fn folder(self) -> Path {
        match self {
            Self::Chunks => Path::from("chunks"),
            Self::Files => Path::from("files"),
        }
    }

    fn path(self, name: Name) -> Path {
        self.folder().join(name.to_string())
    }

    /// What one of it is called.
    fn what(self, name: Name) -> String {
        match self {
            Self::Chunks => format!("chunk {name}"),
            Self::Files => format!("file {name}"),
        }
    }
}

impl Target {
    /// The one of this name, a folder or `s3://BUCKET/PATH`; a folder is made when missing. What S3 asks for is read from the
    /// variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT` and their like.
    pub fn to(place: &str) -> Result<Self, BackupError> {
        if let Some(folder) = folder(place) {
            std::fs::create_dir_all(folder)?;
        }
        Self::from(place)
    }

    /// The one of this name, which is there.
    pub fn from(place: &str) -> Result<Self, BackupError> {
        let Some(folder) = folder(place) else {
            return Self::over_bucket(AmazonS3Builder::from_env(), place);
        };
        if !folder.is_dir() {
            return Err(BackupError::None(format!(": {} is no folder", folder.display())));
        }
        // Made means durable, as for everything else.
        let folder = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self(Arc::new(folder)))
    }

    /// The one of this name, `s3://BUCKET/PATH`, in a bucket that is reached as the builder says.
    pub fn over_bucket(builder: AmazonS3Builder, place: &str) -> Result<Self, BackupError> {
        let unknown = || BackupError::Place(place.to_owned());
        let rest = place.strip_prefix("s3://").ok_or_else(unknown)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(unknown());
        }
        let bucket = builder.with_bucket_name(bucket).build()?;
        Ok(Self(Arc::new(PrefixStore::new(bucket, prefix))))
    }

    /// When its backups were made, the oldest first.
    pub async fn backups(&self) -> Result<Vec<Moment>, BackupError> {
        let listed = self.0.list(Some(&Path::from("manifests")));
        let paths: Vec<Path> = listed.map_ok(|meta| meta.location).try_collect().await?;
        let times = paths.iter().filter_map(|path| {
            let name = path.filename()?.strip_suffix(".json")?;
            name.parse::<MadeAt>().ok()
        });
        let mut times: Vec<_> = times.map(|made| made.0).collect();
        times.sort_unstable();
        Ok(times)
    }

    /// The backup of a time.
    pub(super) async fn manifest(&self, at: MadeAt) -> Result<Manifest, BackupError> {
        let bytes = self
            .read(&manifest_path(at), || format!("the backup {at}"))
            .await?;
        Manifest::read(at, &bytes)
    }

    /// Adds a backup. One of the same time is an error.
    pub(super) async fn put_manifest(&self, at: MadeAt, manifest: &Manifest) -> Result<(), BackupError> {
        let payload = PutPayload::from(manifest.bytes()?);
        self.0
            .put_opts(&manifest_path(at), payload, PutMode::Create.into())
            .await?;
        Ok(())
    }

    /// Takes a backup off the list.
    pub(super) async fn remove_manifest(&self, at: MadeAt) -> Result<(), BackupError> {
        Ok(self.0.delete(&manifest_path(at)).await?)
    }

    /// All that lies on a shelf, with when it was written. What is empty was never written to its end.
    pub(super) async fn names(&self, shelf: Shelf) -> Result<BTreeMap<Name, Moment>, BackupError> {
        let mut names = BTreeMap::new();
        let mut listed = self.0.list(Some(&shelf.folder()));
        while let Some(meta) = listed.next().await {
            let meta = meta?;
            let name = meta.location.filename().and_then(|name| name.parse().ok());
            if let Some(name) = name.filter(|_| meta.size > 0) {
                names.insert(name, Moment(meta.last_modified.timestamp_millis()));
            }
        }
        Ok(names)
    }

    /// Reads something off a shelf.
    pub(super) async fn get(&self, shelf: Shelf, name: Name) -> Result<Vec<u8>, BackupError> {
        self.read(&shelf.path(name), || shelf.what(name)).await
    }

    /// Puts something there.
    pub(super) async fn put(&self, shelf: Shelf, name: Name, sealed: Vec<u8>) -> Result<(), BackupError> {
        self.0.put(&shelf.path(name), PutPayload::from(sealed)).await?;
        Ok(())
    }

    /// Removes something.
    pub(super) async fn remove(&self, shelf: Shelf, name: Name) -> Result<(), BackupError> {
        match self.0.delete(&shelf.path(name)).await {
            // Another was quicker.
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn read(&self, path: &Path, what: impl Fn() -> String) -> Result<Vec<u8>, BackupError> {
        match self.0.get(path).await {
            Ok(found) => Ok(found.bytes().await?.into()),
            Err(object_store::Error::NotFound { .. }) => Err(BackupError::Missing(what())),
            Err(error) => Err(error.into()),
        }
    }
}

fn manifest_path(at: MadeAt) -> Path {
    Path::from("manifests").join(format!("{at}.json"))
}

fn folder(place: &str) -> Option<&FilePath> {
    let place = place.strip_prefix("file://").unwrap_or(place);
    (!place.contains("://")).then(|| FilePath::new(place))
}
