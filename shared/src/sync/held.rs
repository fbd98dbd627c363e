//! One document as a device holds it.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::document::{Document, DocumentError};
use crate::id::{ChangeHash, DocId, Heads};
use crate::protocol::{Pull, Receipt};
use crate::rules::{Refusal, RefusalCode};

/// A document with what the device knows of the server's side of it. It lies in the vault as CBOR.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// The document saved; empty if all there ever was of it has been refused.
    #[n(0)]
    saved: ByteVec,
    /// Changes that the server surely has, and by them all before.
    #[n(1)]
    acknowledged: Vec<ChangeHash>,
    /// The server's last word that it has the document.
    #[n(2)]
    pub receipt: Option<Receipt>,
    /// What the user wrote and the server did not take.
    #[n(3)]
    pub refused: Option<Refused>,
    /// Whether there is something in it that the server was not yet seen to have.
    #[n(4)]
    pub unsent: bool,
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
    /// The document.
    pub doc: DocId,
    /// The changes.
    pub changes: Vec<Vec<u8>>,
    /// The state that the server has once it took them.
    pub heads: Heads,
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
        let saved = doc.save().into();
        Self {
            saved,
            acknowledged: Vec::new(),
            receipt: None,
            refused: None,
            unsent: true,
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
        self.saved = doc.save().into();
        self.unsent = true;
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
    pub fn outgoing(&self, id: DocId) -> Result<Option<Outgoing>, HeldError> {
        if !self.unsent || self.saved.is_empty() {
            return Ok(None);
        }
        let mut doc = Document::load(&self.saved)?;
        let changes = doc.changes_since(&self.acknowledged);
        Ok((!changes.is_empty()).then(|| Outgoing {
            doc: id,
            changes,
            heads: doc.heads(),
        }))
    }

    /// The server took what was sent when the document stood at `sent`.
    pub fn accepted(&mut self, sent: &Heads, receipt: Receipt) -> Result<(), HeldError> {
        self.acknowledge(sent.as_slice());
        self.receipt = Some(receipt);
        self.unsent = !Document::load(&self.saved)?
            .changes_since(&self.acknowledged)
            .is_empty();
        Ok(())
    }

    /// The server took nothing of what was sent. What the user wrote is laid beside the document, which goes back to
    /// what the server has. An unknown dependency is no refusal at first: the document is then sent as a whole.
    pub fn refuse(&mut self, refusal: Refusal) -> Result<(), HeldError> {
        if refusal.code == RefusalCode::DependencyMissing && !self.acknowledged.is_empty() {
            self.acknowledged.clear();
            return Ok(());
        }
        let mut doc = Document::load(&self.saved)?;
        let accepted = self.acknowledged.iter().copied().collect();
        let mut written = doc.clone();
        if let Some(earlier) = self.refused.take() {
            // An earlier refusal that was not settled is laid beside as well.
            written.apply(&earlier.document()?.changes_since(&[]))?;
        }
        self.refused = Some(Refused {
            refusal,
            saved: written.save().into(),
        });
        self.saved = Vec::new().into();
        self.unsent = false;
        if !self.acknowledged.is_empty() {
            self.saved = doc.at(&accepted)?.save().into();
        }
        Ok(())
    }

    /// Changes came down. `held` is nothing if the document was not here before.
    pub fn pulled(held: Option<Self>, pull: &Pull) -> Result<Self, HeldError> {
        let mut held = held.unwrap_or(Self {
            saved: Vec::new().into(),
            acknowledged: Vec::new(),
            receipt: None,
            refused: None,
            unsent: false,
        });
        let mut doc = if held.saved.is_empty() {
            Document::empty()
        } else {
            Document::load(&held.saved)?
        };
        if let Some(snapshot) = &pull.snapshot {
            let mut snapshot = Document::load(snapshot)?;
            doc.apply(&snapshot.changes_since(&[]))?;
            held.acknowledge(snapshot.heads().as_slice());
        }
        let changes: Vec<Vec<u8>> = pull.changes.iter().map(|change| change.to_vec()).collect();
        for hash in doc.apply(&changes).map_err(|error| match error {
            DocumentError::MissingDependency(_) => HeldError::Gap,
            other => HeldError::Document(other),
        })? {
            held.acknowledge(&[hash]);
        }
        if !held.unsent {
            // Everything here is the server's: its state says it all, and the list stays short.
            held.acknowledged = doc.heads().as_slice().to_vec();
        }
        held.saved = doc.save().into();
        held.receipt = Some(pull.receipt.clone());
        Ok(held)
    }

    fn acknowledge(&mut self, hashes: &[ChangeHash]) {
        for hash in hashes {
            if !self.acknowledged.contains(hash) {
                self.acknowledged.push(*hash);
            }
        }
    }
}

impl Refused {
    /// The document with what was refused.
    pub fn document(&self) -> Result<Document, HeldError> {
        Ok(Document::load(&self.saved)?)
    }
}
