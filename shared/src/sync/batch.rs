//! What one frame changes on the device, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::{Held, HeldError, Holdings, Summary};
use crate::id::{DocId, Epoch, Heads};
use crate::protocol::{Cursors, Pull, Receipt};
use crate::rules::Refusal;

/// How far a device is. It is stored in the very transaction that stores what brought it there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Position {
    /// The life of the database that the cursors belong to.
    #[n(0)]
    pub epoch: Option<Epoch>,
    /// How far the device is in each channel.
    #[n(1)]
    pub cursors: Cursors,
    /// The channels that the user read at the last contact, by name.
    #[n(2)]
    pub channels: Vec<String>,
}

/// A push that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The document.
    pub doc: DocId,
    /// The state it was sent in.
    pub sent: Heads,
    /// The server's receipt.
    pub receipt: Receipt,
}

/// What one frame changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Pushes that were taken.
    pub accepted: Vec<Accepted>,
    /// Documents that the server may have lost: see [`Held::doubt`].
    pub doubted: Vec<DocId>,
    /// Pushes that were refused.
    pub refused: Vec<(DocId, Refusal)>,
    /// Changes that came down.
    pub pulls: Vec<Pull>,
    /// Documents that left the user's channels.
    pub left: Vec<DocId>,
    /// Documents that were removed for good: nothing of them stays, not even what was never sent.
    pub erased: Vec<DocId>,
    /// Whether the user's channels changed, so that documents outside of them are to be purged: see [`Applied::purge`].
    pub purge: bool,
    /// Where the device is once this is stored.
    pub position: Position,
}

/// The outcome of a batch, to be stored in one transaction together with its position.
#[derive(Debug, Default)]
pub struct Applied {
    /// Documents to write, each with its summary.
    pub put: Vec<(DocId, Held, Summary)>,
    /// Documents to remove.
    pub remove: Vec<DocId>,
    /// A change was missing in between, or a document here does not open: the machine asks for everything again.
    pub gap: bool,
    /// By what the device's holdings change.
    pub turned: Holdings,
}

impl Applied {
    /// Of all that is on the device, removes what is in none of the user's channels any more, if those changed.
    pub fn purge<'a>(&mut self, batch: &Batch, all: impl IntoIterator<Item = &'a Summary>) {
        if !batch.purge {
            return;
        }
        // What the batch itself touches is judged already.
        let judged: BTreeSet<_> = self
            .put
            .iter()
            .map(|(doc, ..)| *doc)
            .chain(self.remove.iter().copied())
            .collect();
        for summary in all.into_iter().filter(|summary| !judged.contains(&summary.doc)) {
            if !batch.is_kept(summary) {
                self.turned.turn(summary);
                self.remove.push(summary.doc);
            }
        }
    }
}

impl Batch {
    /// The documents whose held state [`Batch::apply`] needs.
    pub fn docs(&self) -> BTreeSet<DocId> {
        let accepted = self.accepted.iter().map(|accepted| accepted.doc);
        let refused = self.refused.iter().map(|(doc, _)| *doc);
        let pulled = self.pulls.iter().map(|pull| pull.doc);
        accepted
            .chain(self.doubted.iter().copied())
            .chain(refused)
            .chain(pulled)
            .chain(self.left.iter().copied())
            .chain(self.erased.iter().copied())
            .collect()
    }

    /// Works the batch out on what is held of [`Batch::docs`]. One document that fails holds up no other.
    pub fn apply(&self, held: BTreeMap<DocId, (Held, Summary)>) -> Applied {
        let mut applying = self.begin(held);
        while applying.step() {}
        applying.finish()
    }

