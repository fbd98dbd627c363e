//! What lists and search need of a document.

use minicbor::{Decode, Encode};

use super::{Held, HeldError};
use crate::id::{DocId, Heads, Moment, UserId};
use crate::records::{Columns, Record, Values};
use crate::rules::{Refusal, channels_of};
use crate::search;
use crate::standing::Standing;

/// A record in a list. It lies beside the document, so that nothing is loaded for lists and search.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Summary {
    /// The document.
    #[n(0)]
    pub doc: DocId,
    /// Its register's kind.
    #[n(1)]
    pub kind: String,
    /// Its station.
    #[n(2)]
    pub station: Option<DocId>,
    /// Who started it.
    #[n(3)]
    pub owner: UserId,
    /// When it was started.
    #[n(4)]
    pub created_at: Moment,
    /// When it took place.
    #[n(5)]
    pub when: Moment,
    /// The state that its timeline folds to.
    #[n(6)]
    pub state: String,
    /// Since when.
    #[n(7)]
    pub since: Option<Moment>,
    /// The words of the last step that had any.
    #[n(8)]
    pub words: Option<String>,
    /// What names it.
    #[n(9)]
    pub title: String,
    /// Its theme.
    #[n(10)]
    pub theme: Option<DocId>,
    /// Its words, as search wants them: see [`search::normalize`].
    #[n(11)]
    pub search: String,
    /// All values of reference data; nothing of other records.
    #[n(12)]
    pub reference: Values,
    /// The channels it is in, by name.
    #[n(13)]
    pub channels: Vec<String>,
    /// Whether there is something in it that the server was not yet seen to have.
    #[n(14)]
    pub unsent: bool,
    /// Why the server did not take the last of it.
    #[n(15)]
    pub refusal: Option<Refusal>,
    /// The state that the server last said it has of it; the state before any change if it never did.
    #[n(16)]
    pub accepted: Heads,
}

impl Summary {
    /// The summary of a held document.
    pub fn of(doc: DocId, held: &Held) -> Result<Self, HeldError> {
        Ok(Self::of_record(doc, &held.document()?.record()?, held))
    }

    pub(super) fn of_record(doc: DocId, record: &Record, held: &Held) -> Self {
        let register = record.register();
        let status = record.status();
        let is_reference = register.is_some_and(|register| register.columns == Columns::Reference);
        Self {
            doc,
            kind: record.envelope.kind.clone(),
            station: record.envelope.station,
            owner: record.envelope.owner.clone(),
            created_at: record.envelope.created_at,
            when: record.when(),
            state: status
                .as_ref()
                .map_or_else(String::new, |status| status.state.to_owned()),
            since: status.as_ref().and_then(|status| status.since),
            words: status.and_then(|status| status.words),
            title: record.title().to_owned(),
            theme: record.theme(),
            search: search::normalize(&record.searchable()),
            reference: if is_reference {
                record.values.clone()
            } else {
                Values::new()
            },
            channels: channels_of(record).iter().map(ToString::to_string).collect(),
            unsent: held.unsent,
            refusal: held.refused.as_ref().map(|refused| refused.refusal.clone()),
            accepted: held.accepted_heads(),
        }
    }

    /// Where the user's work stands. `on_its_way` says whether an exchange carries it right now.
    pub fn standing(&self, on_its_way: bool) -> Standing {
        let lifecycle = crate::records::register(&self.kind).map(|register| &register.lifecycle);
        let state = self.state.as_str();
        match lifecycle {
            _ if self.refusal.is_some() => Standing::NeedsAttention,
            _ if self.unsent && on_its_way => Standing::OnItsWay,
            _ if self.unsent => Standing::OnTablet,
            Some(lifecycle) if lifecycle.attention.contains(&state) => Standing::NeedsAttention,
            Some(lifecycle) if lifecycle.answered.contains(&state) => Standing::Answered,
            _ => Standing::Received,
        }
    }
}
