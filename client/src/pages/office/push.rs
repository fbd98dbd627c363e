//! The office's way in: the same door as everybody's. One document's changes go up in one exchange that pulls nothing.

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
    let changes = changes.into_iter().map(Into::into).collect();
    let frame = encode_frame(&[Up::Hello(hello), Up::Push(Push { doc, changes }), Up::End]);
    let answer = api.sync(&frame).await?;
    let mut reader = FrameReader::default();
    while let Some(bytes) = answer.next(PATIENCE).await? {
        reader.push(&bytes);
        while let Some(messages) = reader.next_frame::<Down>()? {
            for message in messages {
                match message {
                    Down::Result(result) if result.doc == doc => {
                        return match result.outcome {
                            Outcome::Accepted(_) => Ok(()),
                            Outcome::Refused(refusal) => Err(PushError::Refused(refusal)),
                        };
                    }
                    _ => {}
                }
            }
        }
    }
    Err(PushError::Cut)
}
