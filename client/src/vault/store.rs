//! What lies where in a vault's database.

/// The stores of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// Documents as the device holds them, by document id.
    Documents,
    /// Summaries one by one, by document id, as older versions kept them.
    Summaries,
    /// Summaries, many sealed as one: see [`super::shelf`].
    Segments,
    /// What is half written, by document id.
    Drafts,
    /// What the office has half written on its records, by document id.
    OfficeDrafts,
    /// The ids of the documents that have something to send, with nothing beside them.
    Unsent,
    /// What is known of files, by their hash.
    Files,
    /// Their bytes, by their hash.
    Blobs,
    /// Everything of which there is one.
    Meta,
    /// Work that is sealed to the server: in a vault by document id, on the tablet, of others, by the name of the envelope.
    Outbox,
    /// The states in which documents were last seen, by document id.
    Seen,
}

impl Store {
    /// All of them.
    pub(super) const ALL: [Self; 11] = [
        Self::Documents,
        Self::Summaries,
        Self::Segments,
        Self::Drafts,
        Self::OfficeDrafts,
        Self::Unsent,
        Self::Files,
        Self::Blobs,
        Self::Meta,
        Self::Outbox,
        Self::Seen,
    ];

    /// Whether what lies in it is read while the vault is locked. What it is, only the server opens.
    pub(super) const fn is_for_others(self) -> bool {
        matches!(self, Self::Outbox)
    }

    /// Whether what lies in it is written with each key that is pressed.
    pub(super) const fn is_half_written(self) -> bool {
        matches!(self, Self::Drafts | Self::OfficeDrafts)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Summaries => "summaries",
            Self::Segments => "segments",
            Self::Drafts => "drafts",
            Self::OfficeDrafts => "office-drafts",
            Self::Unsent => "unsent",
            Self::Files => "files",
            Self::Blobs => "blobs",
            Self::Meta => "meta",
            Self::Outbox => "outbox",
            Self::Seen => "seen",
        }
    }
}

/// Where a value lies. Sealed for this place, it opens in no other.
pub(super) fn place(store: Store, key: &str) -> String {
    format!("{}\0{key}", store.name())
}
