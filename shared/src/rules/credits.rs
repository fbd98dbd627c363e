//! What a record counts for: the one way by which figures come about.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::id::{DocId, IdError, UserId};
use crate::records::{Amount, Credited, Record, Value};

/// Who is credited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A user.
    User(UserId),
    /// A person.
    Person(DocId),
    /// A group.
    Group(DocId),
    /// A station.
    Station(DocId),
}

/// So much of a figure for somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Who.
    pub subject: Subject,
    /// Of what.
    pub figure: &'static str,
    /// How much; never zero.
    pub amount: i64,
}

/// What a record counts for as it stands.
pub fn credits_of(record: &Record) -> BTreeSet<Share> {
    let (Some(register), Some(status)) = (record.register(), record.status()) else {
        return BTreeSet::new();
    };
    let number = |field: &str| record.values.get(field).and_then(Value::number).unwrap_or(0);
    let mut shares = BTreeSet::new();
    for credit in register.credits {
        let fits = credit.only.is_none_or(|(field, key)| record.text(field) == key);
        if !fits || !credit.states.contains(&status.state) {
            continue;
        }
        let amount = match credit.amount {
            Amount::One => 1,
            Amount::Number(field) => number(field),
            Amount::Entries(field) => {
                let entries = record.values.get(field).map_or(0, |value| value.list().len());
                i64::try_from(entries).unwrap_or(i64::MAX)
            }
        };
        let subjects: Vec<_> = match credit.to {
            Credited::Owner => vec![Subject::User(record.envelope.owner.clone())],
            Credited::People(field) => record.named(&[field]).into_iter().map(Subject::Person).collect(),
            Credited::Groups(field) => record.named(&[field]).into_iter().map(Subject::Group).collect(),
            Credited::Station => record
                .envelope
                .station
                .map(Subject::Station)
                .into_iter()
                .collect(),
        };
        if amount > 0 {
            let figure = credit.figure;
            shares.extend(subjects.into_iter().map(|subject| Share {
                subject,
                figure,
                amount,
            }));
        }
    }
    shares
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Group(group) => write!(f, "group:{group}"),
            Self::Station(station) => write!(f, "station:{station}"),
        }
    }
}

impl FromStr for Subject {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("user", user)) => user.parse().map(Self::User),
            Some(("person", person)) => person.parse().map(Self::Person),
            Some(("group", group)) => group.parse().map(Self::Group),
            Some(("station", station)) => station.parse().map(Self::Station),
            _ => Err(IdError::Document),
        }
    }
}
