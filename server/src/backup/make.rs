//! Making a backup, while the store serves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path as FilePath;

use futures_util::{TryStreamExt as _, stream};
use lianxin_shared::id::{DocId, Moment};

use super::chunk::{self, Cutter, Name, Names};
use super::keep::GRACE;
use super::manifest::{Contents, MadeAt, Manifest};
use super::piece::Piece;
use super::target::Shelf;
use super::{BackupError, Keep, Recipients, Target, last};
use crate::clock::now;
use crate::files::Files;
use crate::store::{Kept, Pages, Store, StoreError};

/// How many things are written to the target at once.
const AT_ONCE: usize = 4;

/// What was made, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: Moment,
    /// How many documents it has.
    pub documents: u64,
    /// How many chunks it is made of.
    pub chunks: usize,
    /// How many of them were not there yet.
    pub new: usize,
    /// How many files that hang on records were not there yet.
    pub files: usize,
    /// How many bytes of chunks and files were written.
    pub bytes: u64,
    /// How many older backups were removed.
    pub removed: usize,
}

/// Makes a backup of a store and its files, and notes in the data folder, if there is one, when it was made; then removes those
/// that need not stay, and what only they had. The store is read as of one moment, and its transaction ends before anything is sent.
pub async fn make(
    (store, files): (&dyn Store, &Files),
    data: Option<&FilePath>,
    target: &Target,
    recipients: &Recipients,
    keep: Keep,
) -> Result<Made, BackupError> {
    let life = store.life().await?;
    let database = chunk::database(&life);
    let names = Names::new(&life, recipients);
    let known = known(target, &database).await?;

    let gathered = Gathered::new(names.clone(), recipients.clone(), known)?;
    let pages = store.dump();
    let reading = tokio::task::spawn_blocking(move || gathered.with(pages));
    let mut gathered = reading
        .await
        .map_err(|error| BackupError::Store(StoreError::Unavailable(error.to_string())))??;
    // A file comes after the record that names it: one that came since the dump is no harm.
    let files = put_files(files, target, &names, recipients).await?;
    for file in &files.all {
        gathered.add(&Piece::File(file.clone()))?;
    }
    gathered.end()?;
    let bytes = gathered.put(target).await? + files.bytes;

    let at = MadeAt(now());
    let made = Made {
        at: at.0,
        documents: gathered.documents,
        chunks: gathered.chunks.len(),
        new: gathered.new.len(),
        files: files.new,
        bytes,
        removed: 0,
    };
    let contents = Contents {
        database,
        documents: gathered.documents,
        chunks: gathered.chunks,
        files: files.all.iter().map(|file| names.file(file)).collect(),
        erased: gathered.erased,
    };
    let manifest = Manifest::seal(at, contents, &names, recipients)?;
    target.put_manifest(at, &manifest).await?;
    // It is made all the same, also where that cannot be noted; and what lies there too long does no harm.
    last::note(store, data, at.0).await;
    let removed = tidy(target, keep, at).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "backup.not_tidied");
        0
    });
    Ok(Made { removed, ..made })
}

/// The chunks of the newest backup that are really there: what is not named by it may be on its way out, and is written again.
async fn known(target: &Target, database: &str) -> Result<BTreeSet<Name>, BackupError> {
    let Some(newest) = target.backups().await?.pop() else {
        return Ok(BTreeSet::new());
    };
    let manifest = match target.manifest(MadeAt(newest)).await {
        // Then this one builds on nothing, and is whole by itself.
        Err(error @ (BackupError::Damaged(_) | BackupError::Missing(_))) => {
            tracing::warn!(%error, "backup.newest_unreadable");
            return Ok(BTreeSet::new());
        }
        manifest => manifest?,
    };
    if manifest.database != database {
        return Err(BackupError::OtherDatabase);
    }
    let there = target.names(Shelf::Chunks).await?;
    let named = manifest.chunks.into_iter();
    Ok(named.filter(|name| there.contains_key(name)).collect())
}

/// Removes the backups that need not stay, and what no other names; answers how many. What was written within the last day
/// may belong to one that is just being made.
async fn tidy(target: &Target, keep: Keep, newest: MadeAt) -> Result<usize, BackupError> {
    let superfluous = keep.superfluous(&target.backups().await?, now());
    for at in &superfluous {
        target.remove_manifest(MadeAt(*at)).await?;
    }
    let mut named: BTreeMap<Shelf, BTreeSet<Name>> = BTreeMap::new();
    for at in target.backups().await? {
        let manifest = target.manifest(MadeAt(at)).await?;
        named.entry(Shelf::Chunks).or_default().extend(manifest.chunks);
        named.entry(Shelf::Files).or_default().extend(manifest.files);
    }
    for shelf in [Shelf::Chunks, Shelf::Files] {
        let named = named.remove(&shelf).unwrap_or_default();
        for (name, written) in target.names(shelf).await? {
            if !named.contains(&name) && newest.0.0.saturating_sub(written.0) > GRACE {
                target.remove(shelf, name).await?;
            }
        }
    }
    Ok(superfluous.len())
}

