//! One document as a device holds it.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::document::{Document, DocumentError, pack};
use crate::id::{ChangeHash, DocId, Heads};
use crate::protocol::{Pull, Push, Receipt};
use crate::rules::{Refusal, RefusalCode};

/// A document with what the device knows of the server's side of it. It lies in the vault as CBOR.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// The document saved; empty if all there ever was of it has been refused.
    #[n(0)]
    saved: ByteVec,
    /// The state it is in.
    #[n(1)]
    heads: Heads,
    /// Changes that the server surely has, and by them all before.
    #[n(2)]
    acknowledged: Vec<ChangeHash>,
    /// The server's last word that it has the document.
    #[n(3)]
    pub receipt: Option<Receipt>,
    /// What the user wrote and the server did not take.
    #[n(4)]
    pub refused: Option<Refused>,
    /// Whether there is something in it that the server was not yet seen to have.
    #[n(5)]
    pub unsent: bool,
    /// Receipts for states that the server may have lost; they go with what is sent until it has been taken.
    #[n(6)]
    vouches: Vec<Receipt>,
}

/// What the user wrote and the server did not take.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Refused {
    /// Why.
    #[n(0)]
    pub refusal: Refusal,
    /// The document with what was refused, saved.
    #[n(1)]
    saved: ByteVec,
}

/// What a document has to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What is sent.
    pub push: Push,
    /// The state that the server has once it took it.
    pub heads: Heads,
}

impl Outgoing {
    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        const OVERHEAD: usize = 32;
        let snapshot = self.push.snapshot.as_ref().map_or(0, |snapshot| snapshot.len());
        OVERHEAD + snapshot + self.push.changes.len()
    }
}

