//! When a device comes again.

/// How long to wait before the next try: a span, of which chance picks the moment. A thousand devices that lost the server at
/// once come back spread over it instead of all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    least_ms: u32,
    most_ms: u32,
}

impl Wait {
    /// The longest that a device waits of its own accord, in milliseconds; with chance half as much again.
    const LONGEST_MS: u32 = 30_000;

    /// The longest that a server's word is heeded, in milliseconds: a wrong one must not silence a device for a day.
    const HEEDED_MS: u32 = 10 * 60 * 1_000;

    /// After so many failures in a row, the first being 0: about twice as long with each.
    pub(super) fn after(failures: u32) -> Self {
        let about = Self::about(failures);
        Self {
            least_ms: about / 2,
            most_ms: about + about / 2,
        }
    }

    /// As long as the server says, in milliseconds, and never sooner; then spread over as long as failures in a row ask for.
    pub(super) fn told(ms: u32, failures: u32) -> Self {
        let least_ms = ms.min(Self::HEEDED_MS);
        Self {
            least_ms,
            most_ms: least_ms + Self::about(failures),
        }
    }

    fn about(failures: u32) -> u32 {
        1_000u32
            .saturating_mul(1 << failures.min(5))
            .min(Self::LONGEST_MS)
    }

    /// The wait in milliseconds that a random number picks.
    pub fn pick(self, chance: u16) -> u32 {
        let span = u64::from(self.most_ms - self.least_ms);
        let more = span * u64::from(chance) / u64::from(u16::MAX);
        self.least_ms + u32::try_from(more).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_wait_until_it_is_long_enough() {
        let middle: Vec<_> = (0..8).map(|n| Wait::after(n).pick(u16::MAX / 2) / 100).collect();
        assert_eq!(middle, [9, 19, 39, 79, 159, 299, 299, 299]);
        assert_eq!(Wait::after(u32::MAX).pick(u16::MAX), 45_000);
    }

    #[test]
    fn nobody_comes_sooner_than_told_nor_all_together() {
        for failures in 0..10 {
            let wait = Wait::told(5_000, failures);
            assert_eq!(wait.pick(0), 5_000);
            assert!(wait.pick(u16::MAX) >= 6_000);
        }
        assert_eq!(Wait::told(u32::MAX, 0).pick(0), Wait::HEEDED_MS);
    }

    #[test]
    fn a_thousand_come_back_evenly_over_their_span() {
        let mut seconds = [0; 5];
        for n in 0..1_000u32 {
            let chance = u16::try_from(n * u32::from(u16::MAX) / 999).unwrap();
            let at = Wait::told(5_000, 2).pick(chance) - 5_000;
            seconds[(at / 1_000) as usize] += 1;
        }
        assert!(
            seconds[..4].iter().all(|n| (245..=255).contains(n)),
            "{seconds:?}"
        );
    }
}