    /// The same in steps, so that whoever has no other thread can do something else in between.
    pub fn begin(&self, held: BTreeMap<DocId, (Held, Summary)>) -> Applying<'_> {
        let before = Holdings::of(held.values().map(|(_, summary)| summary));
        let mut applying = Applying {
            batch: self,
            pulls: self.pulls.iter(),
            before,
            held,
            touched: BTreeSet::new(),
            gap: false,
        };
        for Accepted { doc, sent, receipt } in &self.accepted {
            applying.standing(*doc, |held| held.accepted(sent, receipt.clone()));
        }
        for doc in &self.doubted {
            applying.standing(*doc, |held| {
                held.doubt();
                Ok(())
            });
        }
        for (doc, refusal) in &self.refused {
            applying.content(*doc, |held| {
                let Some(mut held) = held else { return Ok(None) };
                held.refuse(refusal.clone())?;
                Ok(Some((Summary::of(*doc, &held)?, held)))
            });
        }
        applying
    }

    /// What is in a channel of the user's stays, and what still has to be sent or seen.
    fn is_kept(&self, summary: &Summary) -> bool {
        let mut channels = summary.channels.iter();
        summary.unsent
            || summary.refusal.is_some()
            || channels.any(|channel| self.position.channels.contains(channel))
    }
}

/// A batch that is being worked out: see [`Batch::begin`].
#[derive(Debug)]
pub struct Applying<'a> {
    batch: &'a Batch,
    pulls: std::slice::Iter<'a, Pull>,
    before: Holdings,
    held: BTreeMap<DocId, (Held, Summary)>,
    touched: BTreeSet<DocId>,
    gap: bool,
}

impl Applying<'_> {
    /// Takes in one document that came down; answers whether there was one.
    pub fn step(&mut self) -> bool {
        let Some(pull) = self.pulls.next() else {
            return false;
        };
        self.content(pull.doc, |held| {
            let (held, document) = Held::pulled(held, pull)?;
            let record = document.record()?;
            Ok(Some((Summary::of_record(pull.doc, &record, &held), held)))
        });
        true
    }

    /// What it comes to, once no step is left.
    pub fn finish(mut self) -> Applied {
        while self.step() {}
        let batch = self.batch;
        let mut applied = Applied {
            gap: self.gap,
            turned: self.before,
            ..Applied::default()
        };
        self.touched.extend(&batch.left);
        for doc in &batch.erased {
            self.touched.remove(doc);
            self.held.remove(doc);
            applied.remove.push(*doc);
        }
        for doc in self.touched {
            let Some((held, mut summary)) = self.held.remove(&doc) else {
                continue;
            };
            if batch.left.contains(&doc) {
                summary.channels.clear();
            }
            if batch.is_kept(&summary) {
                applied.turned.turn(&summary);
                applied.put.push((doc, held, summary));
            } else {
                applied.remove.push(doc);
            }
        }
        self.held
            .values()
            .for_each(|(_, summary)| applied.turned.turn(summary));
        applied
    }

    /// Something that changes how a document stands, but not what is in it.
    fn standing(&mut self, doc: DocId, work: impl FnOnce(&mut Held) -> Result<(), HeldError>) {
        let Some((held, summary)) = self.held.get(&doc) else {
            return;
        };
        let (mut held, mut summary) = (held.clone(), summary.clone());
        match work(&mut held) {
            Ok(()) => {
                summary.unsent = held.unsent;
                summary.accepted = held.accepted_heads();
                self.put(doc, held, summary);
            }
            Err(_) => self.gap = true,
        }
    }

    /// Something that changes what is in a document.
    fn content(
        &mut self,
        doc: DocId,
        work: impl FnOnce(Option<Held>) -> Result<Option<(Summary, Held)>, HeldError>,
    ) {
        match work(self.held.get(&doc).map(|(held, _)| held.clone())) {
            Ok(Some((summary, held))) => self.put(doc, held, summary),
            Ok(None) => {}
            Err(_) => self.gap = true,
        }
    }

    fn put(&mut self, doc: DocId, held: Held, summary: Summary) {
        self.touched.insert(doc);
        self.held.insert(doc, (held, summary));
    }
}
