//! Reading a backup: first all of it, to see that it is whole; then for a store to take.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use lianxin_shared::id::{DocId, Epoch, FileHash, Moment};
use tokio::sync::mpsc;

use super::chunk::{self, Names};
use super::manifest::{MadeAt, Manifest};
use super::piece::Piece;
use super::target::Shelf;
use super::{BackupError, Identities, Target};
use crate::files::{Files, sweep};
use crate::projection;
use crate::store::{Entry, Kept, Pages, Store, StoreError, Tombstone};

/// How many chunks are read at once.
const AT_ONCE: usize = 4;

/// A backup that is being restored.
#[derive(Clone)]
pub struct Restoring {
    target: Target,
    at: MadeAt,
    manifest: Arc<Manifest>,
    names: Names,
    identities: Arc<Identities>,
    /// What was erased after it was made, as later backups tell.
    erased: Arc<BTreeMap<DocId, Moment>>,
}

/// What a backup holds, all of which was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many documents.
    pub documents: u64,
    /// The files that hang on records.
    pub files: Vec<FileHash>,
}

impl Restoring {
    /// The last backup, or the last that was made at a moment or earlier.
    pub async fn open(
        target: Target,
        before: Option<Moment>,
        identities: Identities,
    ) -> Result<Self, BackupError> {
        let backups = target.backups().await?;
        let wanted = |at: &&Moment| before.is_none_or(|before| **at <= before);
        let at = backups.iter().rfind(wanted).copied().map(MadeAt);
        let at = at.ok_or_else(|| match (backups.first(), before) {
            (Some(first), Some(_)) => {
                BackupError::None(format!(" from so early; the first is {}", MadeAt(*first)))
            }
            _ => BackupError::None(String::new()),
        })?;
        let manifest = target.manifest(at).await?;
        let opened = manifest.open(at, &identities)?;
        let mut erased = BTreeMap::new();
        for later in backups.into_iter().filter(|later| *later > at.0).map(MadeAt) {
            erased.extend(target.manifest(later).await?.open(later, &identities)?.erased);
        }
        for (doc, _) in &opened.erased {
            erased.remove(doc);
        }
        Ok(Self {
            target,
            at,
            manifest: Arc::new(manifest),
            names: opened.names,
            identities: Arc::new(identities),
            erased: Arc::new(erased),
        })
    }

    /// When it was made.
    pub fn made_at(&self) -> Moment {
        self.at.0
    }

    /// How many documents were erased after it was made: they do not come back.
    pub fn erased_since(&self) -> usize {
        self.erased.len()
    }

    /// Reads all of it, and changes nothing: every chunk is there, is what its name says, and every file too.
    pub async fn verify(&self) -> Result<Verified, BackupError> {
        let mut verified = Verified::default();
        let mut chunks = self.chunks();
        while let Some(pieces) = chunks.try_next().await? {
            for piece in pieces {
                match piece {
                    Piece::Document(_) => verified.documents += 1,
                    Piece::File(name) => verified.files.push(hash(&name)?),
                    _ => {}
                }
            }
        }
        for file in &verified.files {
            self.file(*file).await?;
        }
        Ok(verified)
    }

    /// Fills an empty store, and puts its files beside it first: those that are there stay, for their names say what they are.
    /// Then those go that no record in it names, as that of a record that was erased since.
    pub async fn restore(
        &self,
        verified: &Verified,
        store: &dyn Store,
        files: &Files,
    ) -> Result<(), BackupError> {
        for hash in &verified.files {
            files.keep(*hash, self.file(*hash).await?.into()).await?;
        }
        self.fill(store).await?;
        Ok(sweep::erase(files, store, verified.files.iter().copied().collect()).await?)
    }

    /// Fills an empty store, which gets another epoch: devices compare what they hold with it. In one transaction.
    pub async fn fill(&self, store: &dyn Store) -> Result<(), BackupError> {
        let mut epoch = [0; 16];
        getrandom::fill(&mut epoch).map_err(|error| std::io::Error::other(error.to_string()))?;
        store.fill(self.pages(Epoch(epoch))).await?;
        store.set_projection(projection::VERSION).await?;
        Ok(())
    }

