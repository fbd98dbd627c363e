//! What stations, groups and people's records make of a user: where one hosts, belongs and convenes is said there and
//! nowhere else.

use std::collections::BTreeSet;

use super::Principal;
use crate::id::DocId;
use crate::records::{Value, Values};

/// The kinds of the records that memberships follow from.
pub const MEMBERSHIP: &[&str] = &["person", "station", "group"];

/// One of those records.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its document.
    pub id: DocId,
    /// Its register's kind.
    pub kind: String,
    /// Its state.
    pub state: String,
    /// Its fields.
    pub values: Values,
}

/// Who the user is, and where, by all records of [`MEMBERSHIP`]. Roles stay as they are. `gone` are records that were
/// removed for good: they name nobody. A station or group of which there never was a record stays as it was given by hand.
/// Who has left office is nobody's member; what a station or group that is out of use still holds stays theirs.
pub fn member(user: &Principal, records: &[Named], gone: &BTreeSet<DocId>) -> Principal {
    let of_kind = |kind: &'static str| records.iter().filter(move |named| named.kind == kind);
    let is_user =
        |named: &&Named| named.state == "active" && text(&named.values, "user") == Some(user.user.as_str());
    let person = of_kind("person").filter(is_user).map(|named| named.id).min();
    let known: BTreeSet<_> = records
        .iter()
        .map(|named| named.id)
        .chain(gone.iter().copied())
        .collect();
    let places = |given: &BTreeSet<DocId>, kind, field| {
        let by_hand = given.difference(&known).copied();
        let named =
            of_kind(kind).filter(|named| person.is_some_and(|person| names(&named.values, field, person)));
        by_hand.chain(named.map(|named| named.id)).collect()
    };
    Principal {
        hosts: places(&user.hosts, "station", "hosts"),
        member_of: places(&user.member_of, "station", "members"),
        groups: places(&user.groups, "group", "members"),
        convenes: places(&user.convenes, "group", "convener"),
        person,
        ..user.clone()
    }
}

fn text<'v>(values: &'v Values, field: &str) -> Option<&'v str> {
    values.get(field).and_then(Value::text)
}

fn names(values: &Values, field: &str, person: DocId) -> bool {
    let is_person = |text: &str| text.parse() == Ok(person);
    match values.get(field) {
        Some(Value::Text(text)) => is_person(text),
        Some(Value::List(list)) => list.iter().any(|text| is_person(text)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Role;

    fn id(n: u8) -> DocId {
        DocId([n; 16])
    }

    fn list(people: &[u8]) -> Value {
        Value::List(people.iter().map(|n| id(*n).to_string()).collect())
    }

    fn named(n: u8, kind: &str, values: &[(&str, Value)]) -> Named {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Named {
            id: id(n),
            kind: kind.to_owned(),
            state: "active".to_owned(),
            values: values.collect(),
        }
    }

    fn records() -> Vec<Named> {
        vec![
            named(1, "person", &[("user", Value::from("host1"))]),
            named(2, "person", &[("user", Value::from("host2"))]),
            named(11, "station", &[("hosts", list(&[1, 2])), ("members", list(&[]))]),
            named(12, "station", &[("hosts", list(&[2])), ("members", list(&[1]))]),
            named(
                21,
                "group",
                &[
                    ("convener", Value::Text(id(1).to_string())),
                    ("members", list(&[2])),
                ],
            ),
            named(22, "group", &[("members", list(&[1]))]),
        ]
    }

    fn host() -> Principal {
        Principal::new("host1".parse().unwrap(), [Role::Host])
    }

    fn gone(n: &[u8]) -> BTreeSet<DocId> {
        n.iter().map(|n| id(*n)).collect()
    }

    #[test]
    fn records_say_where_somebody_belongs() {
        let member = member(&host(), &records(), &gone(&[]));
        assert_eq!(member.person, Some(id(1)));
        assert_eq!((member.hosts, member.member_of), (gone(&[11]), gone(&[12])));
        assert_eq!((member.convenes, member.groups), (gone(&[21]), gone(&[22])));
        assert!(member.roles.contains(&Role::Host));
    }

    #[test]
    fn who_is_named_no_more_belongs_there_no_more() {
        let before = member(&host(), &records(), &gone(&[]));
        let mut records = records();
        records[2] = named(11, "station", &[("hosts", list(&[2]))]);
        assert_eq!(member(&before, &records, &gone(&[])).hosts, gone(&[]));
        // Nor at a station whose record was removed for good.
        records.remove(2);
        assert_eq!(member(&before, &records, &gone(&[11])).hosts, gone(&[]));
    }

    #[test]
    fn a_station_without_a_record_stays_as_it_was_given() {
        let given = Principal {
            hosts: gone(&[99]),
            ..host()
        };
        assert_eq!(member(&given, &records(), &gone(&[])).hosts, gone(&[11, 99]));
    }

    #[test]
    fn who_has_left_office_belongs_nowhere() {
        let mut records = records();
        records[0].state = "retired".to_owned();
        let member = member(&member(&host(), &records, &gone(&[])), &records, &gone(&[]));
        assert_eq!(member, host());
    }
}
