//! When the database was last asked for anything, so that what nobody waits for waits until nobody is waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// The moment of the last question or write. All clones are one.
#[derive(Clone)]
pub(super) struct Pulse {
    since: Instant,
    /// In milliseconds after `since`.
    last: Arc<AtomicU64>,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            last: Arc::default(),
        }
    }

    /// Something is wanted, or was just done.
    pub(super) fn beat(&self) {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.fetch_max(now, Relaxed);
    }

    /// For how long nothing has been wanted.
    pub(super) fn quiet(&self) -> Duration {
        self.since
            .elapsed()
            .saturating_sub(Duration::from_millis(self.last.load(Relaxed)))
    }
}
