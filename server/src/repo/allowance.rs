//! How much a client may say: a token bucket. Work that a client asks for holds it up by itself, since its next message is
//! read only then; this is for what never ends.

use std::time::{Duration, Instant};

/// What is left to say.
#[derive(Debug)]
pub(super) struct Allowance {
    left: u32,
    since: Instant,
}

impl Allowance {
    /// The most messages in a burst: a client opens all of its documents at once.
    const BURST: u32 = 20_000;

    /// How long one message takes to be allowed again.
    const EACH: Duration = Duration::from_millis(20);

    /// All of it.
    pub(super) fn full(now: Instant) -> Self {
        Self {
            left: Self::BURST,
            since: now,
        }
    }

    /// Whether one more message is allowed.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let earned = now.duration_since(self.since).as_millis() / Self::EACH.as_millis();
        let earned = u32::try_from(earned).unwrap_or(u32::MAX);
        self.since += Self::EACH.saturating_mul(earned);
        self.left = self.left.saturating_add(earned).min(Self::BURST);
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_a_steady_pace() {
        let start = Instant::now();
        let mut allowance = Allowance::full(start);
        for _ in 0..Allowance::BURST {
            assert!(allowance.take(start));
        }
        assert!(!allowance.take(start));
        for n in 1..100 {
            let now = start + Allowance::EACH * n;
            assert!(allowance.take(now));
            assert!(!allowance.take(now + Allowance::EACH / 2));
        }
        let later = start + Duration::from_secs(1_000_000_000);
        assert!(allowance.take(later));
    }
}
