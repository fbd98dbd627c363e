//! What is half written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Heads, Moment, UserId};
use lianxin_shared::records::{Attachment, Register, Value, Values, headline, register};
use minicbor::{Decode, Encode};

use super::database::Batch;
use super::store::Store;
use super::{News, Vault, VaultError};

/// A form as it stands, kept with every keystroke. It has the id of the record that it will become or that it
/// changes, so there is one draft a record, and finishing it twice makes one record.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Draft {
    /// The record's document.
    #[n(0)]
    pub id: DocId,
    /// The register's kind.
    #[n(1)]
    pub kind: String,
    /// The station of a new record.
    #[n(2)]
    pub station: Option<DocId>,
    /// What the form holds.
    #[n(3)]
    pub values: Values,
    /// What its companion's part of the form holds.
    #[n(4)]
    pub companion: Values,
    /// The states that the form was opened at; nothing for a new record.
    #[n(5)]
    pub base: Option<Base>,
    /// When it was last typed in.
    #[n(6)]
    pub touched: Moment,
    /// What hangs on the record.
    #[n(7)]
    #[cbor(default)]
    pub attachments: Vec<Attachment>,
}

impl Draft {
    /// What names it in a list; empty if there is nothing yet.
    pub fn title(&self) -> Cow<'_, str> {
        let title = register(&self.kind).and_then(|register| self.values.get(register.title));
        headline(title.and_then(Value::text).unwrap_or_default())
    }
}

/// Where a change of an existing record started: what others wrote since is merged with it.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Base {
    /// The record's state.
    #[n(0)]
    pub heads: Heads,
    /// The companion's state, if it was there.
    #[n(1)]
    pub companion: Option<Heads>,
}

/// What the office has half written on a record, kept by the record's id with every keystroke. Nothing in it: nothing kept.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct OfficeDraft {
    /// The fields that are being changed, while the form is open.
    #[n(0)]
    pub changes: Option<Values>,
    /// The step that was begun.
    #[n(1)]
    pub step: Option<StepDraft>,
}

/// A step that is not taken yet.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct StepDraft {
    /// The step's act.
    #[n(0)]
    pub act: String,
    /// The words it is to be taken with.
    #[n(1)]
    pub words: String,
    /// Whom the record is to be assigned to.
    #[n(2)]
    pub handler: Option<UserId>,
    /// By when.
    #[n(3)]
    pub due: Option<Moment>,
    /// The record it is to be merged into.
    #[n(4)]
    pub into: Option<DocId>,
    /// The judgements, by name.
    #[n(5)]
    #[cbor(default)]
    pub marks: BTreeMap<String, String>,
}

impl Vault {
    /// Everything half written, last touched first.
    pub async fn drafts(&self) -> Result<Vec<Draft>, VaultError> {
        let (read, _) = self.database.all::<Draft>(Store::Drafts).await?;
        let mut drafts: BTreeMap<_, _> = read.into_iter().collect();
        for key in self.keys_aside(Store::Drafts) {
            let later = later(self.aside(Store::Drafts, &key), drafts.remove(&key));
            drafts.extend(later.map(|draft| (key, draft)));
        }
        let mut drafts: Vec<_> = drafts.into_values().collect();
        drafts.sort_by_key(|draft| std::cmp::Reverse(draft.touched));
        Ok(drafts)
    }

    /// A draft.
    pub async fn draft(&self, id: DocId) -> Result<Option<Draft>, VaultError> {
        let kept = self.database.get(Store::Drafts, &id).await?;
        Ok(later(self.aside(Store::Drafts, &id.to_string()), kept))
    }

    /// Keeps a draft as it stands.
    pub async fn keep_draft(&self, draft: &Draft) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        batch.put(Store::Drafts, &draft.id, draft)?;
        let written = self.commit_half_written(batch).await;
        self.bell.ring(&News::Drafts);
        written
    }

    /// Throws a draft away.
    pub async fn drop_draft(&self, id: DocId) -> Result<(), VaultError> {
        let mut batch = Batch::default();
        self.forget_files_of_draft(id, &mut batch).await?;
        batch.remove(Store::Drafts, &id);
        self.commit_half_written(batch).await?;
        self.bell.ring(&News::Drafts);
        Ok(())
    }

    /// What the office has half written on a record.
    pub async fn office_draft(&self, id: DocId) -> Result<OfficeDraft, VaultError> {
        let kept = match self.aside(Store::OfficeDrafts, &id.to_string()) {
            Some(aside) => Some(aside),
            None => self.database.get(Store::OfficeDrafts, &id).await?,
        };
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
        self.commit_half_written(batch).await
    }

    /// Removes what is half written on documents that were removed for good; of a form whose companion was, the companion's
    /// part. Answers of which documents there was anything.
    pub(super) async fn forget_drafts(
        &self,
        erased: &[DocId],
        writes: &mut Batch,
    ) -> Result<Vec<DocId>, VaultError> {
        let mut changed = Vec::new();
        if erased.is_empty() {
            return Ok(changed);
        }
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
            changed.push(draft.id);
        }
        for id in erased {
            writes.remove(Store::OfficeDrafts, id);
        }
        Ok(changed)
    }
}

/// The one that was touched last. What lies aside is this window's own: another may have kept later words since.
fn later(aside: Option<Draft>, kept: Option<Draft>) -> Option<Draft> {
    match (aside, kept) {
        (Some(aside), Some(kept)) if kept.touched > aside.touched => Some(kept),
        (Some(aside), _) => Some(aside),
        (None, kept) => kept,
    }
}
