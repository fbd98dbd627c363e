//! Several districts on one installation: what each is called, under which names browsers find it, and where its database is.

use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::str::FromStr;

use serde::Deserialize;

use super::{ConfigError, Installation, installation, raw};

/// The longest name of a district, in bytes.
const MAX_NAME: usize = 32;

/// A district's name on this installation: 1 to 32 of a-z, 0-9 and `-`. Folders, backups and numbers are called by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Name(String);

/// A host's name as browsers send it, without a port: lower case, and what is not ASCII in punycode (`xn--…`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Host(String);

/// A text that is no name of a district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no name of a district: expected 1 to 32 of a-z, 0-9 and -")]
pub struct NoName;

/// A text that is no name of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no name of a host: expected one without a port, as a.example, other letters as xn--…")]
pub struct NoHost;

/// Whom an installation serves.
#[derive(Clone)]
pub enum Served {
    /// One district, under whatever name it is asked for.
    Alone(Installation),
    /// Several, or one of them, each under its own names.
    ByHost(Vec<District>),
}

/// One of several districts.
#[derive(Clone)]
pub struct District {
    /// What it is called here.
    pub name: Name,
    /// Under which names browsers find it; at least one, and no other district has it.
    pub hosts: Vec<Host>,
    /// What it keeps, and where.
    pub installation: Installation,
}

impl Name {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(is_plain);
        is_name.then(|| Self(text.to_owned())).ok_or(NoName)
    }
}

impl TryFrom<String> for Name {
    type Error = NoName;

    fn try_from(text: String) -> Result<Self, NoName> {
        text.parse()
    }
}

impl Host {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Host {
    type Err = NoHost;

    /// However it is written: names of hosts are the same in either case, and with a dot at their end.
    fn from_str(text: &str) -> Result<Self, NoHost> {
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let is_address = name.starts_with('[') && name.ends_with(']');
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let is_host = !name.is_empty() && (is_address || name.bytes().all(is_plain));
        is_host.then_some(Self(name)).ok_or(NoHost)
    }
}

impl TryFrom<String> for Host {
    type Error = NoHost;

    fn try_from(text: String) -> Result<Self, NoHost> {
        text.parse()
    }
}

impl Served {
    /// One district where none is named; else each of them, with `store.data` as the folder that holds their folders.
    pub fn of(
        store: raw::Store,
        files: raw::Files,
        backup: raw::Backup,
        districts: Vec<raw::District>,
    ) -> Result<Self, ConfigError> {
        if districts.is_empty() {
            return Installation::of(store, files, backup).map(Self::Alone);
        }
        if store.database.is_some() {
            return Err(ConfigError::DatabaseOfAll);
        }
        let folder = store.data.unwrap_or_else(|| super::FOLDER.into());
        let (mut names, mut hosts) = (BTreeSet::new(), BTreeSet::new());
        for district in &districts {
            if !names.insert(&district.name) {
                return Err(ConfigError::DistrictTwice(district.name.clone()));
            }
            if district.hosts.is_empty() {
                return Err(ConfigError::NoHosts(district.name.clone()));
            }
            if let Some(host) = district.hosts.iter().find(|host| !hosts.insert(*host)) {
                return Err(ConfigError::HostTwice(host.clone()));
            }
        }
        let served = districts.into_iter().map(|district| {
            let data = match &district.database {
                None => Some(
                    district
                        .data
                        .unwrap_or_else(|| folder.join(district.name.as_str())),
                ),
                Some(_) => district.data,
            };
            let database = district.database;
            let files = installation::files_of(&district.name, &files, database.is_some());
            let backup = installation::backup_of(&district.name, district.backup, backup.clone());
            Ok(District {
                name: district.name,
                hosts: district.hosts,
                installation: Installation::of(raw::Store { data, database }, files, backup)?,
            })
        });
        let served: Vec<District> = served.collect::<Result<_, _>>()?;
        let mut places = BTreeSet::new();
        for one in &served {
            // What stays there is reckoned over all that lies there: each would remove the other's.
            let backup = one.installation.backup.as_ref();
            let place = backup.map(|backup| backup.to.trim_end_matches('/'));
            if place.is_some_and(|place| !places.insert(place)) {
                return Err(ConfigError::BackupTwice(one.name.clone()));
            }
        }
        Ok(Self::ByHost(served))
    }

    /// The one that there is, for what is done to one alone.
    pub(super) fn one(self) -> Result<Installation, ConfigError> {
        match self {
            Self::Alone(installation) => Ok(installation),
            Self::ByHost(districts) => match <[District; 1]>::try_from(districts) {
                Ok([district]) => Ok(district.installation),
                Err(several) => Err(ConfigError::WhichDistrict(
                    several.into_iter().map(|district| district.name).collect(),
                )),
            },
        }
    }
}