/// Why a held document could not be worked with.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// A change came down that builds on one which is not here. The device asks for the whole again.
    #[error("a change is missing in between")]
    Gap,
    /// The document itself fails.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl Held {
    /// A document that was just started here.
    pub fn started(doc: &mut Document) -> Self {
        Self {
            saved: doc.save().into(),
            heads: doc.heads(),
            unsent: true,
            ..Self::nothing()
        }
    }

    fn nothing() -> Self {
        Self {
            saved: Vec::new().into(),
            heads: Heads::default(),
            acknowledged: Vec::new(),
            receipt: None,
            refused: None,
            unsent: false,
            vouches: Vec::new(),
        }
    }

    /// Reads it from the vault's bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeldError> {
        minicbor::decode(bytes).map_err(|e| DocumentError::Corrupt(e.to_string()).into())
    }

    /// Its bytes for the vault.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing to a Vec cannot fail, and our own encoders raise no errors.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// The document. Where all of it was refused, that is what the user wrote.
    pub fn document(&self) -> Result<Document, HeldError> {
        match &self.refused {
            Some(refused) if self.saved.is_empty() => refused.document(),
            _ => Ok(Document::load(&self.saved)?),
        }
    }

    /// Puts back the document after an edit of it. A refusal stands until it is settled: see [`Held::settle`].
    pub fn edited(&mut self, doc: &mut Document) {
        // An edit that changed nothing has nothing to send.
        self.unsent |= doc.heads() != self.heads;
        self.keep(doc);
    }

    /// The user has written anew what was refused.
    pub fn settle(&mut self) {
        self.refused = None;
    }

    /// Whether all there ever was of it has been refused: the server has nothing of it.
    pub fn is_refused_whole(&self) -> bool {
        self.refused.is_some() && self.saved.is_empty()
    }

    /// The user has given up what was refused. What stands beside it is held on; nothing if nothing does.
    pub fn given_up(mut self) -> Option<Self> {
        self.refused = None;
        (!self.saved.is_empty()).then_some(self)
    }

    /// What it has to send; nothing if the server has all of it.
    pub fn outgoing(&self, doc: DocId) -> Result<Option<Outgoing>, HeldError> {
        if !self.unsent || self.saved.is_empty() {
            return Ok(None);
        }
        let mut push = Push {
            doc,
            snapshot: None,
            changes: Vec::new().into(),
            receipts: self.vouches.clone(),
        };
        if self.acknowledged.is_empty() {
            push.snapshot = Some(self.saved.clone());
        } else {
            let changes = Document::load(&self.saved)?.changes_since(&self.acknowledged);
            push.changes = pack(&changes)?.into();
            if changes.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(Outgoing {
            push,
            heads: self.heads.clone(),
        }))
    }

    /// The server took what was sent when the document stood at `sent`.
    pub fn accepted(&mut self, sent: &Heads, receipt: Receipt) -> Result<(), HeldError> {
        self.receipt = Some(receipt);
        self.acknowledge(sent.as_slice());
        if self.heads == *sent {
            self.all_sent();
            Ok(())
        } else {
            self.look_for_unsent()
        }
    }

    /// The server took nothing of what was sent. What the user wrote is laid beside the document, which goes back to
    /// what the server has. An unknown dependency is no refusal at first: the document is then sent as a whole.
    pub fn refuse(&mut self, refusal: Refusal) -> Result<(), HeldError> {
        if refusal.code == RefusalCode::DependencyMissing && !self.acknowledged.is_empty() {
            self.doubt();
            return Ok(());
        }
        let mut doc = Document::load(&self.saved)?;
        let mut written = doc.clone();
        if let Some(earlier) = self.refused.take() {
            // An earlier refusal that was not settled is laid beside as well.
            written.apply(&earlier.document()?.changes_since(&[]))?;
        }
        self.refused = Some(Refused {
            refusal,
            saved: written.save().into(),
        });
        // What the server took once stays, even where it has to be sent again.
        let vouched = self.vouches.iter().map(|receipt| &receipt.heads);
        let vouched: Vec<_> = vouched.filter(|heads| doc.has(heads)).cloned().collect();
        let vouched = vouched.iter().flat_map(|heads| heads.as_slice().iter().copied());
        let accepted: Heads = self.acknowledged.iter().copied().chain(vouched).collect();
        self.unsent = false;
        if accepted.as_slice().is_empty() {
            self.saved = Vec::new().into();
            self.heads = accepted;
        } else {
            self.keep(&mut doc.at(&accepted)?);
            self.look_for_unsent()?;
        }
        Ok(())
    }

    /// The server may have lost what it once accepted: it is sent again as a whole, with the receipts that prove it.
    pub fn doubt(&mut self) {
        self.acknowledged.clear();
        self.unsent = !self.saved.is_empty();
        if let Some(receipt) = &self.receipt
            && !self.vouches.contains(receipt)
        {
            self.vouches.push(receipt.clone());
        }
    }

    /// The state that the server last said it has; the state before any change if it never did.
    pub(super) fn accepted_heads(&self) -> Heads {
        let receipt = self.receipt.as_ref();
        receipt.map(|receipt| receipt.heads.clone()).unwrap_or_default()
    }

    /// The state that the server has once accepted, as far as it is here; nothing if there never was one. Where the receipt
    /// speaks of changes that are not here, that is no state of this document.
    pub fn accepted_state(&self) -> Result<Option<Heads>, HeldError> {
        let Some(receipt) = &self.receipt else {
            return Ok(None);
        };
        let is_here = receipt.heads == self.heads
            || (!self.saved.is_empty() && Document::load(&self.saved)?.has(&receipt.heads));
        Ok(Some(if is_here {
            receipt.heads.clone()
        } else {
            Heads::default()
        }))
    }

    /// Changes came down. `held` is nothing if the document was not here before. Answers the document as well.
    pub fn pulled(held: Option<Self>, pull: &Pull) -> Result<(Self, Document), HeldError> {
        let mut held = held.unwrap_or_else(Self::nothing);
        let mut last = None;
        let mut doc = match &pull.snapshot {
            Some(bytes) => {
                let mut doc = Document::receive(bytes)?;
                let heads = doc.heads();
                held.acknowledge(heads.as_slice());
                if held.saved.is_empty() {
                    // It is kept as it came.
                    held.saved.clone_from(bytes);
                    held.heads = heads.clone();
                } else {
                    doc = doc.with(&Document::load(&held.saved)?.changes_since(&[]))?.0;
                    held.keep(&mut doc);
                }
                last = Some(heads);
                doc
            }
            None if held.saved.is_empty() => Document::empty(),
            None => Document::load(&held.saved)?,
        };
        if !pull.changes.is_empty() {
            let gap = |error| match error {
                DocumentError::MissingDependency => HeldError::Gap,
                other => HeldError::Document(other),
            };
            let changes = doc.unpack(&pull.changes).map_err(gap)?;
            let hashes = changes.iter().map(|change| crate::document::hash(change));
            let hashes = hashes.collect::<Result<Vec<_>, _>>()?;
            doc = doc.with(&changes).map_err(gap)?.0;
            held.acknowledge(&hashes);
            held.keep(&mut doc);
            last = hashes.last().map(|hash| [*hash].into_iter().collect());
        }
        held.receipt = Some(Receipt {
            heads: pull.heads.clone().or(last).unwrap_or_default(),
            mac: pull.mac.clone(),
        });
        if held.unsent {
            held.look_for_unsent()?;
        } else {
            held.all_sent();
        }
        Ok((held, doc))
    }

    fn keep(&mut self, doc: &mut Document) {
        self.saved = doc.save().into();
        self.heads = doc.heads();
    }

    fn acknowledge(&mut self, hashes: &[ChangeHash]) {
        for hash in hashes {
            if !self.acknowledged.contains(hash) {
                self.acknowledged.push(*hash);
            }
        }
    }

    /// The server has everything that is here: its state says it all, and the lists stay short.
    fn all_sent(&mut self) {
        self.unsent = false;
        self.acknowledged = self.heads.as_slice().to_vec();
        self.vouches.clear();
    }

    fn look_for_unsent(&mut self) -> Result<(), HeldError> {
        let unsent = Document::load(&self.saved)?.changes_since(&self.acknowledged);
        if unsent.is_empty() {
            self.all_sent();
        } else {
            self.unsent = true;
        }
        Ok(())
    }
}

impl Refused {
    /// The document with what was refused.
    pub fn document(&self) -> Result<Document, HeldError> {
        Ok(Document::load(&self.saved)?)
    }
}
