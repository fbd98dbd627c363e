//! What the device keeps: documents, summaries and drafts of one user, in one IndexedDB database.
//!
//! - [`database`]: sealed bytes by key, in transactions that are durable when they end; [`seal`]: the one seam for
//!   encryption; [`key`]: what seals, and what wraps that; [`pin`]: what may open it, and how wrong ones slow down.
//! - [`enrolment`]: a vault as it lies there locked. [`pass`]: the open key goes from page to page. [`unsealed`]: vaults of
//!   older versions of the app are taken over.
//! - `pen`: seals what is half written, without waiting.
//! - [`lock`]: what is read, worked on and written back happens under one lock for all windows.
//! - [`bell`]: tells all windows what changed. [`draft`]: what is half written. [`office`]: what the office's
//!   desk keeps. [`files`]: pictures and papers. [`tablet`]: what belongs to the tablet
//!   and not to a user.
//!
//! Invariant: what has to be sent is marked in the very transaction that writes it, and unmarked in the one that stores
//! the server's receipt.

pub mod bell;
pub mod database;
pub mod draft;
pub mod enrolment;
mod files;
pub mod key;
pub mod lock;
mod office;
pub mod pass;
mod pen;
pub mod pin;
pub mod seal;
pub mod tablet;
pub mod unsealed;

use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Heads, UserId};
use lianxin_shared::records::{Register, register};
use lianxin_shared::sync::{self, Held, HeldError, Holdings, Outgoing, Position, Summary};

use minicbor::bytes::ByteArray;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use bell::{Bell, News};
pub use database::VaultError;
pub use draft::{Base, Draft, OfficeDraft, StepDraft};
pub use enrolment::{Enrolment, Recovery, VaultId};
pub use files::FileEntry;
pub use key::Key;
pub use office::{HeldAct, View};

use crate::chance;
use crate::session::Session;
use database::{Batch, Database, Store};
use pen::Pen;
use seal::Seal;

const SESSION: &str = "session";
const POSITION: &str = "position";
const PEN: &str = "pen";

/// One user's vault on this device, unlocked; cheap to clone. It is open as long as a clone lives.
#[derive(Clone)]
pub struct Vault {
    id: VaultId,
    user: UserId,
    database: Database,
    bell: Bell,
}

impl PartialEq for Vault {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What became of a batch of the machine's.
#[derive(Debug, Default)]
pub struct Stored {
    /// Documents that were written or removed.
    pub touched: Vec<DocId>,
    /// See [`sync::Applied::gap`].
    pub gap: bool,
    /// See [`sync::Applied::turned`].
    pub turned: Holdings,
}

/// Unsent work, as far as it fits a budget.
#[derive(Debug, Default)]
pub struct Unsent {
    /// What is to be sent.
    pub work: Vec<Outgoing>,
    /// Whether there is more.
    pub more: bool,
}

impl Vault {
    /// Opens or makes a user's vault, with its data key.
    pub async fn open(id: VaultId, user: &UserId, key: Key) -> Result<Self, VaultError> {
        let database = Database::open(&Self::database_name(id), Seal::Key(key.clone())).await?;
        let vault = Self {
            id,
            user: user.clone(),
            database,
            bell: Bell::of(&id.to_string())?,
        };
        let pen = vault.pen().await?;
        let database = vault.database.clone().sealed_by(Seal::Both(key, pen));
        Ok(Self { database, ..vault })
    }

    /// What seals drafts; made when the vault is opened for the first time.
    async fn pen(&self) -> Result<Pen, VaultError> {
        // Two windows must not make two.
        let _guard = self.guard().await?;
        let kept: Option<ByteArray<32>> = self.database.get(Store::Meta, PEN).await?;
        let bytes = match kept {
            Some(bytes) => bytes,
            None => {
                let bytes = ByteArray::from(chance::bytes::<32>());
                let mut batch = Batch::default();
                batch.put(Store::Meta, PEN, &bytes)?;
                self.database.commit(batch).await?;
                bytes
            }
        };
        Ok(Pen::of(&bytes))
    }

    /// Removes what a vault holds, unsent or not.
    pub async fn remove(id: VaultId) -> Result<(), VaultError> {
        Database::remove(&Self::database_name(id)).await
    }

    fn database_name(id: VaultId) -> String {
        format!("lianxin-{id}")
    }

    /// Lets go of the database, so that it can be removed.
    pub fn close(&self) {
        self.database.close();
    }

