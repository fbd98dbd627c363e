//! The acts as a chain: each carries a hash over itself and the hash of the one before, so that none can be changed or taken
//! out without all later ones telling of it. The database keeps the last hash beside them, so that the end cannot be cut off
//! either. Whoever can write to the database can of course work out a whole other chain: that is seen by holding it against a
//! copy that was taken before (`lianxin audit export`).

use lianxin_shared::hex;
use std::fmt;
use std::ops::RangeInclusive;

use lianxin_shared::id::Moment;
use sha2::{Digest, Sha256};

use super::Act;

/// The hash of an act and all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// What the first act builds on.
    pub const FIRST: Self = Self([0; 32]);

    /// The hash of an act that comes after this one: SHA-256 over the former hash and the act's fields, each text with its
    /// length before it. The act's number is not in it, so that a copy in another database has the same.
    pub fn after(self, act: &Act) -> Self {
        let Moment(at) = act.at;
        let mut hash = Sha256::new();
        hash.update(b"lianxin act 1\0");
        hash.update(self.0);
        hash.update(at.to_be_bytes());
        let texts = [
            act.by.as_str(),
            act.deed.as_str(),
            &act.about,
            act.kind.as_deref().unwrap_or_default(),
            &act.words,
        ];
        for text in texts {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::written(&self.0))
    }
}

/// An act in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    /// Its number, counted from 1.
    pub number: u64,
    /// The act; none where what is stored is no act any more.
    pub act: Option<Act>,
    /// The hash that is stored with it.
    pub link: Link,
}

/// The last act, as the database remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub link: Link,
}

/// Some acts, the earliest first, and the last of all, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// The acts.
    pub acts: Vec<Chained>,
    /// The last of all; none if there never was one.
    pub last: Option<Last>,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// What is stored under this number is not what was.
    #[error("act {0} was changed")]
    Changed(u64),
    /// These numbers are missing.
    #[error("missing: acts {} to {}", .0.start(), .0.end())]
    Missing(RangeInclusive<u64>),
    /// This number was added by something else than the program.
    #[error("act {0} was put there by another hand")]
    Foreign(u64),
}

/// Goes through a chain.
#[derive(Debug, Clone)]
pub struct Inspection {
    last: Last,
    breaks: Vec<Break>,
}

impl Default for Inspection {
    fn default() -> Self {
        Self {
            last: Last {
                number: 0,
                link: Link::FIRST,
            },
            breaks: Vec::new(),
        }
    }
}

impl Inspection {
    /// Looks at the next act.
    pub fn next(&mut self, chained: &Chained) {
        let fits = |act: &Act| self.last.link.after(act) == chained.link;
        if !chained.act.as_ref().is_some_and(fits) {
            let expected = self.last.number + 1;
            // A gap in the numbers where the hashes fit is an act that never came about.
            self.breaks.push(if chained.number > expected {
                Break::Missing(expected..=chained.number - 1)
            } else {
                Break::Changed(chained.number)
            });
        }
        self.last = Last {
            number: chained.number,
            link: chained.link,
        };
    }

    /// The number of the last act that was looked at.
    pub fn reached(&self) -> u64 {
        self.last.number
    }

    /// All that is wrong, once the last act was looked at.
    pub fn end(mut self, last: Option<Last>) -> Vec<Break> {
        let last = last.unwrap_or(Self::default().last);
        if self.last.number < last.number {
            self.breaks
                .push(Break::Missing(self.last.number + 1..=last.number));
        } else if self.last.number > last.number {
            self.breaks.push(Break::Foreign(self.last.number));
        } else if self.last.link != last.link {
            self.breaks.push(Break::Changed(last.number));
        }
        self.breaks
    }
}

#[cfg(test)]
mod tests {
    use super::super::Deed;
    use super::*;

    fn act(n: i64) -> Act {
        Act {
            at: Moment(n),
            by: "admin".parse().unwrap(),
            deed: Deed::PasswordSet,
            about: format!("host{n}"),
            kind: None,
            words: String::new(),
        }
    }

    fn chain() -> Vec<Chained> {
        let mut link = Link::FIRST;
        let chained = (1..=5).map(|n| {
            let act = act(n);
            link = link.after(&act);
            Chained {
                number: n as u64,
                act: Some(act),
                link,
            }
        });
        chained.collect()
    }

    fn breaks(acts: &[Chained], last: Last) -> Vec<Break> {
        let mut inspection = Inspection::default();
        acts.iter().for_each(|act| inspection.next(act));
        inspection.end(Some(last))
    }

    #[test]
    fn whatever_is_changed_or_missing_is_named() {
        let whole = chain();
        let last = Last {
            number: 5,
            link: whole[4].link,
        };
        assert_eq!(breaks(&whole, last), []);
        assert_eq!(Inspection::default().end(None), []);
        for n in 0..5 {
            let mut changed = whole.clone();
            changed[n].act = Some(act(9));
            assert_eq!(breaks(&changed, last), [Break::Changed(n as u64 + 1)]);
            changed[n].act = None;
            assert_eq!(breaks(&changed, last), [Break::Changed(n as u64 + 1)]);
            let mut missing = whole.clone();
            missing.remove(n);
            let number = n as u64 + 1;
            assert_eq!(breaks(&missing, last), [Break::Missing(number..=number)]);
        }
        assert_eq!(breaks(&whole[..2], last), [Break::Missing(3..=5)]);
        let before = Last {
            number: 4,
            link: whole[3].link,
        };
        assert_eq!(breaks(&whole, before), [Break::Foreign(5)]);
        let other = Last {
            link: whole[3].link,
            ..last
        };
        assert_eq!(breaks(&whole, other), [Break::Changed(5)]);
    }

    #[test]
    fn no_two_acts_have_one_hash() {
        let mut moved = act(1);
        moved.about = "host".to_owned();
        moved.words = "1".to_owned();
        assert_ne!(Link::FIRST.after(&act(1)), Link::FIRST.after(&moved));
        assert_ne!(Link::FIRST.after(&act(1)), Link([1; 32]).after(&act(1)));
    }
}
