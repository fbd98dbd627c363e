//! Waiting for conditions, never for time.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::Instant;

/// How long a condition may take before the test has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `condition` gives something; fails after [`PATIENCE`], naming `what` was waited for.
pub async fn until<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    let mut beat = tokio::time::interval(Duration::from_millis(50));
    while Instant::now() < end {
        beat.tick().await;
        if let Some(found) = condition().await {
            return Ok(found);
        }
    }
    bail!("waited in vain for {what}")
}
