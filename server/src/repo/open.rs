//! One document that a client has open, and one turn of talk about it.

use lianxin_shared::document::{Document, DocumentError, Peer};
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::rules::{Principal, Refusal, RefusalCode, channels_of, may_read};

use crate::app::App;
use crate::store::{Content, StoreError};
use crate::sync::{self, Answer, Submission};

/// The most bytes of changes that wait for a document to be taken.
const MAX_WAITING: usize = 4 * 1024 * 1024;

/// What is kept of an open document from turn to turn.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// What is known of the client's replica.
    peer: Peer,
    /// The client's changes that the document does not have: refused, or waiting for what they build on.
    waiting: Vec<Vec<u8>>,
}

/// Who is at the line.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The user, as of now.
    pub(super) principal: Principal,
    /// The device that the client counts as.
    pub(super) device: DeviceId,
}

/// What a turn comes to.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Turn {
    /// It goes on.
    Goes {
        /// For the next turn.
        open: Open,
        /// What the client is told.
        reply: Option<Vec<u8>>,
        /// Why its changes were not taken, if they were judged in this turn.
        refusal: Option<Refusal>,
        /// The names of the document's channels.
        channels: Vec<String>,
    },
    /// The document is not there for this user, and the client has nothing of it.
    Unavailable,
    /// What the client has can never be taken, whatever follows.
    GivenUp(Refusal),
}

/// What is needed within a turn.
struct Table {
    open: Open,
    /// The document, and over it what waits.
    shadow: Document,
    is_there: bool,
    channels: Vec<String>,
}

impl Open {
    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.peer.size() + self.waiting.iter().map(Vec::len).sum::<usize>()
    }

    /// Hears a message, brings what it changes to the door, and answers only then; without a message, tells what is new.
    pub(super) async fn turn(
        self,
        app: &App,
        caller: &Caller,
        doc: DocId,
        message: Option<Vec<u8>>,
    ) -> Result<Turn, StoreError> {
        let content = app.store.content(doc).await?;
        let principal = caller.principal.clone();
        let heard = apart(move || self.hear(content.as_ref(), &principal, message));
        let (table, changes) = match heard.await {
            Ok(heard) => heard,
            Err(refusal) => return Ok(Turn::GivenUp(refusal)),
        };
        let is_judged = !changes.is_empty();
        let mut refusal = None;
        if is_judged {
            let submission = Submission::of_chunks(doc, changes);
            let judged = app
                .door
                .accept(&caller.principal, caller.device, vec![submission])
                .await?;
            match judged.into_iter().next() {
                Some(Answer::Accepted { .. }) => {}
                Some(Answer::Refused(why)) if why.code == RefusalCode::Erased => {
                    return Ok(Turn::GivenUp(why));
                }
                Some(Answer::Refused(why)) => refusal = Some(why),
                // Nothing was lost: the client says it again when it comes again.
                Some(Answer::Busy) | None => {
                    return Err(StoreError::Unavailable("others were quicker".to_owned()));
                }
            }
        }
        let is_taken = is_judged && refusal.is_none();
        let answer = apart(move || Ok(table.answer(is_taken, refusal)));
        Ok(answer.await.unwrap_or_else(Turn::GivenUp))
    }

    /// Lays what waits and what comes over the document. Answers also the changes to be judged: all that can be applied, if
    /// something new came.
    fn hear(
        mut self,
        content: Option<&Content>,
        principal: &Principal,
        message: Option<Vec<u8>>,
    ) -> Result<(Table, Vec<Vec<u8>>), Refusal> {
        let readable = content.and_then(|content| readable(content, principal));
        let is_there = readable.is_some();
        let (mut document, channels) = readable.unwrap_or_else(|| (Document::empty(), Vec::new()));
        if !is_there && message.is_none() {
            // It was there until now. What the client has and nobody else may see is no longer held here.
            self = Self::default();
        }
        self.waiting = document.lacking(self.waiting);
        let mut shadow = document.clone();
        shadow.lay_over(&self.waiting).map_err(|e| refusal(&e))?;
        let mut has_come = false;
        if let Some(message) = message {
            let came = self
                .peer
                .receive(&mut shadow, &message)
                .map_err(|e| refusal(&e))?;
            for change in document.lacking(came) {
                if !self.waiting.contains(&change) {
                    self.waiting.push(change);
                    has_come = true;
                }
            }
        }
        if self.waiting.iter().map(Vec::len).sum::<usize>() > MAX_WAITING {
            return Err(Refusal::new(RefusalCode::TooLarge));
        }
        let changes = if has_come {
            shadow.changes_since(document.heads().as_slice())
        } else {
            Vec::new()
        };
        let table = Table {
            open: self,
            shadow,
            is_there,
            channels,
        };
        Ok((table, changes))
    }
}

impl Table {
    fn answer(mut self, is_taken: bool, refusal: Option<Refusal>) -> Turn {
        if is_taken {
            self.open.waiting = self.shadow.lacking(self.open.waiting);
            self.channels = channels(&self.shadow);
        } else if !self.is_there && !self.open.peer.has_any() {
            return Turn::Unavailable;
        }
        let reply = self.open.peer.generate(&mut self.shadow);
        Turn::Goes {
            open: self.open,
            reply,
            refusal,
            channels: self.channels,
        }
    }
}

/// A stored document with its channels, if the user may read it.
fn readable(content: &Content, principal: &Principal) -> Option<(Document, Vec<String>)> {
    let document = sync::open(content).ok()?;
    let may = document.record().is_ok_and(|record| may_read(principal, &record));
    may.then(|| {
        let channels = channels(&document);
        (document, channels)
    })
}

fn channels(document: &Document) -> Vec<String> {
    let record = document.record().ok();
    record
        .iter()
        .flat_map(channels_of)
        .map(|channel| channel.to_string())
        .collect()
}

fn refusal(error: &DocumentError) -> Refusal {
    Refusal::new(match error {
        DocumentError::TooLarge => RefusalCode::TooLarge,
        DocumentError::DuplicateSequence => RefusalCode::ActorForeign,
        _ => RefusalCode::Corrupt,
    })
}

/// Decoding and merging take milliseconds: not on the threads that serve the lines. A fault of ours or of a library gives
/// up this document and nothing else.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "repo.failed");
        Err(Refusal::new(RefusalCode::Corrupt))
    })
}
