//! Who and where: the stations, people and groups of the demonstration.

use std::collections::BTreeSet;

use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_shared::rules::{Principal, Role};

use super::DemoError;
use super::laying::named;

pub(super) struct Station {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) area: &'static str,
    pub(super) opening: &'static str,
}

pub(super) const STATIONS: &[Station] = &[
    Station {
        name: "工作室一",
        kind: "workstation",
        area: "一号至六号楼",
        opening: "每周二上午",
    },
    Station {
        name: "委员之家一",
        kind: "member_home",
        area: "东片三个小区",
        opening: "每周四下午",
    },
    Station {
        name: "联系点一",
        kind: "contact_point",
        area: "市场和沿街商铺",
        opening: "每月第一个周六",
    },
];

pub(super) struct Person {
    pub(super) user: &'static str,
    pub(super) name: &'static str,
    pub(super) roles: &'static [Role],
    pub(super) hosts: &'static [&'static str],
    pub(super) member_of: &'static [&'static str],
}

pub(super) const PEOPLE: &[Person] = &[
    Person {
        user: "host1",
        name: "主持人一",
        roles: &[Role::Host],
        hosts: &["工作室一"],
        member_of: &[],
    },
    Person {
        user: "host2",
        name: "主持人二",
        roles: &[Role::Host],
        hosts: &["工作室一"],
        member_of: &[],
    },
    Person {
        user: "host3",
        name: "主持人三",
        roles: &[Role::Host],
        hosts: &["委员之家一"],
        member_of: &[],
    },
    Person {
        user: "member1",
        name: "委员甲",
        roles: &[Role::Member],
        hosts: &[],
        member_of: &["工作室一"],
    },
    Person {
        user: "member2",
        name: "委员乙",
        roles: &[Role::Member, Role::Convener],
        hosts: &[],
        member_of: &["委员之家一"],
    },
    Person {
        user: "leader1",
        name: "领导甲",
        roles: &[Role::Leader, Role::Member],
        hosts: &[],
        member_of: &[],
    },
    Person {
        user: "handler1",
        name: "部门一",
        roles: &[Role::Handler],
        hosts: &[],
        member_of: &[],
    },
    Person {
        user: "clerk1",
        name: "办公室一",
        roles: &[Role::Clerk],
        hosts: &[],
        member_of: &[],
    },
    Person {
        user: "supervisor1",
        name: "督查一",
        roles: &[Role::Supervisor],
        hosts: &[],
        member_of: &[],
    },
    Person {
        user: "admin",
        name: "管理员",
        roles: &[Role::Admin],
        hosts: &[],
        member_of: &[],
    },
];

pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) subject: &'static str,
    pub(super) convener: &'static str,
    pub(super) members: &'static [&'static str],
}

pub(super) const GROUPS: &[Group] = &[
    Group {
        name: "界别小组一",
        kind: "sector",
        subject: "",
        convener: "member2",
        members: &["member1", "member2"],
    },
    Group {
        name: "专委会一",
        kind: "committee",
        subject: "",
        convener: "leader1",
        members: &["leader1", "member2"],
    },
    Group {
        name: "监督小组一",
        kind: "supervision",
        subject: "budget",
        convener: "member2",
        members: &["member1", "member2", "leader1"],
    },
    Group {
        name: "部门一",
        kind: "department",
        subject: "",
        convener: "",
        members: &["handler1"],
    },
    Group {
        name: "党派团体一",
        kind: "party",
        subject: "",
        convener: "",
        members: &[],
    },
];

/// Who lays the ground: nobody who could sign in.
pub(super) fn system() -> Result<Principal, DemoError> {
    Ok(Principal::new("system".parse()?, [Role::Admin, Role::Clerk]))
}

pub(super) fn principal(user: &str) -> Result<Principal, DemoError> {
    let person = PEOPLE.iter().find(|person| person.user == user);
    let stations = |names: &[&str]| names.iter().map(|name| station_id(name)).collect();
    let roles = person.map_or(&[][..], |person| person.roles).iter().copied();
    Ok(Principal {
        hosts: person.map(|person| stations(person.hosts)).unwrap_or_default(),
        member_of: person
            .map(|person| stations(person.member_of))
            .unwrap_or_default(),
        groups: groups_with(|group| group.members.contains(&user)),
        convenes: groups_with(|group| group.convener == user),
        person: Some(person_id(user)),
        ..Principal::new(user.parse()?, roles)
    })
}

pub(super) fn groups_with(fits: impl Fn(&Group) -> bool) -> BTreeSet<DocId> {
    let groups = GROUPS.iter().filter(|group| fits(group));
    groups
        .map(|group| named(&format!("group:{}", group.name)))
        .collect()
}

pub(super) fn at_home(principal: &Principal) -> Option<DocId> {
    principal.stations().next()
}

/// The records of the people to whom a station belongs in that way.
pub(super) fn people_of(station: &str, stations: impl Fn(&Person) -> &[&str]) -> Value {
    let people = PEOPLE.iter().filter(|person| stations(person).contains(&station));
    Value::List(people.map(|person| person_id(person.user).to_string()).collect())
}

pub(super) fn person_id(user: &str) -> DocId {
    named(&format!("person:{user}"))
}

pub(super) fn station_id(name: &str) -> DocId {
    named(&format!("station:{name}"))
}
