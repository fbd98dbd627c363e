//! What the device keeps: documents, summaries and drafts of one user, in one IndexedDB database.
//!
//! - [`database`]: sealed bytes by key in a few stores (`store`), in transactions that are durable when they end; [`seal`]: the one seam for
//!   encryption; [`key`]: what seals, and what wraps that; [`pin`]: what may open it, and how wrong ones slow down.
//! - [`enrolment`]: a vault as it lies there locked. [`pass`]: the open key goes from page to page. [`unsealed`]: vaults of
//!   older versions of the app are taken over.
//! - [`shelf`]: how summaries lie here, and all of them in memory; [`summaries`]: between the two.
//! - [`outbox`]: what waits to be sent, sealed to the server as well, so that it is sent while the vault is locked.
//! - `pen`: seals what is half written, without waiting.
//! - [`lock`]: what is read, worked on and written back happens under one lock for all windows.
//! - [`bell`]: tells all windows what changed. [`draft`]: what is half written. [`office`]: what the office's
//!   desk keeps. `aside`: the second place for what is half written. [`files`]: pictures and papers. `seen`: what was
//!   seen of each record. [`tablet`]: what belongs to the tablet
//!   and not to a user. [`trace`]: by what it notices that the browser has cleared all that. [`spare`]: what waits to be sent, a second
//!   time, for then.
//!
//! Invariant: what has to be sent is marked in the very transaction that writes it, and unmarked in the one that stores
//! the server's receipt.

mod aside;
pub mod bell;
mod beside;
pub mod database;
pub mod draft;
pub mod enrolment;
mod files;
pub mod key;
pub mod lock;
mod office;
pub mod outbox;
pub mod pass;
mod pen;
pub mod pin;
pub mod seal;
mod seen;
mod shelf;
pub mod spare;
mod store;
mod summaries;
pub mod tablet;
pub mod trace;
pub mod unsealed;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lianxin_shared::handover::{DeviceKey, Envelope, ServerKey};
use lianxin_shared::id::{DocId, Heads, Moment, UserId};
use lianxin_shared::protocol::Push;
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
pub use outbox::Outbox;

use crate::chance;
use crate::session::Session;
use crate::slice::Slices;
use database::{Batch, Database};
use outbox::{Posted, Sealing};
use pen::Pen;
use seal::Seal;
use shelf::Shelf;
use store::Store;

const SESSION: &str = "session";
const POSITION: &str = "position";
const PEN: &str = "pen";
const CONTACT: &str = "contact";
const SEALING: &str = "sealing";

