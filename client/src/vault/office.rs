//! What the office's desk keeps on the device: lists by a name of one's own, and steps that are held back for a moment.

use lianxin_shared::id::{DocId, Moment};
use minicbor::{Decode, Encode};

use super::database::Batch;
use super::draft::StepDraft;
use super::store::Store;
use super::{Vault, VaultError, lock};

const VIEWS: &str = "office-views";
const HELD: &str = "office-held";

/// A list of the office's that its user gave a name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct View {
    /// The name.
    #[n(0)]
    pub name: String,
    /// The list, as its address names it after the question mark.
    #[n(1)]
    pub query: String,
}

/// A step that was taken and is not sent yet, so that it can be undone.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct HeldAct {
    /// The record's document.
    #[n(0)]
    pub doc: DocId,
    /// Its register's kind.
    #[n(1)]
    pub kind: String,
    /// What names it in a list.
    #[n(2)]
    pub title: String,
    /// The step.
    #[n(3)]
    pub step: StepDraft,
    /// When it was taken.
    #[n(4)]
    pub at: Moment,
}

impl Vault {
    /// The named lists, in the order in which they were named.
    pub async fn views(&self) -> Result<Vec<View>, VaultError> {
        Ok(self.database.get(Store::Meta, VIEWS).await?.unwrap_or_default())
    }

    /// Keeps the named lists.
    pub async fn keep_views(&self, views: &[View]) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Meta, VIEWS, &views.to_vec())?;
        self.database.commit(batch).await
    }

    /// The steps that are held back, in the order in which they were taken.
    pub async fn held_acts(&self) -> Result<Vec<HeldAct>, VaultError> {
        Ok(self.database.get(Store::Meta, HELD).await?.unwrap_or_default())
    }

    /// Changes which steps are held back, with no other window between reading and writing; answers what is held now.
    pub async fn change_held_acts(
        &self,
        change: impl FnOnce(&mut Vec<HeldAct>),
    ) -> Result<Vec<HeldAct>, VaultError> {
        let _guard = self.guard().await?;
        let mut acts = self.held_acts().await?;
        change(&mut acts);
        let mut batch = Batch::default();
        batch.put(Store::Meta, HELD, &acts)?;
        self.database.commit(batch).await?;
        Ok(acts)
    }

    /// Waits until no other window sends what was held back. It is this one's to do as long as the answer is kept.
    pub async fn sends_held_acts(&self) -> Result<lock::Guard, VaultError> {
        lock::acquire(&format!("lianxin-held-{}", self.user)).await
    }
}
