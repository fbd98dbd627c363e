//! The state of one's work in words.

/// Where a record stands, for whoever wrote it. The words are the message `standing-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// On this tablet only; it will be sent when there is a line.
    OnTablet,
    /// Being sent.
    OnItsWay,
    /// The office has it.
    Received,
    /// The office has it, and has yet to decide what only it can: a number in its books.
    WaitsForOffice,
    /// The office has answered.
    Answered,
    /// Something is asked of the user.
    NeedsAttention,
}

impl Standing {
    /// Every standing.
    pub const ALL: &'static [Self] = &[
        Self::OnTablet,
        Self::OnItsWay,
        Self::Received,
        Self::WaitsForOffice,
        Self::Answered,
        Self::NeedsAttention,
    ];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnTablet => "on-tablet",
            Self::OnItsWay => "on-its-way",
            Self::Received => "received",
            Self::WaitsForOffice => "waits-for-office",
            Self::Answered => "answered",
            Self::NeedsAttention => "needs-attention",
        }
    }
}
