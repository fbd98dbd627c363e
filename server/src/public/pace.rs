//! How fast one address may ask and send: token buckets in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::visitor::Address;

/// The most buckets. Beyond, those that are full again are forgotten; where none is, strangers share one.
const MOST: usize = 10_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Reading a page.
    Read,
    /// Sending a form.
    Send,
    /// Asking for a receipt that does not exist.
    Guess,
}

impl Kind {
    /// How many at once, and how long until one more. A whole office can stand behind one address.
    const fn allowance(self) -> (u32, Duration) {
        match self {
            Self::Read => (300, Duration::from_millis(200)),
            Self::Send => (10, Duration::from_secs(30)),
            Self::Guess => (20, Duration::from_secs(30)),
        }
    }

    /// When a bucket will be full again if one is taken out of it now.
    fn after(self, full: Instant, now: Instant) -> Result<Instant, Wait> {
        let (burst, each) = self.allowance();
        let (then, latest) = (full.max(now) + each, now + each * burst);
        if then > latest {
            Err(Wait(then - latest))
        } else {
            Ok(then)
        }
    }
}

/// How long to wait before trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub(super) Duration);

/// The buckets, each with when it will be full again: a bucket is that one moment.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<(Kind, Option<Address>), Instant>>);

impl Pace {
    /// Whether there is one to take.
    pub(super) fn may(&self, kind: Kind, address: Address, now: Instant) -> Result<(), Wait> {
        let full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.get(&(kind, Some(address))).copied().unwrap_or(now);
        kind.after(full, now).map(drop)
    }

    /// Takes one, if there is one.
    pub(super) fn take(&self, kind: Kind, address: Address, now: Instant) -> Result<(), Wait> {
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MOST {
            full_at.retain(|_, full| *full > now);
        }
        let known = full_at.len() < MOST || full_at.contains_key(&(kind, Some(address)));
        let entry = full_at.entry((kind, known.then_some(address))).or_insert(now);
        *entry = kind.after(*entry, now)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn address(n: u32) -> Address {
        IpAddr::V4(Ipv4Addr::from_bits(n)).into()
    }

    #[test]
    fn who_sends_too_fast_waits_and_nobody_else_does() {
        let (pace, start) = (Pace::default(), Instant::now());
        let (burst, each) = Kind::Send.allowance();
        for _ in 0..burst {
            assert_eq!(pace.take(Kind::Send, address(1), start), Ok(()));
        }
        assert_eq!(pace.take(Kind::Send, address(1), start), Err(Wait(each)));
        assert_eq!(pace.take(Kind::Send, address(2), start), Ok(()));
        assert_eq!(pace.take(Kind::Read, address(1), start), Ok(()));
        assert_eq!(pace.take(Kind::Send, address(1), start + each), Ok(()));
        assert_eq!(pace.take(Kind::Send, address(1), start + each), Err(Wait(each)));
    }

    #[test]
    fn strangers_without_number_take_no_more_memory() {
        let (pace, start) = (Pace::default(), Instant::now());
        for n in 0..u32::try_from(MOST).unwrap() * 2 {
            let _ = pace.take(Kind::Send, address(n), start);
        }
        assert!(pace.0.lock().unwrap().len() <= MOST + 1);
        assert!(
            pace.take(Kind::Send, address(0), start).is_ok(),
            "who was known is not held up"
        );
        let later = start + Duration::from_secs(3_600);
        assert_eq!(pace.take(Kind::Send, address(u32::MAX), later), Ok(()));
        assert_eq!(pace.0.lock().unwrap().len(), 1);
    }
}
