//! What holds the line: how fast somebody may ask, how much is worked on at once, and how many lines there are.
//!
//! - `pace`: token buckets by address, account and session; who is too fast is told how long to wait (429).
//! - `room`: how many exchanges are worked on at once; beyond, they are turned away (503) before they cost anything, so that
//!   signing in, the office's pages and `/health` are answered whatever the devices do.
//! - `lines`: how many connections there are, in all and from one address.
//! - `address`: where a request comes from, as far as it is counted.
//!
//! All of it is in the memory of one node: several nodes allow as many times as much.

mod address;
mod lines;
mod pace;
mod room;

use std::sync::Arc;
use std::time::{Duration, Instant};

use lianxin_shared::id::UserId;

pub use address::Address;
pub(crate) use lines::{Line, Lines};
pub use pace::Wait;
pub(crate) use pace::{Kind, Pace, Who};
pub(crate) use room::Place;
use room::Room;

use crate::auth::Signed;
use crate::problem::{Problem, Refused};
use crate::store::TokenHash;

/// After how many seconds those are told to come again who are turned away because there is too much to do.
const AGAIN: Duration = Duration::from_secs(5);

/// How much of everything there may be at once.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Exchanges with devices that are worked on at once. Each takes up to a few megabytes.
    pub exchanges: usize,
    /// Connections; half of them from one address.
    pub connections: usize,
    /// How long a client may be silent while it has something to say: from the connection, or the end of the last answer, to
    /// the end of a request's head, and between two pieces of its body.
    pub silence: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            exchanges: 128,
            connections: 20_000,
            silence: Duration::from_secs(30),
        }
    }
}

/// The limits. All clones are one.
#[derive(Clone)]
pub struct Limits(Arc<Held>);

struct Held {
    pace: Pace,
    room: Room,
    lines: Lines,
    silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(Bounds::default())
    }
}

impl Limits {
    /// Limits with these bounds.
    pub fn new(bounds: Bounds) -> Self {
        Self(Arc::new(Held {
            pace: Pace::default(),
            room: Room::new(bounds.exchanges),
            lines: Lines::new(bounds.connections),
            silence: bounds.silence,
        }))
    }

    /// Those of another district on the same lines: as many lines in all, and all else as if it were alone.
    pub fn of_another(&self) -> Self {
        Self(Arc::new(Held {
            pace: Pace::default(),
            room: self.0.room.another(),
            lines: self.0.lines.clone(),
            silence: self.0.silence,
        }))
    }

    pub(crate) fn pace(&self) -> &Pace {
        &self.0.pace
    }

    pub(crate) fn lines(&self) -> &Lines {
        &self.0.lines
    }

    pub(crate) fn silence(&self) -> Duration {
        self.0.silence
    }

    /// How many lines there are.
    pub fn connections(&self) -> usize {
        self.0.lines.count()
    }

    /// How many exchanges are being worked on.
    pub fn exchanges(&self) -> usize {
        self.0.room.taken()
    }

    /// Whether an account may ask for one thing more.
    pub(crate) fn ask(&self, user: &UserId) -> Result<(), Refused> {
        let who = Who::Account(user.clone());
        self.take(Kind::Ask, who, Problem::TooFast)
    }

    /// A place for an exchange of a device.
    pub(crate) fn exchange(&self, signed: &Signed) -> Result<Place, Refused> {
        self.place(Kind::Exchange, Who::Session(signed.session.token))
    }

    /// A place for somebody who delivers what others sealed.
    pub(crate) fn deliver(&self, address: Address) -> Result<Place, Refused> {
        self.place(Kind::Deliver, Who::Address(address))
    }

    fn place(&self, kind: Kind, who: Who) -> Result<Place, Refused> {
        self.take(kind, who.clone(), Problem::TooFast)?;
        self.0.room.place(who).map_err(|full| match full {
            room::Full::Room => Refused::later(Problem::Overloaded, AGAIN),
            room::Full::Own => Refused::later(Problem::TooFast, AGAIN),
        })
    }

    /// Takes a try at a password, before it is looked at: many tries at once are as many tries. [`Limits::right`] gives it back.
    pub(crate) fn try_password(&self, user: &str, address: Address) -> Result<(), Refused> {
        for (kind, who) in tries(user, address) {
            self.take(kind, who, Problem::TooManyAttempts)?;
        }
        Ok(())
    }

    /// The password was right.
    pub(crate) fn right(&self, user: &str, address: Address) {
        for (kind, who) in tries(user, address) {
            self.0.pace.give_back(kind, who);
        }
    }

    fn take(&self, kind: Kind, who: Who, problem: Problem) -> Result<(), Refused> {
        let taken = self.0.pace.take(kind, who, Instant::now());
        taken.map_err(|Wait(wait)| Refused::later(problem, wait))
    }
}

/// A password is guessed from one address on many accounts, from one on one, or from many on one.
fn tries(user: &str, address: Address) -> [(Kind, Who); 3] {
    let name = user.to_owned();
    [
        (Kind::TryAnywhere, Who::Address(address)),
        (Kind::Try, Who::Named(name.clone(), Some(address))),
        (Kind::TryFromAnywhere, Who::Named(name, None)),
    ]
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn address(n: u32) -> Address {
        IpAddr::V4(Ipv4Addr::from_bits(n)).into()
    }

    #[test]
    fn who_guesses_on_many_accounts_waits_and_their_owners_elsewhere_do_not() {
        let limits = Limits::default();
        let tried = (0..1_000).filter(|n| limits.try_password(&format!("host{n}"), address(1)).is_ok());
        assert!(tried.count() <= 100);
        assert!(limits.try_password("host1", address(2)).is_ok());
    }

    #[test]
    fn who_guesses_from_many_addresses_waits() {
        let limits = Limits::default();
        let tried = (0..1_000).filter(|n| limits.try_password("host1", address(*n)).is_ok());
        assert!(tried.count() <= 60);
        assert!(limits.try_password("host2", address(1)).is_ok());
    }

    #[test]
    fn who_knows_the_password_never_waits() {
        let limits = Limits::default();
        for _ in 0..10_000 {
            assert!(limits.try_password("host1", address(1)).is_ok());
            limits.right("host1", address(1));
        }
    }
}
