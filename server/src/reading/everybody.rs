//! Who is counted in a year, and what is set out for them.

use std::collections::BTreeSet;

use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_shared::rules::Subject;

use super::all;
use crate::store::{Filter, Listed, Store, StoreError};

/// The people, groups and stations that are in use, each by name, and the targets.
#[derive(Debug)]
pub struct Everybody {
    /// The people.
    pub people: Vec<Listed>,
    /// The groups of every type.
    pub groups: Vec<Listed>,
    /// The stations.
    pub stations: Vec<Listed>,
    targets: Vec<Listed>,
}

/// So much of a figure, to be reached by each of those for whom it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The figure.
    pub figure: String,
    /// For whom: one of [`WHO`](lianxin_shared::records::WHO).
    pub who: String,
    /// How much.
    pub goal: u64,
}

impl Everybody {
    /// Reads all of them: as many as the district has, however many records there are.
    pub async fn load(store: &dyn Store) -> Result<Self, StoreError> {
        Ok(Self {
            people: in_use(store, "person").await?,
            groups: in_use(store, "group").await?,
            stations: in_use(store, "station").await?,
            targets: in_use(store, "target").await?,
        })
    }

    /// Everybody of a sort, one of [`WHO`](lianxin_shared::records::WHO) or another type of group, by name.
    pub fn of(&self, who: &str) -> Vec<(String, Subject)> {
        let person = |one: &Listed| (one.row.title.clone(), Subject::Person(one.doc));
        let group = |one: &Listed| (one.row.title.clone(), Subject::Group(one.doc));
        let station = |one: &Listed| (one.row.title.clone(), Subject::Station(one.doc));
        match who {
            "leader" => {
                let leads = |one: &&Listed| one.row.values.get("leader") == Some(&Value::Flag(true));
                self.people.iter().filter(leads).map(person).collect()
            }
            "member" => self.members().map(person).collect(),
            "station" => self.stations.iter().map(station).collect(),
            kind => {
                let is_it = |one: &&Listed| text(one, "type") == kind;
                self.groups.iter().filter(is_it).map(group).collect()
            }
        }
    }

    /// The members: who has a sector (界别) or a committee, or belongs to a group or a station as one.
    pub fn members(&self) -> impl Iterator<Item = &Listed> {
        let of_members = |group: &&Listed| ["sector", "committee"].contains(&text(group, "type"));
        let groups = self.groups.iter().filter(of_members).chain(&self.stations);
        let named = groups.filter_map(|group| group.row.values.get("members"));
        let named: BTreeSet<DocId> = named
            .flat_map(Value::list)
            .filter_map(|id| id.parse().ok())
            .collect();
        self.people.iter().filter(move |one| {
            let by_themselves = ["sector", "committee"]
                .iter()
                .any(|field| !text(one, field).is_empty());
            by_themselves || named.contains(&one.doc)
        })
    }

    /// The record of a person, a group or a station that is in use.
    pub fn get(&self, subject: &Subject) -> Option<&Listed> {
        let (all, id) = match subject {
            Subject::Person(id) => (&self.people, id),
            Subject::Group(id) => (&self.groups, id),
            Subject::Station(id) => (&self.stations, id),
            Subject::User(_) => return None,
        };
        all.iter().find(|one| one.doc == *id)
    }

    /// The targets of a year, by name. One of no year is one of every year.
    pub fn targets(&self, year: i16) -> Vec<Target> {
        let number = |target: &Listed, field: &str| target.row.values.get(field).and_then(Value::number);
        let is_of_year =
            |target: &&Listed| number(target, "year").is_none_or(|set| set == 0 || set == i64::from(year));
        let target = |target: &Listed| Target {
            name: target.row.title.clone(),
            figure: text(target, "figure").to_owned(),
            who: text(target, "who").to_owned(),
            goal: number(target, "goal")
                .and_then(|goal| u64::try_from(goal).ok())
                .unwrap_or(0),
        };
        self.targets.iter().filter(is_of_year).map(target).collect()
    }
}

/// A text of what is referred to; nothing where it has none.
pub fn text<'a>(listed: &'a Listed, field: &str) -> &'a str {
    let value = listed.row.values.get(field).and_then(Value::text);
    value.unwrap_or_default()
}

/// The records of a kind of reference data that are in use, by name.
pub(crate) async fn in_use(store: &dyn Store, kind: &str) -> Result<Vec<Listed>, StoreError> {
    let filter = Filter {
        kinds: vec![kind.to_owned()],
        state: Some("active".to_owned()),
        ..Filter::default()
    };
    let mut rows = all(store, filter).await?;
    rows.sort_by(|a, b| a.row.title.cmp(&b.row.title));
    Ok(rows)
}
