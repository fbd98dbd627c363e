//! The pure part of the year: who is counted, towards what, and how far they are.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::VISITED;
use lianxin_shared::records::{Value, register};
use lianxin_shared::rules::Subject;
use lianxin_shared::sync::Summary;
use serde::Deserialize;

use crate::book::Book;

/// A figure as the server counts it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Counted {
    pub(super) subject: String,
    pub(super) figure: String,
    pub(super) amount: u64,
    pub(super) records: u64,
    pub(super) last: Moment,
}

/// Somebody who is counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// As the server names them.
    pub(super) subject: String,
    /// All by which their records can be found: a person is a user too.
    pub(super) subjects: String,
    pub(super) name: String,
}

/// A column of the table: a figure, and how much of it is to be reached.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) figure: String,
    pub(super) goal: Option<u64>,
}

/// Those who are counted as `who`, by name.
pub(super) fn lines(book: &Book, who: &str) -> Vec<Line> {
    match who {
        "leader" => people(book, |person| flag(person, "leader")),
        "member" => {
            let members = members(book);
            people(book, |person| members.contains(&person.doc))
        }
        "station" => named(active(book, "station"), book, Subject::Station),
        group => {
            let is_of_type = |summary: &Rc<Summary>| text(summary, "type") == group;
            named(active(book, "group").filter(is_of_type), book, Subject::Group)
        }
    }
}

/// What holds for the district: of several records in use, the one begun last.
pub(super) fn district(book: &Book) -> Option<Rc<Summary>> {
    active(book, "district").max_by_key(|one| (one.created_at, one.doc))
}

/// The members of the conference: who has a sector or a committee, or belongs to a group or a station as one.
fn members(book: &Book) -> BTreeSet<DocId> {
    let listed = |summary: &Rc<Summary>| -> Vec<DocId> {
        let members = summary
            .reference
            .get("members")
            .map(Value::list)
            .unwrap_or_default();
        members.iter().filter_map(|id| id.parse().ok()).collect()
    };
    let groups = active(book, "group")
        .filter(|group| ["sector", "committee"].contains(&text(group, "type")))
        .flat_map(|group| listed(&group));
    let stations = active(book, "station").flat_map(|station| listed(&station));
    let by_themselves = active(book, "person")
        .filter(|person| !text(person, "sector").is_empty() || !text(person, "committee").is_empty())
        .map(|person| person.doc);
    groups.chain(stations).chain(by_themselves).collect()
}

fn people(book: &Book, is_one: impl Fn(&Summary) -> bool) -> Vec<Line> {
    let people = active(book, "person").filter(|person| is_one(person));
    let line = |person: Rc<Summary>| {
        let subject = Subject::Person(person.doc).to_string();
        let user = text(&person, "user").parse::<UserId>().ok();
        let user = user.map(|user| format!(",{}", Subject::User(user)));
        Line {
            subjects: format!("{subject}{}", user.unwrap_or_default()),
            subject,
            name: person.title.clone(),
        }
    };
    people.map(line).collect()
}

fn named(
    summaries: impl Iterator<Item = Rc<Summary>>,
    book: &Book,
    subject: fn(DocId) -> Subject,
) -> Vec<Line> {
    let line = |summary: Rc<Summary>| {
        let subject = subject(summary.doc).to_string();
        let name = book.title(&summary.doc);
        Line {
            subjects: subject.clone(),
            subject,
            name: name.map_or_else(String::new, |name| name.to_string()),
        }
    };
    summaries.map(line).collect()
}

fn active(book: &Book, kind: &'static str) -> impl Iterator<Item = Rc<Summary>> + use<> {
    let start = register(kind).map(|register| register.lifecycle.start);
    let every = book.every(kind).into_iter();
    every.filter(move |summary| Some(summary.state.as_str()) == start)
}

fn text<'a>(summary: &'a Summary, field: &str) -> &'a str {
    summary
        .reference
        .get(field)
        .and_then(Value::text)
        .unwrap_or_default()
}

fn flag(summary: &Summary, field: &str) -> bool {
    summary.reference.get(field) == Some(&Value::Flag(true))
}

/// What is counted of them: first what has a target that year, then what else any of them has done.
pub(super) fn columns(book: &Book, who: &str, year: i64, lines: &[Line], counted: &[Counted]) -> Vec<Column> {
    let number = |target: &Summary, field: &str| target.reference.get(field).and_then(Value::number);
    let mut columns = Vec::<Column>::new();
    for target in active(book, "target").filter(|target| text(target, "who") == who) {
        let figure = text(&target, "figure").to_owned();
        let is_of_year = number(&target, "year").is_none_or(|of| of == 0 || of == year);
        if is_of_year && columns.iter().all(|column| column.figure != figure) {
            let goal = number(&target, "goal").and_then(|goal| u64::try_from(goal).ok());
            columns.push(Column { figure, goal });
        }
    }
    let subjects: BTreeSet<_> = lines.iter().map(|line| line.subject.as_str()).collect();
    let done = counted
        .iter()
        .filter(|one| subjects.contains(one.subject.as_str()));
    let figures: BTreeSet<_> = done.map(|one| one.figure.as_str()).collect();
    let others = lianxin_shared::records::FIGURES
        .iter()
        .filter(|figure| figures.contains(*figure));
    for figure in others {
        if columns.iter().all(|column| column.figure != *figure) {
            columns.push(Column {
                figure: (*figure).to_owned(),
                goal: None,
            });
        }
    }
    columns
}

