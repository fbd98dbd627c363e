//! Channels: which documents a device holds. Both sides of the match are pure functions.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Principal, Role};
use crate::id::{DocId, IdError, UserId};
use crate::records::{Audience, Record};

/// A set of documents that some users read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// What a user started.
    User(UserId),
    /// A station's: its hosts and attached members.
    Station(DocId),
    /// A station's hosts alone.
    Hosts(DocId),
    /// Every signed-in user.
    District,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Station(station) => write!(f, "station:{station}"),
            Self::Hosts(station) => write!(f, "hosts:{station}"),
            Self::District => f.write_str("district"),
        }
    }
}

impl FromStr for Channel {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            None if text == "district" => Ok(Self::District),
            Some(("user", user)) => user.parse().map(Self::User),
            Some(("station", station)) => station.parse().map(Self::Station),
            Some(("hosts", station)) => station.parse().map(Self::Hosts),
            _ => Err(IdError::Document),
        }
    }
}

/// The channels that a record is in.
pub fn channels_of(record: &Record) -> BTreeSet<Channel> {
    let audience = record.register().map_or(&[][..], |register| register.audience);
    let station = record.envelope.station;
    audience
        .iter()
        .filter_map(|audience| match audience {
            Audience::Owner => Some(Channel::User(record.envelope.owner.clone())),
            Audience::Station => station.map(Channel::Station),
            Audience::Hosts => station.map(Channel::Hosts),
            Audience::District => Some(Channel::District),
        })
        .collect()
}

/// The channels that a user's devices hold.
pub fn channels_read_by(principal: &Principal) -> BTreeSet<Channel> {
    let own = [Channel::User(principal.user.clone()), Channel::District];
    let stations = principal.stations().map(Channel::Station);
    let hosts = principal.hosts.iter().copied().map(Channel::Hosts);
    own.into_iter().chain(stations).chain(hosts).collect()
}

/// Whether a user may read a record at all: by a channel, as the office, or as the department it is assigned to.
pub fn may_read(principal: &Principal, record: &Record) -> bool {
    let office_reads = match record.register().map(|register| register.companion_of) {
        // Personal data: the office's clerks alone, not all of the office.
        Some(Some(_)) => principal.is(Role::Clerk),
        _ => principal.in_office(),
    };
    let handler = record.status().and_then(|status| status.handler);
    office_reads
        || (principal.is(Role::Handler) && handler.as_ref() == Some(&principal.user))
        || !channels_of(record).is_disjoint(&channels_read_by(principal))
}
