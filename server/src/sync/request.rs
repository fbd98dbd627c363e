//! The body of an exchange: frames, as they arrive.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::{FutureExt, StreamExt};
use lianxin_shared::protocol::{FaultCode, FrameReader, MAX_REQUEST, Up};
use tokio::time::Instant;

/// How many messages that arrive together are taken together.
const TOGETHER: usize = 512;

/// How long a request may take to arrive. What arrived by then is taken: frames are answered one by one.
const ARRIVAL: Duration = Duration::from_secs(5 * 60);

/// A request as it arrives.
pub(super) struct Request {
    /// When it has to be here.
    until: Instant,
    body: BodyDataStream,
    reader: FrameReader,
    /// Bytes that may still come.
    left: usize,
}

impl Request {
    /// One of which nothing has been read.
    pub(super) fn of(body: Body) -> Self {
        Self {
            until: Instant::now() + ARRIVAL,
            body: body.into_data_stream(),
            reader: FrameReader::default(),
            left: MAX_REQUEST,
        }
    }

    /// The next frame. A request that is over, cut or too long has none.
    pub(super) async fn frame(&mut self) -> Result<Vec<Up>, FaultCode> {
        loop {
            if let Some(messages) = self.whole()? {
                return Ok(messages);
            }
            let bytes = tokio::time::timeout_at(self.until, self.body.next()).await;
            self.arrived(bytes.map_err(|_| FaultCode::FrameInvalid)?)?;
        }
    }

    /// The next frame, together with those that have arrived behind it: they share one transaction.
    pub(super) async fn frames(&mut self) -> Result<Vec<Up>, FaultCode> {
        let mut messages = self.frame().await?;
        while messages.len() < TOGETHER {
            match self.whole() {
                Ok(Some(more)) => messages.extend(more),
                Ok(None) => match self.body.next().now_or_never() {
                    Some(Some(Ok(bytes))) => self.arrived(Some(Ok(bytes)))?,
                    // The end, or a cut: told by the next reading, after what is here has been taken.
                    _ => break,
                },
                Err(_) => break,
            }
        }
        Ok(messages)
    }

    fn whole(&mut self) -> Result<Option<Vec<Up>>, FaultCode> {
        self.reader.next_frame().map_err(|_| FaultCode::FrameInvalid)
    }

    fn arrived(&mut self, bytes: Option<Result<Bytes, axum::Error>>) -> Result<(), FaultCode> {
        let Some(Ok(bytes)) = bytes else {
            return Err(FaultCode::FrameInvalid);
        };
        self.left = self
            .left
            .checked_sub(bytes.len())
            .ok_or(FaultCode::FrameInvalid)?;
        self.reader.push(&bytes);
        Ok(())
    }
}
