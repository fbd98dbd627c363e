//! The office's way in: the same door as everybody's. One document's changes go up in one exchange that pulls nothing.

use lianxin_shared::document::pack;
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::protocol::{
    Cursors, Down, FrameError, FrameReader, Hello, Outcome, PROTOCOL, Push, Up, encode_frame,
};
use lianxin_shared::rules::Refusal;

use crate::api::{Api, ApiError};

/// How long the answer may be silent, in milliseconds.
const PATIENCE: u32 = 20_000;

/// Why changes were not taken, or are not known to be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum PushError {
    /// There was no answer.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The answer cannot be read.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The changes are none.
    #[error("the changes cannot be sent: {0}")]
    Changes(String),
    /// The answer ended before it said what became of the changes.
    #[error("the answer was cut short")]
    Cut,
    /// Refused, all of them.
    #[error("refused: {0}")]
    Refused(Refusal),
}

/// Sends changes of one document. Once it is back without an error they are durable.
pub(super) async fn push(
    api: &Api,
    device: DeviceId,
    doc: DocId,
    changes: Vec<Vec<u8>>,
) -> Result<(), PushError> {
    let hello = Hello {
        protocol: PROTOCOL,
        device,
        epoch: None,
        cursors: Cursors::new(),
        budget: 0,
    };
    let push = Push {
        doc,
        snapshot: None,
        changes: pack(&changes)
            .map_err(|e| PushError::Changes(e.to_string()))?
            .into(),
        receipts: Vec::new(),
    };
    let frame = encode_frame(&[Up::Hello(hello), Up::Push(push), Up::End]);
    let answer = api.sync(&frame).await?;
    let mut reader = FrameReader::default();
    while let Some(bytes) = answer.next(PATIENCE).await? {
        reader.push(&bytes);
        while let Some(messages) = reader.next_frame::<Down>()? {
            for message in messages {
                if let Down::Result(outcome) = message {
                    return match outcome {
                        Outcome::Accepted { .. } => Ok(()),
                        Outcome::Refused(refusal) => Err(PushError::Refused(refusal)),
                        Outcome::Busy => Err(PushError::Cut),
                    };
                }
            }
        }
    }
    Err(PushError::Cut)
}