    /// Which it is.
    pub fn id(&self) -> VaultId {
        self.id
    }

    /// Whose it is.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// What tells the windows what changed.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Every summary.
    pub async fn summaries(&self) -> Result<Vec<Summary>, VaultError> {
        let (mut summaries, old) = self.extracts().await?;
        for (id, summary) in old {
            // Each under a lock of its own, so that a form can be finished in between.
            let guard = self.guard().await?;
            summaries.extend(self.summary_anew(id).await.or(summary));
            drop(guard);
        }
        Ok(summaries)
    }

    /// Every summary that is kept as this version makes it, and the others with what is known of them. A summary is only an
    /// extract: one that cannot be read, or that an older version made, can be made anew.
    async fn extracts(&self) -> Result<(Vec<Summary>, Vec<(DocId, Option<Summary>)>), VaultError> {
        let (read, broken) = self.database.all::<Summary>(Store::Summaries).await?;
        let (current, old): (Vec<_>, Vec<_>) = read
            .into_iter()
            .map(|(_, summary)| summary)
            .partition(Summary::is_current);
        let old = old.into_iter().map(|summary| (summary.doc, Some(summary)));
        let broken = broken.iter().filter_map(|key| Some((key.parse().ok()?, None)));
        Ok((current, old.chain(broken).collect()))
    }

    /// The summaries of these documents; those that are gone are left out.
    pub async fn summaries_of(&self, ids: &[DocId]) -> Result<Vec<Summary>, VaultError> {
        let found = self.database.get_many(Store::Summaries, ids).await?;
        Ok(found.into_values().collect())
    }

    /// One document as it is held.
    pub async fn held(&self, id: DocId) -> Result<Option<Held>, VaultError> {
        self.database.get(Store::Documents, &id).await
    }

    /// Changes documents together: `work` gets what is held of `ids` and answers what is to be held from now on. No other
    /// window comes in between. A draft that this finishes goes in the same transaction.
    pub async fn write<E: From<VaultError> + From<HeldError>>(
        &self,
        ids: &[DocId],
        finished: Option<DocId>,
        work: impl FnOnce(BTreeMap<DocId, Held>) -> Result<Vec<(DocId, Held)>, E>,
    ) -> Result<(), E> {
        let guard = self.guard().await?;
        let held = self.database.get_many(Store::Documents, ids).await?;
        let mut batch = Batch::default();
        let mut written = Vec::new();
        for (id, held) in work(held)? {
            let summary = Summary::of(id, &held)?;
            put(&mut batch, id, &held, &summary)?;
            written.push(id);
        }
        if let Some(draft) = finished {
            batch.remove(Store::Drafts, &draft);
        }
        self.commit_making_room(batch).await?;
        drop(guard);
        self.bell.ring(&News::Written(written));
        if finished.is_some() {
            self.bell.ring(&News::Drafts);
        }
        Ok(())
    }

    /// Gives up what was refused of these documents, with the drafts that were to correct it. What the server has stands;
    /// of what it has nothing of, nothing is left.
    pub async fn give_up(&self, ids: &[DocId]) -> Result<(), VaultError> {
        let guard = self.guard().await?;
        let held: BTreeMap<DocId, Held> = self.database.get_many(Store::Documents, ids).await?;
        let mut batch = Batch::default();
        let mut written = Vec::new();
        for (id, held) in held.into_iter().filter(|(_, held)| held.refused.is_some()) {
            match held.given_up() {
                Some(held) => {
                    let summary =
                        Summary::of(id, &held).map_err(|e| VaultError::Unreadable(e.to_string()))?;
                    put(&mut batch, id, &held, &summary)?;
                }
                None => remove(&mut batch, id),
            }
            batch.remove(Store::Drafts, &id);
            written.push(id);
        }
        self.database.commit(batch).await?;
        drop(guard);
        self.bell.ring(&News::Written(written));
        self.bell.ring(&News::Drafts);
        Ok(())
    }

