//! What happens to the device's side of sync, and what it asks to be done.

use std::collections::BTreeSet;

use super::{Batch, Holdings, Outgoing, Wait};
use crate::id::{DocId, Heads};

/// Something happened.
#[derive(Debug)]
pub enum Input {
    /// There may be something to do: the app started, a record was saved, the line came back, a channel moved.
    Wake,
    /// The time asked for by [`Output::Retry`] is over.
    Timer,
    /// Somebody wants to be sure that both sides hold the same.
    Check,
    /// The unsent work asked for by [`Output::Collect`]; `more` if not all of it fitted.
    Collected {
        /// What is to be sent.
        work: Vec<Outgoing>,
        /// Whether there is more.
        more: bool,
    },
    /// What is held, as [`Output::Survey`] asked: for each document [`super::Held::accepted_state`], if it has one.
    Surveyed(Vec<(DocId, Heads)>),
    /// Bytes of the answer arrived.
    Chunk(Vec<u8>),
    /// The answer is over.
    Ended,
    /// The line was cut, or there is none.
    Cut,
    /// The server does not know the session (401).
    Denied,
    /// The server does not speak this version of the protocol (426).
    Outdated,
    /// The server answered that it cannot take the exchange.
    Failed,
    /// The server has too much to do, and says when to come again (503 or 429 with `Retry-After`).
    TurnedAway {
        /// Milliseconds.
        after_ms: u32,
    },
    /// The batch is stored, with what [`super::Applied`] says of it.
    Committed {
        /// Whether something was missing in between.
        gap: bool,
        /// By what the device's holdings changed.
        turned: Holdings,
    },
    /// It could not be stored.
    CommitFailed,
}

/// Something is to be done, in the order given.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Gather unsent work of about so many bytes, at least one document if there is any; answer [`Input::Collected`].
    Collect {
        /// Bytes of changes.
        budget: usize,
        /// Documents that are on their way, and so are left out: this is for the exchange after the one that is on.
        besides: BTreeSet<DocId>,
    },
    /// Look through everything that is held; answer [`Input::Surveyed`].
    Survey,
    /// Send this as the body of `POST /api/sync`; answer [`Input::Chunk`], [`Input::Ended`] or one of the failures.
    Exchange(Vec<u8>),
    /// Store this in one transaction, durably; answer [`Input::Committed`] or [`Input::CommitFailed`]. The next batch is given
    /// out only then, since it builds on this one.
    Commit(Batch),
    /// Come again with [`Input::Timer`] after so long; the chance comes from outside.
    Retry(Wait),
    /// Everything is done.
    Rest,
}

/// What the device knows of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not tried yet.
    Unknown,
    /// The last exchange went through.
    On,
    /// The last exchange did not.
    Off,
    /// The server wants the user to sign in again.
    SignedOut,
    /// The server speaks another version of the protocol: this program is to be updated. What is here stays.
    Outdated,
}
