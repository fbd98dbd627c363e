//! What one frame changes on the device, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::{Held, HeldError, Summary};
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
    /// Pushes that were refused.
    pub refused: Vec<(DocId, Refusal)>,
    /// Changes that came down.
    pub pulls: Vec<Pull>,
    /// Documents that left the user's channels.
    pub left: Vec<DocId>,
    /// Whether the user's channels changed, so that documents outside of them are to be purged: see [`Batch::purges`].
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
}

impl Batch {
    /// The documents whose held state [`Batch::apply`] needs.
    pub fn docs(&self) -> BTreeSet<DocId> {
        let accepted = self.accepted.iter().map(|accepted| accepted.doc);
        let refused = self.refused.iter().map(|(doc, _)| *doc);
        let pulled = self.pulls.iter().map(|pull| pull.doc);
        accepted
            .chain(refused)
            .chain(pulled)
            .chain(self.left.iter().copied())
            .collect()
    }

    /// Works the batch out on what is held. One document that fails holds up no other.
    pub fn apply(&self, mut held: BTreeMap<DocId, Held>) -> Applied {
        let mut applied = Applied::default();
        let mut touched = BTreeSet::new();
        let mut work = |doc: DocId, work: &dyn Fn(Option<Held>) -> Result<Option<Held>, HeldError>| {
            let before = held.get(&doc).cloned();
            match work(before) {
                Ok(Some(after)) => {
                    touched.insert(doc);
                    held.insert(doc, after);
                }
                Ok(None) => {}
                Err(_) => applied.gap = true,
            }
        };
        for Accepted { doc, sent, receipt } in &self.accepted {
            work(*doc, &|held| {
                changed(held, |held| held.accepted(sent, receipt.clone()))
            });
        }
        for (doc, refusal) in &self.refused {
            work(*doc, &|held| changed(held, |held| held.refuse(refusal.clone())));
        }
        for pull in &self.pulls {
            work(pull.doc, &|held| Held::pulled(held, pull).map(Some));
        }
        for doc in touched
            .into_iter()
            .chain(self.left.iter().copied())
            .collect::<BTreeSet<_>>()
        {
            let Some(held) = held.remove(&doc) else { continue };
            match Summary::of(doc, &held) {
                Ok(summary) if self.is_ours(&summary) && !self.left.contains(&doc) => {
                    applied.put.push((doc, held, summary));
                }
                // What still has to be sent or seen is never purged.
                Ok(summary) if summary.unsent || summary.refusal.is_some() => {
                    applied.put.push((doc, held, summary));
                }
                Ok(_) => applied.remove.push(doc),
                Err(_) => applied.gap = true,
            }
        }
        applied
    }

    /// Of all that is on the device, what has to go because it is in none of the user's channels any more.
    pub fn purges<'a>(&self, all: impl IntoIterator<Item = &'a Summary>) -> Vec<DocId> {
        if !self.purge {
            return Vec::new();
        }
        all.into_iter()
            .filter(|summary| !self.is_ours(summary) && !summary.unsent && summary.refusal.is_none())
            .map(|summary| summary.doc)
            .collect()
    }

    fn is_ours(&self, summary: &Summary) -> bool {
        summary
            .channels
            .iter()
            .any(|channel| self.position.channels.contains(channel))
    }
}

fn changed(
    held: Option<Held>,
    change: impl Fn(&mut Held) -> Result<(), HeldError>,
) -> Result<Option<Held>, HeldError> {
    held.map(|mut held| change(&mut held).map(|()| held)).transpose()
}
