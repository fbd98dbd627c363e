//! What is half written.

use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Heads, Moment, UserId};
use lianxin_shared::records::{Attachment, Values, register};
use minicbor::{Decode, Encode};

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
    /// What names it in a list: the first line of its title field; empty if there is none yet.
    pub fn title(&self) -> &str {
        let title = register(&self.kind).and_then(|register| self.values.get(register.title));
        title
            .and_then(|value| value.text())
            .and_then(|text| text.trim_start().lines().next())
            .unwrap_or_default()
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
