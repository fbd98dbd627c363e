//! What waits to be sent, sealed to the server's key, so that it can be sent while its vault is locked, or by another device.
//!
//! In a vault each document with something to send has an envelope, written and removed in the transactions that mark and
//! unmark it as unsent. On the tablet lie the envelopes that it carries for other devices.

use lianxin_shared::handover::{Envelope, ServerKey, Signer};
use lianxin_shared::protocol::Push;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use serde::Deserialize;

use super::database::{Batch, Database};
use super::enrolment::Enrolment;
use super::seal::Seal;
use super::store::Store;
use super::{Vault, VaultError, lock};
use crate::chance;

/// By what a vault seals. Lies in it, sealed.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(super) struct Sealing {
    /// What the vault signs with follows from it.
    #[n(0)]
    seed: ByteArray<32>,
    /// What it seals to; none before the first contact with a server that has one.
    #[n(1)]
    pub(super) server: Option<ServerKey>,
}

impl Sealing {
    /// Makes what it signs with.
    pub(super) fn fresh() -> Self {
        Self {
            seed: chance::bytes().into(),
            server: None,
        }
    }

    /// By what the server is to know it.
    pub(super) fn signer(&self) -> Signer {
        Signer::of(&self.seed)
    }

    /// Seals pushes; nothing where no server's key is known, or where they are too large.
    pub(super) fn seal(&self, pushes: Vec<Push>, records: u32) -> Option<Envelope> {
        Envelope::seal(pushes, records, &self.signer(), &self.server?, chance::bytes()).ok()
    }
}

/// One thing in an outbox.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(super) enum Posted {
    /// It waits to be delivered.
    #[n(0)]
    Waiting(#[n(0)] Envelope),
    /// It was delivered. In a vault this stays until its owner hears of it from the server.
    #[n(1)]
    Delivered,
    /// The server cannot make anything of it.
    #[n(2)]
    Stuck(#[n(0)] Envelope),
}

/// What the server says of an envelope.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Told {
    /// What was not looked at: to be delivered again.
    busy: u32,
    /// Why nothing was looked at.
    fault: Option<String>,
}

/// How many there are of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be delivered.
    pub waiting: usize,
    /// Delivered.
    pub delivered: usize,
    /// Of which the server makes nothing.
    pub stuck: usize,
}

/// An outbox: open although the vault is locked.
#[derive(Debug)]
pub struct Outbox {
    database: Database,
    lock: String,
}

impl Outbox {
    /// Of somebody who shares the tablet.
    pub async fn of(known: &Enrolment) -> Result<Self, VaultError> {
        Ok(Self {
            database: Database::open(&Vault::database_name(known.id), Seal::Open).await?,
            lock: Vault::lock_name(&known.user),
        })
    }

    /// What this tablet carries for other devices.
    pub async fn carried() -> Result<Self, VaultError> {
        Ok(Self {
            database: Database::open("lianxin", Seal::Open).await?,
            lock: "lianxin-carried".to_owned(),
        })
    }

    /// Takes envelopes to carry, each once. Answers how many were not here yet.
    pub async fn carry(&self, envelopes: Vec<Envelope>) -> Result<usize, VaultError> {
        let _guard = lock::acquire(&self.lock).await?;
        let known = self.database.keys(Store::Outbox).await?;
        let mut batch = Batch::default();
        let mut fresh = 0;
        for envelope in envelopes {
            let name = envelope.name();
            if !known.contains(&name) {
                batch.put(Store::Outbox, &name, &Posted::Waiting(envelope))?;
                fresh += 1;
            }
        }
        self.database.commit(batch).await?;
        Ok(fresh)
    }

    /// What waits, by where it lies.
    pub async fn waiting(&self) -> Result<Vec<(String, Envelope)>, VaultError> {
        let posted = self.posted().await?.into_iter();
        let waiting = posted.filter_map(|(key, posted)| match posted {
            Posted::Waiting(envelope) => Some((key, envelope)),
            _ => None,
        });
        Ok(waiting.collect())
    }

    /// How many there are.
    pub async fn counts(&self) -> Result<Counts, VaultError> {
        let mut counts = Counts::default();
        for (_, posted) in self.posted().await? {
            match posted {
                Posted::Waiting(_) => counts.waiting += 1,
                Posted::Delivered => counts.delivered += 1,
                Posted::Stuck(_) => counts.stuck += 1,
            }
        }
        Ok(counts)
    }

    /// Notes what the server said of envelopes that waited. One that was written anew meanwhile waits on.
    pub async fn settle(&self, told: Vec<(&(String, Envelope), Told)>) -> Result<(), VaultError> {
        let _guard = lock::acquire(&self.lock).await?;
        let mut batch = Batch::default();
        for ((key, sent), told) in told {
            let now: Option<Posted> = self.database.get(Store::Outbox, key).await?;
            if told.busy > 0 || now.as_ref() != Some(&Posted::Waiting(sent.clone())) {
                continue;
            }
            let posted = match told.fault {
                None => Posted::Delivered,
                Some(_) => Posted::Stuck(sent.clone()),
            };
            batch.put(Store::Outbox, key, &posted)?;
        }
        self.database.commit(batch).await
    }

    /// Throws away what the server makes nothing of, and forgets what was delivered.
    pub async fn clear(&self) -> Result<(), VaultError> {
        let _guard = lock::acquire(&self.lock).await?;
        let mut batch = Batch::default();
        for (key, posted) in self.posted().await? {
            if !matches!(posted, Posted::Waiting(_)) {
                batch.remove(Store::Outbox, &key);
            }
        }
        self.database.commit(batch).await
    }

    async fn posted(&self) -> Result<Vec<(String, Posted)>, VaultError> {
        Ok(self.database.all(Store::Outbox).await?.0)
    }
}
