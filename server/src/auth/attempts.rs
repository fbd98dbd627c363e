//! Slowing down who guesses passwords.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lianxin_shared::id::Moment;

/// Wrong tries that are free within a [`WINDOW_MS`].
const FREE: u32 = 10;
const WINDOW_MS: i64 = 60_000;

/// The most accounts whose tries are remembered. Beyond, the oldest are forgotten.
const MOST: usize = 10_000;

/// Wrong passwords by account, in memory. All clones are one.
#[derive(Debug, Clone, Default)]
pub struct Attempts(Arc<Mutex<HashMap<String, (Moment, u32)>>>);

impl Attempts {
    /// Whether another try on this account is free.
    pub(super) fn may_try(&self, user: &str, at: Moment) -> bool {
        let attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        attempts
            .get(user)
            .is_none_or(|(since, wrong)| *wrong < FREE || at.0 - since.0 > WINDOW_MS)
    }

    /// A try was wrong.
    pub(super) fn wrong(&self, user: &str, at: Moment) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() >= MOST {
            attempts.retain(|_, (since, _)| at.0 - since.0 <= WINDOW_MS);
        }
        if attempts.len() < MOST || attempts.contains_key(user) {
            let entry = attempts.entry(user.to_owned()).or_insert((at, 0));
            *entry = if at.0 - entry.0.0 > WINDOW_MS {
                (at, 1)
            } else {
                (entry.0, entry.1 + 1)
            };
        }
    }

    /// A try was right.
    pub(super) fn right(&self, user: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(user);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_and_nobody_else_does() {
        let attempts = Attempts::default();
        for _ in 0..FREE {
            assert!(attempts.may_try("host1", Moment(0)));
            attempts.wrong("host1", Moment(0));
        }
        assert!(!attempts.may_try("host1", Moment(WINDOW_MS)));
        assert!(attempts.may_try("host2", Moment(0)));
        assert!(attempts.may_try("host1", Moment(WINDOW_MS + 1)));
        attempts.right("host1");
        assert!(attempts.may_try("host1", Moment(0)));
    }
}
