//! Summaries between memory and the device. Every window has all of them in memory, and follows what others write.

use std::collections::BTreeSet;
use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::sync::Summary;
use minicbor::{Decoder, Encode, Encoder};

use super::database::Batch;
use super::shelf::{Number, Plan};
use super::store::Store;
use super::{Vault, VaultError};
use crate::slice::Slices;

/// How many segments are in memory sealed at once.
const AT_ONCE: usize = 4;

/// How many summaries are made anew under one lock: a form can be finished in between.
const ANEW: usize = 16;

impl Vault {
    /// Every summary. The first call reads them; what cannot be read, and what an older version made, is made anew.
    pub async fn summaries(&self) -> Result<Vec<Rc<Summary>>, VaultError> {
        loop {
            let _guard = self.guard().await?;
            self.catch_up().await?;
            let doubtful: Vec<_> = self.shelf.borrow().doubtful.iter().take(ANEW).copied().collect();
            if doubtful.is_empty() {
                return Ok(self.shelf.borrow().all().cloned().collect());
            }
            self.make_anew(&doubtful).await;
        }
    }

    /// The summaries of these documents; those that are gone are left out.
    pub async fn summaries_of(&self, ids: &[DocId]) -> Result<Vec<Rc<Summary>>, VaultError> {
        let _guard = self.guard().await?;
        self.catch_up().await?;
        let shelf = self.shelf.borrow();
        Ok(ids.iter().filter_map(|id| shelf.get(*id).cloned()).collect())
    }

    /// Reads what other windows wrote since; at the first time everything. Only under the lock.
    pub(super) async fn catch_up(&self) -> Result<(), VaultError> {
        let is_first = !self.shelf.borrow().is_read;
        let keys = self.database.keys(Store::Segments).await?;
        let numbers: BTreeSet<Number> = keys.iter().filter_map(|key| key.parse().ok()).collect();
        let new: Vec<_> = numbers
            .iter()
            .copied()
            .filter(|number| !self.shelf.borrow().knows(*number))
            .collect();
        let mut slices = Slices::begin();
        for some in new.chunks(AT_ONCE) {
            let keys: Vec<_> = some.iter().map(|number| key(*number)).collect();
            // One that does not open says nothing; its documents say it anew.
            let opened = self.database.plain(Store::Segments, &keys).await?;
            for (number, plain) in some.iter().zip(opened) {
                let summaries = match plain {
                    Some(plain) => decode(&plain, &mut slices).await,
                    None => Vec::new(),
                };
                self.shelf.borrow_mut().read(*number, summaries);
            }
        }
        self.shelf.borrow_mut().keep(&numbers);
        if is_first {
            self.look_over().await?;
        }
        Ok(())
    }

    /// Once everything has been read: takes over what an older version left, and finds out what has to be made anew.
    async fn look_over(&self) -> Result<(), VaultError> {
        let (singles, broken) = self.database.all::<Summary>(Store::Summaries).await?;
        let mut batch = Batch::default();
        for key in singles.iter().map(|(key, _)| key).chain(&broken) {
            batch.remove(Store::Summaries, key);
        }
        let singles: Vec<_> = singles.into_iter().map(|(_, summary)| Rc::new(summary)).collect();
        let documents = self.database.keys(Store::Documents).await?;
        let documents: BTreeSet<DocId> = documents.iter().filter_map(|key| key.parse().ok()).collect();
        let gone: Vec<_> = {
            let shelf = self.shelf.borrow();
            shelf
                .all()
                .map(|summary| summary.doc)
                .filter(|doc| !documents.contains(doc))
                .collect()
        };
        if !singles.is_empty() || !gone.is_empty() || !broken.is_empty() {
            self.commit_with(batch, singles, &gone).await?;
        }
        let tidied = self.shelf.borrow().tidied();
        if let Some(plan) = tidied {
            self.carry_out(Batch::default(), plan).await?;
        }
        let all: Vec<_> = self.shelf.borrow().all().cloned().collect();
        let mut doubtful = documents;
        let mut slices = Slices::begin();
        for summary in all.iter().filter(|summary| summary.is_current()) {
            doubtful.remove(&summary.doc);
            slices.rest().await;
        }
        let mut shelf = self.shelf.borrow_mut();
        shelf.doubtful = doubtful;
        shelf.is_read = true;
        Ok(())
    }

    /// Makes summaries from their documents, and keeps them. What does not open has none.
    async fn make_anew(&self, ids: &[DocId]) {
        let mut made = Vec::new();
        for id in ids {
            let held = self.held(*id).await.ok().flatten();
            made.extend(held.and_then(|held| Summary::of(*id, &held).ok()).map(Rc::new));
        }
        // On a full device they are made anew the next time too.
        if self
            .commit_with(Batch::default(), made.clone(), &[])
            .await
            .is_err()
        {
            self.shelf.borrow_mut().hold(made);
        }
        self.shelf.borrow_mut().doubtful.retain(|id| !ids.contains(id));
    }

    /// Writes a batch together with the summaries that it changes. Only under the lock, with all that was written before read.
    pub(super) async fn commit_with(
        &self,
        batch: Batch,
        put: Vec<Rc<Summary>>,
        removed: &[DocId],
    ) -> Result<(), VaultError> {
        let plan = self.shelf.borrow().plan(put, removed);
        self.carry_out(batch, plan).await
    }

    async fn carry_out(&self, mut batch: Batch, plan: Plan) -> Result<(), VaultError> {
        for (number, summaries) in &plan.write {
            batch.put(Store::Segments, &key(*number), &Segment(summaries))?;
        }
        for number in &plan.drop {
            batch.remove(Store::Segments, &key(*number));
        }
        self.commit_making_room(batch).await?;
        self.shelf.borrow_mut().take(plan);
        Ok(())
    }
}

/// In the order of numbers.
fn key(number: Number) -> String {
    format!("{number:010}")
}

/// Summaries as one array.
struct Segment<'a>(&'a [Rc<Summary>]);

impl Encode<()> for Segment<'_> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        to: &mut Encoder<W>,
        context: &mut (),
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        to.array(self.0.len() as u64)?;
        self.0.iter().try_for_each(|summary| summary.encode(to, context))
    }
}

/// The summaries of a segment, as far as they can be read.
async fn decode(plain: &[u8], slices: &mut Slices) -> Vec<Rc<Summary>> {
    let mut decoder = Decoder::new(plain);
    let count = decoder.array().ok().flatten().unwrap_or_default();
    let mut summaries = Vec::new();
    for _ in 0..count {
        let Ok(summary) = decoder.decode() else { break };
        summaries.push(Rc::new(summary));
        slices.rest().await;
    }
    summaries
}