/// One user's vault on this device, unlocked; cheap to clone. It is open as long as a clone lives.
#[derive(Clone)]
pub struct Vault {
    id: VaultId,
    user: UserId,
    database: Database,
    shelf: Rc<RefCell<Shelf>>,
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
            shelf: Rc::default(),
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
        self.catch_up().await?;
        let held = self.database.get_many(Store::Documents, ids).await?;
        let sealing = self.sealing().await?;
        let mut batch = Batch::default();
        let (mut written, mut summaries) = (Vec::new(), Vec::new());
        for (id, held) in work(held)? {
            summaries.push(Rc::new(Summary::of(id, &held)?));
            put(&mut batch, id, &held, sealing.as_ref())?;
            written.push(id);
        }
        if let Some(draft) = finished {
            batch.remove(Store::Drafts, &draft);
        }
        self.commit_with(batch, summaries, &[]).await?;
        if let Some(draft) = finished {
            self.take_from_aside(Store::Drafts, &draft.to_string());
        }
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
        self.catch_up().await?;
        let held: BTreeMap<DocId, Held> = self.database.get_many(Store::Documents, ids).await?;
        let sealing = self.sealing().await?;
        let mut batch = Batch::default();
        let (mut written, mut summaries, mut removed) = (Vec::new(), Vec::new(), Vec::new());
        for (id, held) in held.into_iter().filter(|(_, held)| held.refused.is_some()) {
            match held.given_up() {
                Some(held) => {
                    summaries.push(Rc::new(summary(id, &held)?));
                    put(&mut batch, id, &held, sealing.as_ref())?;
                }
                None => {
                    remove(&mut batch, id);
                    removed.push(id);
                }
            }
            batch.remove(Store::Drafts, &id);
            written.push(id);
        }
        self.commit_with(batch, summaries, &removed).await?;
        for id in &written {
            self.take_from_aside(Store::Drafts, &id.to_string());
        }
        drop(guard);
        self.bell.ring(&News::Written(written));
        self.bell.ring(&News::Drafts);
        Ok(())
    }

    /// Applies and stores what one frame of the exchange brought, in one transaction with the position.
    pub async fn store(&self, batch: &sync::Batch) -> Result<Stored, VaultError> {
        let _guard = self.guard().await?;
        self.catch_up().await?;
        let ids: Vec<_> = batch.docs().into_iter().collect();
        let held: BTreeMap<DocId, Held> = self.database.get_many(Store::Documents, &ids).await?;
        let mut known = BTreeMap::new();
        for (id, held) in held {
            // A summary is only an extract: one that is missing is made anew.
            let kept = self.shelf.borrow().get(id).map(|summary| (**summary).clone());
            let summary = kept.map_or_else(|| summary(id, &held), Ok)?;
            known.insert(id, (held, summary));
        }
        let mut slices = Slices::begin();
        let mut work = batch.begin(known);
        while work.step() {
            slices.rest().await;
        }
        let mut applied = work.finish();
        applied.purge(batch, self.shelf.borrow().all().map(|summary| &**summary));
        let sealing = self.sealing().await?;
        let mut writes = Batch::default();
        let mut stored = Stored {
            gap: applied.gap,
            turned: applied.turned,
            ..Stored::default()
        };
        let mut summaries = Vec::new();
        for (id, held, summary) in applied.put {
            put(&mut writes, id, &held, sealing.as_ref())?;
            summaries.push(Rc::new(summary));
            stored.touched.push(id);
        }
        let gone = [&batch.erased[..], &applied.remove].concat();
        for id in applied.remove {
            remove(&mut writes, id);
            stored.touched.push(id);
        }
        let drafts = self.forget_drafts(&batch.erased, &mut writes).await?;
        writes.put(Store::Meta, POSITION, &batch.position)?;
        let before = self.position().await?.epoch;
        if before.is_some() && before != batch.position.epoch {
            self.doubt_files(&mut writes).await?;
        }
        self.forget_files(&gone, &batch.erased, &mut writes).await?;
        self.commit_with(writes, summaries, &gone).await?;
        for id in &drafts {
            self.take_from_aside(Store::Drafts, &id.to_string());
        }
        for id in &batch.erased {
            self.take_from_aside(Store::OfficeDrafts, &id.to_string());
        }
        if !drafts.is_empty() {
            self.bell.ring(&News::Drafts);
        }
        Ok(stored)
    }

    /// Unsent work of about `budget` bytes, at least one document if there is any; without those that are on their way.
    pub async fn unsent(&self, budget: usize, besides: &BTreeSet<DocId>) -> Result<Unsent, VaultError> {
        let mut unsent = Unsent::default();
        let mut size = 0;
        for id in self.database.keys(Store::Unsent).await? {
            let Ok(id) = id.parse::<DocId>() else { continue };
            if besides.contains(&id) {
                continue;
            }
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

    /// By what the server is to know this vault on this device; made when it is first asked for.
    pub async fn device_key(&self) -> Result<DeviceKey, VaultError> {
        let _guard = self.guard().await?;
        if let Some(sealing) = self.sealing().await? {
            return Ok(sealing.signer().key());
        }
        let sealing = Sealing::fresh();
        let mut batch = Batch::default();
        batch.put(Store::Meta, SEALING, &sealing)?;
        self.database.commit(batch).await?;
        Ok(sealing.signer().key())
    }

    /// The server knows this vault now, and has told its own key. What waits already is sealed to it.
    pub async fn introduced(&self, server: ServerKey) -> Result<(), VaultError> {
        let _guard = self.guard().await?;
        let known = self.sealing().await?;
        let Some(mut sealing) = known.filter(|sealing| sealing.server != Some(server)) else {
            return Ok(());
        };
        sealing.server = Some(server);
        let mut batch = Batch::default();
        batch.put(Store::Meta, SEALING, &sealing)?;
        for Outgoing { push, .. } in self.unsent(usize::MAX, &BTreeSet::new()).await?.work {
            post(&mut batch, push, Some(&sealing))?;
        }
        self.database.commit(batch).await
    }

    /// Everything that waits to be sent, sealed for somebody else to carry, with the number of its records; nothing as long
    /// as no server was met that has a key.
    pub async fn handover(&self, records: u32) -> Result<Option<Vec<Envelope>>, VaultError> {
        /// About how many bytes go into one envelope: what is sealed together takes less room.
        const TOGETHER: usize = 512 * 1024;
        let Some(sealing) = self.sealing().await?.filter(|sealing| sealing.server.is_some()) else {
            return Ok(None);
        };
        let mut envelopes = Vec::new();
        let mut work = self
            .unsent(usize::MAX, &BTreeSet::new())
            .await?
            .work
            .into_iter()
            .peekable();
        while work.peek().is_some() {
            let mut size = 0;
            let mut pushes = Vec::new();
            while let Some(next) = work.next_if(|next| size == 0 || size + next.size() <= TOGETHER) {
                size += next.size();
                pushes.push(next.push);
            }
            // The number stands on the first: it is told of all.
            let records = if envelopes.is_empty() { records } else { 0 };
            envelopes.extend(sealing.seal(pushes, records));
        }
        Ok(Some(envelopes))
    }

    async fn sealing(&self) -> Result<Option<Sealing>, VaultError> {
        self.database.get(Store::Meta, SEALING).await
    }

    /// What the server has accepted of everything that is held, as [`sync::Output::Survey`] asks.
    pub async fn survey(&self) -> Result<Vec<(DocId, Heads)>, VaultError> {
        let (read, _) = self.database.all::<Held>(Store::Documents).await?;
        let mut states = Vec::new();
        let mut slices = Slices::begin();
        for (id, held) in read {
            let Ok(id) = id.parse::<DocId>() else { continue };
            // A document that does not open is fetched: it counts as one in no state of the server's.
            states.extend(held.accepted_state().unwrap_or_default().map(|state| (id, state)));
            slices.rest().await;
        }
        Ok(states)
    }

    /// When an exchange with the server last went through.
    pub async fn contact(&self) -> Result<Option<Moment>, VaultError> {
        self.database.get(Store::Meta, CONTACT).await
    }

    /// Remembers when one did.
    pub async fn keep_contact(&self, at: Moment) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Meta, CONTACT, &at)?;
        self.database.commit(batch).await
    }

    /// How far the device is.
    pub async fn position(&self) -> Result<Position, VaultError> {
        Ok(self
            .database
            .get(Store::Meta, POSITION)
            .await?
            .unwrap_or_default())
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

    async fn guard(&self) -> Result<lock::Guard, VaultError> {
        lock::acquire(&Self::lock_name(&self.user)).await
    }

    fn lock_name(user: &UserId) -> String {
        format!("lianxin-vault-{user}")
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

fn summary(id: DocId, held: &Held) -> Result<Summary, VaultError> {
    Summary::of(id, held).map_err(|e| VaultError::Unreadable(e.to_string()))
}

fn put(batch: &mut Batch, id: DocId, held: &Held, sealing: Option<&Sealing>) -> Result<(), VaultError> {
    batch.put(Store::Documents, &id, held)?;
    if held.unsent {
        batch.put(Store::Unsent, &id, &())?;
        // What does not open is not sent this way either; its summary says that it waits.
        match held.outgoing(id) {
            Ok(Some(Outgoing { push, .. })) => post(batch, push, sealing),
            _ => Ok(()),
        }
    } else {
        batch.remove(Store::Unsent, &id);
        batch.remove(Store::Outbox, &id);
        Ok(())
    }
}

/// Lays a sealed copy of what waits beside it, where the server's key is known.
fn post(batch: &mut Batch, push: Push, sealing: Option<&Sealing>) -> Result<(), VaultError> {
    let id = push.doc;
    match sealing.and_then(|sealing| sealing.seal(vec![push], 1)) {
        Some(envelope) => batch.put(Store::Outbox, &id, &Posted::Waiting(envelope)),
        None => {
            batch.remove(Store::Outbox, &id);
            Ok(())
        }
    }
}

fn remove(batch: &mut Batch, id: DocId) {
    for store in [Store::Documents, Store::Unsent, Store::Outbox, Store::Seen] {
        batch.remove(store, &id);
    }
}
