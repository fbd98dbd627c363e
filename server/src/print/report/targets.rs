//! The year's targets: who was to reach what, and how far it went; and whom the visits reached.

use std::collections::BTreeSet;

use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_shared::rules::Subject;
use maud::{Markup, html};

use super::{Report, in_use};
use crate::print::page::table;
use crate::store::{Listed, StoreError};

impl Report<'_> {
    /// Each target of the year, with everybody for whom it is set.
    pub(super) async fn targets(&self) -> Result<Markup, StoreError> {
        let targets = in_use(self.store, "target").await?;
        let number = |target: &Listed, field: &str| target.row.values.get(field).and_then(Value::number);
        let is_of_year = |target: &&Listed| {
            number(target, "year").is_none_or(|year| year == 0 || year == i64::from(self.year))
        };
        let sections = targets.iter().filter(is_of_year).zip(0..).map(|(target, n)| {
            let goal = number(target, "goal").and_then(|goal| u64::try_from(goal).ok());
            self.target(n, target, goal.unwrap_or(0))
        });
        Ok(html! {
            h2 { (self.text("print-targets")) }
            @if targets.is_empty() { p { (self.text("print-none")) } }
            @for section in sections { (section) }
        })
    }

    fn target(&self, n: usize, target: &Listed, goal: u64) -> Markup {
        let text = |field: &str| {
            target
                .row
                .values
                .get(field)
                .and_then(Value::text)
                .unwrap_or_default()
        };
        let (figure, who) = (text("figure"), text("who"));
        let rows: Vec<_> = self
            .subjects(who)
            .into_iter()
            .map(|(name, subject)| (name, self.amount(&subject, figure)))
            .collect();
        let met = rows.iter().filter(|(_, amount)| *amount >= goal).count();
        let said = self.reading.texts.with(
            "print-target",
            &[
                ("who", self.text(&format!("choice-target-who-{who}")).into()),
                (
                    "figure",
                    self.text(&format!("choice-target-figure-{figure}")).into(),
                ),
                ("goal", goal.into()),
                ("met", met.into()),
                ("of", rows.len().into()),
            ],
        );
        html! {
            h3 { (target.row.title) }
            p { (said) }
            (self.chart(&format!("target-{n}"), &target.row.title, &rows, Some(goal)))
        }
    }

    /// Everybody of a sort, by name.
    fn subjects(&self, who: &str) -> Vec<(String, Subject)> {
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
                let is_it = |one: &&Listed| one.row.values.get("type").and_then(Value::text) == Some(kind);
                self.groups.iter().filter(is_it).map(group).collect()
            }
        }
    }

    /// The members: who has a sector (界别) or a committee, or belongs to a group or a station as one.
    pub(super) fn members(&self) -> impl Iterator<Item = &Listed> {
        let text = |one: &Listed, field: &str| {
            let text = one.row.values.get(field).and_then(Value::text);
            text.unwrap_or_default().to_owned()
        };
        let of_members = |group: &&Listed| ["sector", "committee"].contains(&text(group, "type").as_str());
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

    /// Whom the leaders' visits reached, and whom not.
    pub(super) fn visits(&self) -> Markup {
        let reached = |one: &Listed| self.amount(&Subject::Person(one.doc), "visited") > 0;
        let (visited, left): (Vec<_>, Vec<_>) = self.members().partition(|one| reached(one));
        let count = |of: &[&Listed]| u64::try_from(of.len()).unwrap_or(0);
        let rows = [
            (self.text("print-visited"), count(&visited)),
            (self.text("print-not-visited"), count(&left)),
        ];
        let title = self.text("print-visits");
        let names: Vec<_> = left.iter().map(|one| vec![one.row.title.clone()]).collect();
        html! {
            h2 { (title) }
            (self.chart("visits", &title, &rows, None))
            (table(&self.text("print-not-visited"), &[self.text("print-name")], &names))
        }
    }
}