    /// Applies and stores what one frame of the exchange brought, in one transaction with the position.
    pub async fn store(&self, batch: &sync::Batch) -> Result<Stored, VaultError> {
        let _guard = self.guard().await?;
        let ids: Vec<_> = batch.docs().into_iter().collect();
        let held: BTreeMap<DocId, Held> = self.database.get_many(Store::Documents, &ids).await?;
        let mut summaries: BTreeMap<DocId, Summary> = self.database.get_many(Store::Summaries, &ids).await?;
        let mut known = BTreeMap::new();
        for (id, held) in held {
            // A summary is only an extract: one that is missing or cannot be read is made anew.
            let summary = match summaries.remove(&id) {
                Some(summary) => summary,
                None => Summary::of(id, &held).map_err(|e| VaultError::Unreadable(e.to_string()))?,
            };
            known.insert(id, (held, summary));
        }
        let mut applied = batch.apply(known);
        if batch.purge {
            let (mut summaries, old) = self.extracts().await?;
            for (id, summary) in old {
                summaries.extend(self.summary_anew(id).await.or(summary));
            }
            applied.purge(batch, &summaries);
        }
        let mut writes = Batch::default();
        let mut stored = Stored {
            gap: applied.gap,
            turned: applied.turned,
            ..Stored::default()
        };
        for (id, held, summary) in &applied.put {
            put(&mut writes, *id, held, summary)?;
            stored.touched.push(*id);
        }
        let gone = [&batch.erased[..], &applied.remove].concat();
        for id in applied.remove {
            remove(&mut writes, id);
            stored.touched.push(id);
        }
        let has_drafts = self.forget_drafts(&batch.erased, &mut writes).await?;
        writes.put(Store::Meta, POSITION, &batch.position)?;
        let before = self.position().await?.epoch;
        if before.is_some() && before != batch.position.epoch {
            self.doubt_files(&mut writes).await?;
        }
        self.forget_files(&gone, &batch.erased, &mut writes).await?;
        self.commit_making_room(writes).await?;
        if has_drafts {
            self.bell.ring(&News::Drafts);
        }
        Ok(stored)
    }

    /// Removes what is half written on documents that were removed for good; of a form whose companion was, the companion's
    /// part. Answers whether there was anything.
    async fn forget_drafts(&self, erased: &[DocId], writes: &mut Batch) -> Result<bool, VaultError> {
        if erased.is_empty() {
            return Ok(false);
        }
        let mut any = false;
        for mut draft in self.drafts().await? {
            let companion = register(&draft.kind).and_then(Register::companion);
            if erased.contains(&draft.id) {
                writes.remove(Store::Drafts, &draft.id);
            } else if companion.is_some_and(|other| erased.contains(&draft.id.companion(other.kind))) {
                draft.companion.clear();
                writes.put(Store::Drafts, &draft.id, &draft)?;
            } else {
                continue;
            }
            any = true;
        }
        for id in erased {
            writes.remove(Store::OfficeDrafts, id);
        }
        Ok(any)
    }

    /// Unsent work of about `budget` bytes, at least one document if there is any.
    pub async fn unsent(&self, budget: usize) -> Result<Unsent, VaultError> {
        let mut unsent = Unsent::default();
        let mut size = 0;
        for id in self.database.keys(Store::Unsent).await? {
            let Ok(id) = id.parse::<DocId>() else { continue };
            if size >= budget {
                unsent.more = true;
                break;
            }
            // One document that does not open holds up no other; its summary still says that it is unsent.
            if let Some(Ok(Some(outgoing))) = self.held(id).await?.map(|held| held.outgoing(id)) {
                size += outgoing.size();
                unsent.work.push(outgoing);
            }
        }
        Ok(unsent)
    }

    /// What the server has accepted of everything that is held, as [`sync::Output::Survey`] asks.
    pub async fn survey(&self) -> Result<Vec<(DocId, Heads)>, VaultError> {
        let (read, _) = self.database.all::<Held>(Store::Documents).await?;
        let mut states = Vec::new();
        for (id, held) in read {
            let Ok(id) = id.parse::<DocId>() else { continue };
            // A document that does not open is fetched: it counts as one in no state of the server's.
            states.extend(held.accepted_state().unwrap_or_default().map(|state| (id, state)));
        }
        Ok(states)
    }

    /// How far the device is.
    pub async fn position(&self) -> Result<Position, VaultError> {
        Ok(self
            .database
            .get(Store::Meta, POSITION)
            .await?
            .unwrap_or_default())
    }

