//! Channels: which documents a device holds. Both sides of the match are pure functions.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{Principal, Role};
use crate::id::{DocId, IdError, UserId};
use crate::records::{Audience, Part, Record};

/// A set of documents that some users read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// What a user started.
    User(UserId),
    /// A station's: its hosts and attached members.
    Station(DocId),
    /// A station's hosts alone.
    Hosts(DocId),
    /// A group's: its members.
    Group(DocId),
    /// What names a person as taking part.
    Person(DocId),
    /// Every signed-in user.
    District,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Station(station) => write!(f, "station:{station}"),
            Self::Hosts(station) => write!(f, "hosts:{station}"),
            Self::Group(group) => write!(f, "group:{group}"),
            Self::Person(person) => write!(f, "person:{person}"),
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
            Some(("group", group)) => group.parse().map(Self::Group),
            Some(("person", person)) => person.parse().map(Self::Person),
            _ => Err(IdError::Document),
        }
    }
}

/// The channels that a record is in.
pub fn channels_of(record: &Record) -> BTreeSet<Channel> {
    let Some(register) = record.register() else {
        return BTreeSet::new();
    };
    let station = record.envelope.station;
    let channels = |audience: &Audience| -> Vec<Channel> {
        match audience {
            Audience::Owner => vec![Channel::User(record.envelope.owner.clone())],
            Audience::Station => station.map(Channel::Station).into_iter().collect(),
            Audience::Hosts => station.map(Channel::Hosts).into_iter().collect(),
            Audience::Groups => record
                .named(register.groups)
                .into_iter()
                .map(Channel::Group)
                .collect(),
            Audience::Parties => record
                .named(register.parties)
                .into_iter()
                .map(Channel::Person)
                .collect(),
            Audience::Handler => {
                let handler = record.status().and_then(|status| status.handler);
                handler.map(Channel::User).into_iter().collect()
            }
            Audience::Published if record.is_public() => vec![Channel::District],
            Audience::Published => Vec::new(),
            Audience::District => vec![Channel::District],
        }
    };
    register.audience.iter().flat_map(channels).collect()
}

/// The channels that a user's devices hold.
pub fn channels_read_by(principal: &Principal) -> BTreeSet<Channel> {
    let own = [Channel::User(principal.user.clone()), Channel::District];
    let stations = principal.stations().map(Channel::Station);
    let hosts = principal.hosts.iter().copied().map(Channel::Hosts);
    let groups = principal.groups().map(Channel::Group);
    let person = principal.person.map(Channel::Person);
    own.into_iter()
        .chain(stations)
        .chain(hosts)
        .chain(groups)
        .chain(person)
        .collect()
}

/// Whether a user may read a record at all: by a channel, as the office, or as the department it is assigned to.
pub fn may_read(principal: &Principal, record: &Record) -> bool {
    let office_reads = match record.register().map(|register| register.companion_of) {
        // Personal data: the office's clerks alone, not all of the office.
        Some(of) if !of.is_empty() => principal.is(Role::Clerk) || principal.is_server(),
        _ => principal.in_office() || principal.is_server(),
    };
    let handler = record.status().and_then(|status| status.handler);
    office_reads
        || (principal.is(Role::Handler) && handler.as_ref() == Some(&principal.user))
        || !channels_of(record).is_disjoint(&channels_read_by(principal))
}

/// Whether a user may read what accompanies a record: by itself, or as the department that the record is assigned to.
pub fn may_read_companion(principal: &Principal, of: &Record, companion: &Record) -> bool {
    may_read(principal, companion) || principal.parts(of).contains(&Part::Handler)
}
