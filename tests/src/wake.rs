//! A device that waits to be told that there is something new.

use anyhow::{Context, Result};

/// A line of `GET /api/live`.
#[derive(Debug)]
pub struct WakeLine(reqwest::Response);

impl WakeLine {
    /// Opens one for whoever has this session.
    pub async fn open(http: &reqwest::Client, url: &str, token: &str) -> Result<Self> {
        let request = http.get(format!("{url}/api/live")).bearer_auth(token);
        Ok(Self(request.send().await?.error_for_status()?))
    }

    /// Waits until something has moved that the person reads.
    pub async fn woken(&mut self) -> Result<()> {
        loop {
            let piece = self.0.chunk().await?.context("the line was closed")?;
            // What else comes are comments that keep the line alive.
            if piece.starts_with(b"data:") {
                return Ok(());
            }
        }
    }
}
