//! How fast somebody may ask and send: token buckets in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lianxin_shared::id::UserId;

use super::{Address, TokenHash};

/// The most buckets. Beyond, those that are full again are forgotten; where none is, strangers share one.
const MOST: usize = 10_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Reading a page.
    Read,
    /// Sending a form.
    Send,
    /// Asking for a receipt that does not exist.
    Guess,
    /// Asking for anything with an account.
    Ask,
    /// An exchange of a device.
    Exchange,
    /// Delivering what others sealed.
    Deliver,
    /// A password for one account from one address.
    Try,
    /// A password for any account from one address.
    TryAnywhere,
    /// A password for one account from any address.
    TryFromAnywhere,
}

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// Everybody at an address.
    Address(Address),
    /// An account.
    Account(UserId),
    /// A session: a device.
    Session(TokenHash),
    /// Whoever gives a name at sign-in, from an address or from any. There may be no such account.
    Named(String, Option<Address>),
}

impl From<Address> for Who {
    fn from(address: Address) -> Self {
        Self::Address(address)
    }
}

impl Kind {
    /// How many at once, and how long until one more. A whole office can stand behind one address.
    const fn allowance(self) -> (u32, Duration) {
        match self {
            Self::Read => (300, Duration::from_millis(200)),
            Self::Send => (10, Duration::from_secs(30)),
            Self::Guess => (20, Duration::from_secs(30)),
            Self::Ask => (6_000, Duration::from_millis(10)),
            Self::Exchange => (1_000, Duration::from_millis(100)),
            Self::Deliver => (60, Duration::from_secs(2)),
            Self::Try => (10, Duration::from_secs(6)),
            Self::TryAnywhere => (100, Duration::from_secs(3)),
            Self::TryFromAnywhere => (60, Duration::from_secs(6)),
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
pub struct Wait(pub(crate) Duration);

/// The buckets, each with when it will be full again: a bucket is that one moment.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<(Kind, Option<Who>), Instant>>);

impl Pace {
    /// Whether there is one to take.
    pub(crate) fn may(&self, kind: Kind, who: impl Into<Who>, now: Instant) -> Result<(), Wait> {
        let full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.get(&(kind, Some(who.into()))).copied().unwrap_or(now);
        kind.after(full, now).map(drop)
    }

    /// Takes one, if there is one.
    pub(crate) fn take(&self, kind: Kind, who: impl Into<Who>, now: Instant) -> Result<(), Wait> {
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= MOST {
            full_at.retain(|_, full| *full > now);
        }
        let mut bucket = (kind, Some(who.into()));
        if full_at.len() >= MOST && !full_at.contains_key(&bucket) {
            bucket = (kind, None);
        }
        let entry = full_at.entry(bucket).or_insert(now);
        *entry = kind.after(*entry, now)?;
        Ok(())
    }

    /// Puts back one that was taken.
    pub(crate) fn give_back(&self, kind: Kind, who: impl Into<Who>) {
        let (_, each) = kind.allowance();
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full) = full_at.get_mut(&(kind, Some(who.into())))
            && let Some(sooner) = full.checked_sub(each)
        {
            *full = sooner;
        }
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
