//! The body of an exchange, frame by frame.

use std::collections::VecDeque;

use crate::protocol::{Up, encode_frame};

/// What an exchange sends. A frame is compressed when it is asked for, so that the first ones are on their way, and at work
/// at the server, while the next are made; and so that nobody has to wait for all of them in one piece.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    frames: VecDeque<Vec<Up>>,
}

impl Request {
    pub(super) fn of(frames: impl IntoIterator<Item = Vec<Up>>) -> Self {
        Self {
            frames: frames.into_iter().collect(),
        }
    }

    /// All of it, as the body of `POST /api/sync`.
    pub fn into_bytes(self) -> Vec<u8> {
        self.flatten().collect()
    }
}

impl Iterator for Request {
    type Item = Vec<u8>;

    /// The next frame.
    fn next(&mut self) -> Option<Vec<u8>> {
        self.frames.pop_front().map(|messages| encode_frame(&messages))
    }
}