    /// Everything half written, last touched first.
    pub async fn drafts(&self) -> Result<Vec<Draft>, VaultError> {
        let (read, _) = self.database.all::<Draft>(Store::Drafts).await?;
        let mut drafts: Vec<_> = read.into_iter().map(|(_, draft)| draft).collect();
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.touched));
        Ok(drafts)
    }

    /// A draft.
    pub async fn draft(&self, id: DocId) -> Result<Option<Draft>, VaultError> {
        self.database.get(Store::Drafts, &id).await
    }

    /// Keeps a draft as it stands.
    pub async fn keep_draft(&self, draft: &Draft) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Drafts, &draft.id, draft)?;
        self.commit_making_room(batch).await?;
        self.bell.ring(&News::Drafts);
        Ok(())
    }

    /// Throws a draft away.
    pub async fn drop_draft(&self, id: DocId) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        self.forget_files_of_draft(id, &mut batch).await?;
        batch.remove(Store::Drafts, &id);
        self.database.commit(batch).await?;
        self.bell.ring(&News::Drafts);
        Ok(())
    }

    /// What the office has half written on a record.
    pub async fn office_draft(&self, id: DocId) -> Result<OfficeDraft, VaultError> {
        let kept = self.database.get(Store::OfficeDrafts, &id).await?;
        Ok(kept.unwrap_or_default())
    }

    /// Keeps what the office has half written on a record as it stands.
    pub async fn keep_office_draft(&self, id: DocId, draft: &OfficeDraft) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        if *draft == OfficeDraft::default() {
            batch.remove(Store::OfficeDrafts, &id);
        } else {
            batch.put(Store::OfficeDrafts, &id, draft)?;
        }
        self.database.commit(batch).await
    }

    /// Who is signed in here, as far as the vault knows.
    pub async fn session(&self) -> Result<Option<Session>, VaultError> {
        read_session(&self.database).await
    }

    /// Remembers who is signed in, and tells all windows.
    pub async fn keep_session(&self, session: &Session) -> Result<(), VaultError> {
        let json = serde_json::to_string(session).map_err(|e| VaultError::Unreadable(e.to_string()))?;
        let mut batch = Batch::default();
        batch.put(Store::Meta, SESSION, &json)?;
        self.database.commit(batch).await?;
        self.bell.ring(&News::Session);
        Ok(())
    }

    /// What the server last answered to a question of that name, to be read without a line.
    pub async fn answer<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, VaultError> {
        let json: Option<String> = self.database.get(Store::Meta, &answer_key(name)).await?;
        json.map(|json| serde_json::from_str(&json).map_err(|e| VaultError::Unreadable(e.to_string())))
            .transpose()
    }

    /// Remembers what the server answered to a question of that name.
    pub async fn keep_answer(&self, name: &str, answer: &impl Serialize) -> Result<(), VaultError> {
        let json = serde_json::to_string(answer).map_err(|e| VaultError::Unreadable(e.to_string()))?;
        let mut batch = Batch::default();
        batch.put(Store::Meta, &answer_key(name), &json)?;
        self.database.commit(batch).await
    }

    /// Makes a summary from its document, and keeps it. Only under the lock: what it is made from must not move on meanwhile.
    async fn summary_anew(&self, id: DocId) -> Option<Summary> {
        let held = self.held(id).await.ok()??;
        let summary = Summary::of(id, &held).ok()?;
        let mut batch = Batch::default();
        batch.put(Store::Summaries, &id, &summary).ok()?;
        // On a full device it is made anew the next time too.
        drop(self.database.commit(batch).await);
        Some(summary)
    }

    async fn guard(&self) -> Result<lock::Guard, VaultError> {
        lock::acquire(&format!("lianxin-vault-{}", self.user)).await
    }
}

async fn read_session(database: &Database) -> Result<Option<Session>, VaultError> {
    let json: Option<String> = database.get(Store::Meta, SESSION).await?;
    json.map(|json| serde_json::from_str(&json).map_err(|e| VaultError::Unreadable(e.to_string())))
        .transpose()
}

fn answer_key(name: &str) -> String {
    format!("answer-{name}")
}

fn put(batch: &mut Batch, id: DocId, held: &Held, summary: &Summary) -> Result<(), VaultError> {
    batch.put(Store::Documents, &id, held)?;
    batch.put(Store::Summaries, &id, summary)?;
    if held.unsent {
        batch.put(Store::Unsent, &id, &())
    } else {
        batch.remove(Store::Unsent, &id);
        Ok(())
    }
}

fn remove(batch: &mut Batch, id: DocId) {
    for store in [Store::Documents, Store::Summaries, Store::Unsent] {
        batch.remove(store, &id);
    }
}
