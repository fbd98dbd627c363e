//! Sends files once there is nothing else to send: one piece at a time, so that words never wait for more than that. Where the
//! server stands it says itself (tus 1.0, docs/protocol.md), so a cut costs one piece at most.

use std::collections::BTreeSet;

use lianxin_shared::id::{DocId, FileHash};

use crate::api::{Api, ApiError};
use crate::photos::address;
use crate::vault::Vault;

/// The smallest piece, in bytes.
const LEAST: usize = 16 * 1024;

/// The first piece.
const FIRST: usize = 64 * 1024;

/// The largest piece.
const MOST: usize = 512 * 1024;

/// A piece that takes less than this, in milliseconds, is followed by one twice as large.
const QUICK: f64 = 1_500.0;

/// One that takes longer than this is followed by one half as large.
const SLOW: f64 = 6_000.0;

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// There may be more.
    Piece,
    /// There is nothing to send.
    Nothing,
    /// The line is gone, or the server does not take files now.
    Cut,
}

/// A file on its way.
struct Current {
    doc: DocId,
    path: String,
    hash: FileHash,
    bytes: Vec<u8>,
    /// Up to where the server has it.
    offset: usize,
}

/// What is sent, and how fast that goes.
pub(super) struct Uploads {
    vault: Vault,
    current: Option<Current>,
    piece: usize,
    /// What the server does not know of: asked for again when this window leads anew, or when more is written.
    unknown: BTreeSet<FileHash>,
}

impl Uploads {
    pub(super) fn new(vault: &Vault) -> Self {
        Self {
            vault: vault.clone(),
            current: None,
            piece: FIRST,
            unknown: BTreeSet::new(),
        }
    }

    /// Records may have been sent meanwhile that name what was not known.
    pub(super) fn look_again(&mut self) {
        self.unknown.clear();
    }

    /// Sends the next piece.
    pub(super) async fn send(&mut self, api: &Api) -> Sent {
        let current = match self.current.take() {
            Some(current) => current,
            None => match self.next(api).await {
                Ok(Some(current)) => current,
                Ok(None) => return Sent::Nothing,
                Err(sent) => return sent,
            },
        };
        let end = current.bytes.len().min(current.offset + self.piece);
        let piece = &current.bytes[current.offset..end];
        let begun = js_sys::Date::now();
        match api.append(&current.path, current.offset, piece).await {
            Ok(offset) => {
                self.piece = adapted(self.piece, js_sys::Date::now() - begun);
                self.go_on(Current { offset, ..current }).await;
                Sent::Piece
            }
            Err(ApiError::Problem { status: 409, .. }) => Sent::Piece,
            Err(ApiError::Problem { status, .. }) => {
                self.lay_by(current.doc, current.hash, status).await;
                Sent::Piece
            }
            Err(_) => {
                self.piece = (self.piece / 2).max(LEAST);
                Sent::Cut
            }
        }
    }

    /// The next file with something to send. One that the server has already is done with.
    async fn next(&mut self, api: &Api) -> Result<Option<Current>, Sent> {
        // What cannot be read now is sent another time.
        let waiting = self.vault.files_to_send().await.unwrap_or_default();
        let next = waiting.into_iter().find(|(hash, _)| !self.unknown.contains(hash));
        let Some((hash, entry)) = next else {
            return Ok(None);
        };
        let Ok(Some(bytes)) = self.vault.file(hash).await else {
            self.unknown.insert(hash);
            return Err(Sent::Piece);
        };
        let Some(doc) = entry.docs.first().copied() else {
            return Ok(None);
        };
        let path = address(doc, hash);
        match api.offset(&path).await {
            Ok(offset) => {
                let current = Current {
                    doc,
                    path,
                    hash,
                    bytes,
                    offset,
                };
                self.go_on(current).await;
                self.current.take().map(Some).ok_or(Sent::Piece)
            }
            Err(ApiError::Problem { status, .. }) => {
                self.lay_by(doc, hash, status).await;
                Err(Sent::Piece)
            }
            Err(_) => Err(Sent::Cut),
        }
    }

    /// The server does not take the file for this record now.
    async fn lay_by(&mut self, doc: DocId, hash: FileHash, status: u16) {
        self.unknown.insert(hash);
        if status == 404 {
            // If it is not noted, the server says the same the next time.
            drop(self.vault.file_unknown(doc, hash).await);
        }
    }

    async fn go_on(&mut self, current: Current) {
        if current.offset < current.bytes.len() {
            self.current = Some(current);
        } else {
            // If it is not noted, the server says the same the next time.
            drop(self.vault.file_sent(current.hash).await);
        }
    }
}

/// The next piece after one that took so many milliseconds.
fn adapted(piece: usize, took: f64) -> usize {
    if took < QUICK {
        (piece * 2).min(MOST)
    } else if took > SLOW {
        (piece / 2).max(LEAST)
    } else {
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_follow_the_line_within_bounds() {
        assert_eq!(adapted(FIRST, 100.0), 2 * FIRST);
        assert_eq!(adapted(FIRST, 3_000.0), FIRST);
        assert_eq!(adapted(FIRST, 9_000.0), FIRST / 2);
        assert_eq!((adapted(MOST, 1.0), adapted(LEAST, 60_000.0)), (MOST, LEAST));
    }
}