/// What goes into a backup. New chunks wait, encrypted, in a file without a name: a target may be slow, and a store must not
/// be read from for long.
struct Gathered {
    names: Names,
    recipients: Recipients,
    known: BTreeSet<Name>,
    cutter: Cutter,
    spool: File,
    chunks: Vec<Name>,
    /// With how many bytes each has in the spool, in order.
    new: Vec<(Name, usize)>,
    documents: u64,
    erased: Vec<(DocId, Moment)>,
}

impl Gathered {
    fn new(names: Names, recipients: Recipients, known: BTreeSet<Name>) -> Result<Self, BackupError> {
        Ok(Self {
            names,
            recipients,
            known,
            cutter: Cutter::default(),
            spool: tempfile::tempfile()?,
            chunks: Vec::new(),
            new: Vec::new(),
            documents: 0,
            erased: Vec::new(),
        })
    }

    fn with(mut self, mut pages: Pages) -> Result<Self, BackupError> {
        while let Some(page) = pages.blocking_recv() {
            for kept in page? {
                match &kept {
                    Kept::Document(_) => self.documents += 1,
                    Kept::Tombstone(tombstone) => self.erased.push((tombstone.doc, tombstone.at)),
                    _ => {}
                }
                let piece = Piece::of(kept)
                    .map_err(|_| StoreError::Damaged("an account cannot be written down".to_owned()))?;
                self.add(&piece)?;
            }
        }
        Ok(self)
    }

    fn add(&mut self, piece: &Piece) -> Result<(), BackupError> {
        match self.cutter.add(piece)? {
            Some(plain) => self.chunk(&plain),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), BackupError> {
        let rest = self.cutter.rest();
        if rest.is_empty() {
            Ok(())
        } else {
            self.chunk(&rest)
        }
    }

    fn chunk(&mut self, plain: &[u8]) -> Result<(), BackupError> {
        let name = self.names.chunk(plain);
        self.chunks.push(name);
        if self.known.insert(name) {
            let sealed = chunk::pack(plain, &self.recipients)?;
            self.spool.write_all(&sealed)?;
            self.new.push((name, sealed.len()));
        }
        Ok(())
    }

    /// Writes what is new to the target; answers how many bytes.
    async fn put(&mut self, target: &Target) -> Result<u64, BackupError> {
        self.spool.seek(SeekFrom::Start(0))?;
        let spool = &mut self.spool;
        let read = self.new.iter().map(|(name, length)| {
            let mut sealed = vec![0; *length];
            spool.read_exact(&mut sealed)?;
            Ok::<_, BackupError>((*name, sealed))
        });
        stream::iter(read)
            .try_for_each_concurrent(AT_ONCE, |(name, sealed)| target.put(Shelf::Chunks, name, sealed))
            .await?;
        Ok(self.new.iter().map(|(_, length)| *length as u64).sum())
    }
}

/// The files that hang on records.
#[derive(Default)]
struct Written {
    all: BTreeSet<String>,
    new: usize,
    bytes: u64,
}

/// Writes the files to the target that are not there. Their names are their hashes, so each is written once.
async fn put_files(
    files: &Files,
    target: &Target,
    names: &Names,
    recipients: &Recipients,
) -> Result<Written, BackupError> {
    let mut written = Written::default();
    let there = target.names(Shelf::Files).await?;
    for hash in files.kept().await? {
        let file = hash.to_string();
        let name = names.file(&file);
        if !there.contains_key(&name) {
            // Nothing if it was removed a moment ago.
            let Some(content) = files.read(hash).await? else {
                continue;
            };
            let recipients = recipients.clone();
            let sealed = tokio::task::spawn_blocking(move || recipients.seal(&content));
            let sealed = sealed
                .await
                .map_err(|error| std::io::Error::other(error.to_string()))??;
            written.bytes += sealed.len() as u64;
            target.put(Shelf::Files, name, sealed).await?;
            written.new += 1;
        }
        written.all.insert(file);
    }
    Ok(written)
}