/// A figure of somebody's; nothing where nothing counts.
pub(super) fn of<'a>(counted: &'a [Counted], line: &Line, figure: &str) -> Option<&'a Counted> {
    counted
        .iter()
        .find(|one| one.subject == line.subject && one.figure == figure)
}

/// Those who did nothing that counts since a moment, each with when they last did.
pub(super) fn quiet<'a>(
    lines: &'a [Line],
    counted: &[Counted],
    since: Moment,
) -> Vec<(&'a Line, Option<Moment>)> {
    let mut last = BTreeMap::<&str, Moment>::new();
    for one in counted.iter().filter(|one| one.figure != VISITED) {
        let latest = last.entry(&one.subject).or_insert(one.last);
        *latest = (*latest).max(one.last);
    }
    lines
        .iter()
        .map(|line| (line, last.get(line.subject.as_str()).copied()))
        .filter(|(_, last)| last.is_none_or(|last| last < since))
        .collect()
}

#[cfg(test)]
mod tests {
    use lianxin_shared::document::{Actor, Author, Document};
    use lianxin_shared::records::{Envelope, Values};
    use lianxin_shared::sync::Held;
    use yew::Reducible;

    use super::*;
    use crate::book::BookChange;

    fn summary(n: u8, kind: &str, title: &str, reference: &[(&str, Value)]) -> Summary {
        let reference: Values = reference
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let author = Author {
            user: "admin".parse().unwrap(),
            actor: Actor([n; 16]),
            at: Moment(1),
        };
        let envelope = Envelope {
            schema: 1,
            kind: kind.to_owned(),
            id: DocId([n; 16]),
            station: None,
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let mut document = Document::create(&envelope, &reference, &[], &author).unwrap();
        let summary = Summary::of(envelope.id, &Held::started(&mut document)).unwrap();
        Summary {
            title: title.to_owned(),
            ..summary
        }
    }

    fn book(summaries: Vec<Summary>) -> Book {
        let summaries = summaries.into_iter().map(Rc::new).collect();
        let loaded = BookChange::Loaded(summaries, lianxin_shared::twins::Twins::default());
        (*Rc::new(Book::default()).reduce(loaded)).clone()
    }

    fn counted(subject: &str, figure: &str, last: i64) -> Counted {
        Counted {
            subject: subject.to_owned(),
            figure: figure.to_owned(),
            amount: 1,
            records: 1,
            last: Moment(last),
        }
    }

    fn names(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.name.as_str()).collect()
    }

    fn district() -> Book {
        let third = Value::List(vec![DocId([3; 16]).to_string(), "一个名字".to_owned()]);
        book(vec![
            summary(
                2,
                "person",
                "委员乙",
                &[("sector", Value::from("教育界")), ("leader", Value::Flag(true))],
            ),
            summary(
                1,
                "person",
                "委员甲",
                &[
                    ("committee", Value::from("提案委")),
                    ("user", Value::from("member1")),
                ],
            ),
            summary(3, "person", "委员丙", &[]),
            summary(4, "person", "办公室一", &[]),
            summary(
                5,
                "group",
                "教育界",
                &[("type", Value::from("sector")), ("members", third)],
            ),
            summary(
                6,
                "target",
                "走访二十位",
                &[
                    ("figure", Value::from("visit")),
                    ("who", Value::from("leader")),
                    ("goal", Value::Number(20)),
                ],
            ),
            summary(
                7,
                "target",
                "去年的",
                &[
                    ("figure", Value::from("proposal")),
                    ("who", Value::from("leader")),
                    ("goal", Value::Number(1)),
                    ("year", Value::Number(2025)),
                ],
            ),
        ])
    }

    #[test]
    fn who_is_counted_follows_from_people_and_groups() {
        let book = district();
        assert_eq!(
            names(&lines(&book, "member")),
            ["委员丙", "委员乙", "委员甲"],
            "by name"
        );
        assert_eq!(names(&lines(&book, "leader")), ["委员乙"]);
        assert_eq!(names(&lines(&book, "sector")), ["教育界"]);
        assert!(lines(&book, "supervision").is_empty());
        let first = &lines(&book, "member")[2];
        assert_eq!(first.subjects, format!("{},user:member1", first.subject));
    }

    #[test]
    fn what_has_a_target_comes_first_and_what_else_was_done_after_it() {
        let book = district();
        let leaders = lines(&book, "leader");
        let done = [
            counted(&leaders[0].subject, "activity", 5),
            counted("person:x", "research", 5),
        ];
        let columns = columns(&book, "leader", 2026, &leaders, &done);
        let shown: Vec<_> = columns.iter().map(|c| (c.figure.as_str(), c.goal)).collect();
        assert_eq!(shown, [("visit", Some(20)), ("activity", None)]);
        assert!(of(&done, &leaders[0], "activity").is_some());
        assert!(of(&done, &leaders[0], "visit").is_none());
    }

    #[test]
    fn being_visited_is_not_ones_own_doing() {
        let book = district();
        let members = lines(&book, "member");
        let subject = |n: u8| Subject::Person(DocId([n; 16])).to_string();
        let done = [
            counted(&subject(1), "activity", 50),
            counted(&subject(1), "proposal", 10),
            counted(&subject(2), "proposal", 10),
            counted(&subject(3), VISITED, 60),
        ];
        let quiet: Vec<_> = quiet(&members, &done, Moment(40))
            .into_iter()
            .map(|(line, last)| (line.name.as_str(), last))
            .collect();
        assert_eq!(quiet, [("委员丙", None), ("委员乙", Some(Moment(10)))]);
    }
}
