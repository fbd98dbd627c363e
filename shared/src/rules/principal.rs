//! Who acts: a signed-in user with roles and stations.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{DocId, UserId};
use crate::records::{Part, Record};

/// What a person does in the district's work. One person can have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A resident: no account, no permission here.
    Resident,
    /// 政协委员.
    Member,
    /// Hosts stations.
    Host,
    /// Convenes a sector group.
    Convener,
    /// A leader of the party group.
    Leader,
    /// 承办单位: answers what is assigned to it.
    Handler,
    /// The office.
    Clerk,
    /// 秘书长 and the 督促检查 mechanism.
    Supervisor,
    /// Administers accounts, stations and lists.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::Resident,
        Self::Member,
        Self::Host,
        Self::Convener,
        Self::Leader,
        Self::Handler,
        Self::Clerk,
        Self::Supervisor,
        Self::Admin,
    ];

    /// Its name; the label's message is `role-NAME`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Member => "member",
            Self::Host => "host",
            Self::Convener => "convener",
            Self::Leader => "leader",
            Self::Handler => "handler",
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no role's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .iter()
            .copied()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}

/// A signed-in user, as far as permissions go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The name at sign-in.
    pub user: UserId,
    /// The roles.
    pub roles: BTreeSet<Role>,
    /// The stations that the user hosts.
    #[serde(default)]
    pub hosts: BTreeSet<DocId>,
    /// The stations that the user is attached to as a member.
    #[serde(default)]
    pub member_of: BTreeSet<DocId>,
    /// The groups that the user belongs to.
    #[serde(default)]
    pub groups: BTreeSet<DocId>,
    /// The groups that the user convenes.
    #[serde(default)]
    pub convenes: BTreeSet<DocId>,
    /// The person that the user is, by which records name who takes part.
    #[serde(default)]
    pub person: Option<DocId>,
}

/// The name under which the server writes its own entries. No account has it.
pub const SERVER: &str = "server";

/// Names that no account may have: the server's, and that of whoever lays down what every database has.
pub const RESERVED: &[&str] = &[SERVER, "system"];

impl Principal {
    /// A user with some roles, and nothing else yet.
    pub fn new(user: UserId, roles: impl IntoIterator<Item = Role>) -> Self {
        Self {
            user,
            roles: roles.into_iter().collect(),
            hosts: BTreeSet::new(),
            member_of: BTreeSet::new(),
            groups: BTreeSet::new(),
            convenes: BTreeSet::new(),
            person: None,
        }
    }

    /// Whether this is the server itself.
    pub fn is_server(&self) -> bool {
        self.user.as_str() == SERVER
    }

    /// Whether the user has a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the user works in the office: reads all records, by query and one by one.
    pub fn in_office(&self) -> bool {
        self.is(Role::Clerk) || self.is(Role::Supervisor) || self.is(Role::Admin)
    }

    /// The stations at which the user may start records.
    pub fn stations(&self) -> impl Iterator<Item = DocId> + '_ {
        self.hosts.union(&self.member_of).copied()
    }

    /// The groups that the user belongs to or convenes.
    pub fn groups(&self) -> impl Iterator<Item = DocId> + '_ {
        self.groups.union(&self.convenes).copied()
    }

    /// What the user is to a record.
    pub fn parts(&self, record: &Record) -> BTreeSet<Part> {
        let station = record.envelope.station;
        let is_handler = || {
            let handler = record.status().and_then(|status| status.handler);
            handler.as_ref() == Some(&self.user)
        };
        let register = record.register();
        let groups = register
            .map(|register| record.named(register.groups))
            .unwrap_or_default();
        let parties = register
            .map(|register| record.named(register.parties))
            .unwrap_or_default();
        let of_station = |stations: &BTreeSet<DocId>| station.is_some_and(|s| stations.contains(&s));
        [
            (Part::Owner, record.envelope.owner == self.user),
            (Part::Host, of_station(&self.hosts)),
            (Part::Attached, of_station(&self.member_of)),
            (Part::Member, self.is(Role::Member)),
            (Part::Leader, self.is(Role::Leader)),
            (Part::Group, self.groups().any(|group| groups.contains(&group))),
            (Part::Convener, !groups.is_disjoint(&self.convenes)),
            (
                Part::Party,
                self.person.is_some_and(|person| parties.contains(&person)),
            ),
            (Part::Handler, self.is(Role::Handler) && is_handler()),
            (Part::Clerk, self.is(Role::Clerk)),
            (Part::Supervisor, self.is(Role::Supervisor)),
            (Part::Admin, self.is(Role::Admin)),
            (Part::Server, self.is_server()),
        ]
        .into_iter()
        .filter_map(|(part, is)| is.then_some(part))
        .collect()
    }
}
