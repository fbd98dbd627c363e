//! Which targets are set for somebody: by the roles, and by the groups and stations that they belong to.

use std::rc::Rc;

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Value, register};
use lianxin_shared::rules::{Principal, Role, Subject};
use lianxin_shared::sync::Summary;

use crate::book::Book;

/// Whose figures are shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whose {
    /// A group or a station; nothing for the user.
    pub(super) of: Option<DocId>,
    /// The names that records credit.
    pub(super) subjects: Vec<String>,
    /// The targets.
    pub(super) aims: Vec<Aim>,
}

/// A target: so much of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) name: String,
    pub(super) figure: String,
    pub(super) goal: i64,
}

/// The user first, then the groups and the stations for which there are targets, each with the targets of the year.
pub(super) fn aims(book: &Book, user: &Principal, year: i64) -> Vec<Whose> {
    let active = register("target").map_or("", |register| register.lifecycle.start);
    let targets: Vec<_> = book
        .every("target")
        .into_iter()
        .filter(|target| target.state == active && is_of_year(target, year))
        .collect();
    let set_for = |who: &str| -> Vec<Aim> {
        let for_them = targets.iter().filter(|target| text(target, "who") == who);
        for_them.map(aim).collect()
    };
    let mut own = Vec::new();
    for (role, who) in [(Role::Leader, "leader"), (Role::Member, "member")] {
        if user.is(role) {
            own.extend(set_for(who));
        }
    }
    let me = Subject::User(user.user.clone());
    let person = user.person.map(Subject::Person);
    let mut all = vec![Whose {
        of: None,
        subjects: [me].into_iter().chain(person).map(|s| s.to_string()).collect(),
        aims: own,
    }];
    let groups = user.groups().map(|group| {
        let who = book.get(&group).map(|group| text(group, "type").to_owned());
        (group, Subject::Group(group), who.unwrap_or_default())
    });
    let stations = user.stations();
    let stations = stations.map(|station| (station, Subject::Station(station), "station".to_owned()));
    for (id, subject, who) in groups.chain(stations) {
        let aims = set_for(&who);
        if !aims.is_empty() {
            all.push(Whose {
                of: Some(id),
                subjects: vec![subject.to_string()],
                aims,
            });
        }
    }
    all
}

/// A target of no year is one of every year.
fn is_of_year(target: &Rc<Summary>, year: i64) -> bool {
    let set = target.reference.get("year").and_then(Value::number);
    set.is_none_or(|set| set == 0 || set == year)
}

fn aim(target: &Rc<Summary>) -> Aim {
    let goal = target.reference.get("goal").and_then(Value::number);
    Aim {
        name: target.title.clone(),
        figure: text(target, "figure").to_owned(),
        goal: goal.unwrap_or_default(),
    }
}

fn text<'a>(summary: &'a Summary, field: &str) -> &'a str {
    let value = summary.reference.get(field).and_then(Value::text);
    value.unwrap_or_default()
}