    async fn file(&self, hash: FileHash) -> Result<Vec<u8>, BackupError> {
        let object = self.names.file(&hash.to_string());
        let sealed = self.target.get(Shelf::Files, object).await?;
        self.identities.open(&format!("file {object}"), &sealed)
    }

    fn pages(&self, epoch: Epoch) -> Pages {
        let (out, pages) = mpsc::channel(1);
        let from = self.clone();
        tokio::spawn(async move {
            let mut chunks = from.chunks();
            let mut unknown = (*from.erased).clone();
            loop {
                let page = match chunks.try_next().await {
                    Ok(Some(pieces)) => from.page(pieces, epoch).await,
                    Ok(None) => break,
                    Err(error) => Err(StoreError::Damaged(error.to_string())),
                };
                for kept in page.iter().flatten() {
                    if let Kept::Tombstone(tombstone) = kept {
                        unknown.remove(&tombstone.doc);
                    }
                }
                let is_last = page.is_err();
                if out.send(page).await.is_err() || is_last {
                    return;
                }
            }
            // What was erased without ever having been in it must not come either.
            let unknown = unknown.into_iter().map(|(doc, at)| {
                Kept::Tombstone(Tombstone {
                    doc,
                    at,
                    entries: Vec::new(),
                })
            });
            drop(out.send(Ok(unknown.collect())).await);
        });
        pages
    }

    async fn page(&self, pieces: Vec<Piece>, epoch: Epoch) -> Result<Vec<Kept>, StoreError> {
        let erased = self.erased.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let kept = pieces.into_iter().map(Piece::kept);
            let kept = kept.collect::<Result<Vec<_>, _>>().ok()?;
            let kept = kept.into_iter().flatten().map(|kept| in_a_new_life(kept, epoch));
            Some(kept.filter_map(|kept| without(kept, &erased)).collect())
        });
        let page = reading.await.ok().flatten();
        page.ok_or_else(|| StoreError::Damaged("a piece of the backup".to_owned()))
    }

    /// The pieces of each chunk, in order.
    fn chunks(&self) -> impl Stream<Item = Result<Vec<Piece>, BackupError>> + Unpin + use<> {
        let from = self.clone();
        let names = self.manifest.chunks.clone();
        let reading = stream::iter(names).map(move |name| {
            let from = from.clone();
            async move {
                let sealed = from.target.get(Shelf::Chunks, name).await?;
                let opening = tokio::task::spawn_blocking(move || {
                    chunk::unpack(name, &sealed, &from.names, &from.identities)
                });
                opening
                    .await
                    .map_err(|error| std::io::Error::other(error.to_string()))?
            }
        });
        Box::pin(reading.buffered(AT_ONCE))
    }
}

fn in_a_new_life(kept: Kept, epoch: Epoch) -> Kept {
    match kept {
        Kept::Life(life) => Kept::Life(crate::store::Life { epoch, ..life }),
        other => other,
    }
}

/// A piece without what was erased since: of a document there is left that it was erased, where it was; of what was refused of
/// it, nothing.
fn without(kept: Kept, erased: &BTreeMap<DocId, Moment>) -> Option<Kept> {
    match kept {
        Kept::Document(document) => {
            let Some(at) = erased.get(&document.doc) else {
                return Some(Kept::Document(document));
            };
            let left = |entry: Entry| {
                let seq = entry.seq;
                entry.left(seq)
            };
            Some(Kept::Tombstone(Tombstone {
                doc: document.doc,
                at: *at,
                entries: document.entries.into_iter().map(left).collect(),
            }))
        }
        Kept::Quarantined(quarantined) if erased.contains_key(&quarantined.doc) => None,
        other => Some(other),
    }
}

fn hash(name: &str) -> Result<FileHash, BackupError> {
    name.parse()
        .map_err(|_| BackupError::Damaged(format!("the name of the file {name}")))
}
