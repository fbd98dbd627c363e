//! What opens a vault: a PIN of digits or a passphrase. Which are too weak, and how wrong ones slow down.

use lianxin_shared::id::Moment;
use minicbor::{Decode, Encode};

/// The fewest digits of a PIN.
const FEWEST_DIGITS: usize = 6;
/// The fewest characters of a passphrase.
const FEWEST_CHARACTERS: usize = 8;
/// The most characters of either: beyond, nobody types it without a mistake.
const MOST_CHARACTERS: usize = 128;

/// Wrong ones that cost no wait: fingers slip.
const FREE: u32 = 2;
const FIRST_WAIT_MS: i64 = 5_000;
const LONGEST_WAIT_MS: i64 = 15 * 60_000;
/// From so many wrong ones on it is likely forgotten.
const MANY: u32 = 5;

/// Why something is no good as a PIN or passphrase. The message is `pin-NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Too few digits or characters.
    Short,
    /// Too many characters.
    Long,
    /// The same digit again and again, a row of digits, or a few that repeat.
    Plain,
    /// The name at sign-in.
    Name,
}

impl Weakness {
    /// The message's key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Short => "pin-short",
            Self::Long => "pin-long",
            Self::Plain => "pin-plain",
            Self::Name => "pin-name",
        }
    }
}

/// Whether something can be the PIN or passphrase of a user.
pub fn judge(pin: &str, user: &str) -> Result<(), Weakness> {
    let characters: Vec<char> = pin.to_lowercase().chars().collect();
    let is_digits = characters.iter().all(char::is_ascii_digit);
    let fewest = if is_digits {
        FEWEST_DIGITS
    } else {
        FEWEST_CHARACTERS
    };
    if characters.len() < fewest {
        Err(Weakness::Short)
    } else if characters.len() > MOST_CHARACTERS {
        Err(Weakness::Long)
    } else if is_plain(&characters) {
        Err(Weakness::Plain)
    } else if user.len() > 2 && pin.to_lowercase().contains(&user.to_lowercase()) {
        Err(Weakness::Name)
    } else {
        Ok(())
    }
}

/// Whether it is a row up or down, has no more than two different characters, or a few that repeat.
fn is_plain(characters: &[char]) -> bool {
    let steps: Vec<i64> = characters
        .windows(2)
        .map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])))
        .collect();
    let is_row = steps.iter().all(|step| *step == 1) || steps.iter().all(|step| *step == -1);
    let mut different = characters.to_vec();
    different.sort_unstable();
    different.dedup();
    let repeats = (1..=characters.len() / 2).any(|n| {
        characters.len().is_multiple_of(n) && characters.chunks(n).all(|chunk| chunk == &characters[..n])
    });
    // 112233: pairs in a row.
    let pairs: Vec<char> = characters.iter().step_by(2).copied().collect();
    let is_pairs = characters
        .chunks(2)
        .all(|pair| pair.len() == 2 && pair[0] == pair[1]);
    is_row || different.len() <= 2 || repeats || (is_pairs && is_plain_row(&pairs))
}

fn is_plain_row(characters: &[char]) -> bool {
    let step = |by: i64| {
        let mut pairs = characters.windows(2);
        pairs.all(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by)
    };
    step(1) || step(-1)
}

/// Wrong tries since the last right one. Each is counted before it is tried, so that taking the power away gains nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct Tries {
    /// How many.
    #[n(0)]
    wrong: u32,
    /// When the last was, or when the clock was first seen before that.
    #[n(1)]
    since: Moment,
}

impl Tries {
    /// One more, by a clock.
    #[must_use]
    pub fn another(self, now: Moment) -> Self {
        Self {
            wrong: self.wrong.saturating_add(1),
            since: now,
        }
    }

    /// The same as of now: where the clock was set back, the wait begins again.
    #[must_use]
    pub fn as_of(self, now: Moment) -> Self {
        Self {
            since: self.since.min(now),
            ..self
        }
    }

    /// How long the next has to wait, in milliseconds; 0 if it need not.
    pub fn wait_ms(self, now: Moment) -> i64 {
        if self.wrong <= FREE {
            return 0;
        }
        let doubled = (self.wrong - FREE - 1).min(16);
        let whole = (FIRST_WAIT_MS << doubled).min(LONGEST_WAIT_MS);
        let passed = now.0.saturating_sub(self.since.0).max(0);
        (whole - passed).max(0)
    }

    /// Whether it is likely forgotten.
    pub fn are_many(self) -> bool {
        self.wrong >= MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_would_try_first_is_refused() {
        for weak in [
            "000000", "123456", "654321", "121212", "123123", "112233", "111222", "12345678", "aaaaaaaa",
        ] {
            assert_eq!(judge(weak, "host1"), Err(Weakness::Plain), "{weak}");
        }
        for short in ["", "48291", "abc4829"] {
            assert_eq!(judge(short, "host1"), Err(Weakness::Short), "{short}");
        }
        assert_eq!(judge(&"4829".repeat(40), "host1"), Err(Weakness::Long));
        assert_eq!(judge("my-HOST1-pin", "host1"), Err(Weakness::Name));
        for good in ["482913", "社区门口有两棵大樟树", "four green lamps"] {
            assert_eq!(judge(good, "host1"), Ok(()), "{good}");
        }
    }

    fn wrong(times: u32, at: i64) -> Tries {
        (0..times).fold(Tries::default(), |tries, _| tries.another(Moment(at)))
    }

    #[test]
    fn wrong_ones_wait_longer_and_longer() {
        let waits: Vec<_> = (0..16).map(|n| wrong(n, 0).wait_ms(Moment(0)) / 1_000).collect();
        assert_eq!(
            waits,
            [0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900, 900]
        );
        assert_eq!(wrong(200, 0).wait_ms(Moment(0)), LONGEST_WAIT_MS);
        assert_eq!(wrong(3, 1_000).wait_ms(Moment(5_000)), 1_000);
        assert_eq!(wrong(3, 1_000).wait_ms(Moment(6_000)), 0);
        assert!(!wrong(4, 0).are_many());
        assert!(wrong(5, 0).are_many());
    }

    #[test]
    fn a_clock_set_back_does_not_shorten_the_wait() {
        let tries = wrong(3, 100_000);
        let back = Moment(10_000);
        assert_eq!(tries.as_of(back).wait_ms(back), 5_000);
        // From there on it passes, and setting it back once more begins it anew.
        assert_eq!(tries.as_of(back).wait_ms(Moment(14_000)), 1_000);
        assert_eq!(tries.as_of(back).as_of(Moment(0)).wait_ms(Moment(0)), 5_000);
        let forward = tries.as_of(Moment(200_000));
        assert_eq!(forward, tries);
    }
}
