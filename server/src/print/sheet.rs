//! `GET /print/year/{year}/{subject}`: the evaluation sheet (考核表) of a year for one leader, member, group, department or
//! station: what was set out, what was done, and each record behind it. No figure on it is typed in. It is for the office; a
//! person's is for that person too, without the visits that others made: these are the visitors' records.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lianxin_shared::id::{DocId, Moment, UserId};
use lianxin_shared::records::{Columns, REGISTERS, Value};
use lianxin_shared::records::{VISITED, WHO};
use lianxin_shared::rules::Subject;
use maud::{Markup, html};

use super::page::{page, table};
use crate::app::App;
use crate::auth::Signed;
use crate::clock::now;
use crate::office::bounds;
use crate::problem::Problem;
use crate::reading::{Everybody, Reading, all, day, text};
use crate::store::{CreditFilter, Figure, Filter, Listed, Store, StoreError};

/// The fields by which the ledger names who has a task.
const HAVE_TASKS: &[&str] = &["leaders", "heads", "departments", "cooperating"];

/// One whose year is told.
struct Sheet<'a> {
    store: &'a dyn Store,
    reading: Reading,
    everybody: &'a Everybody,
    subject: Subject,
    whose: &'a Listed,
    year: i16,
    from: Moment,
    before: Moment,
    figures: Vec<Figure>,
}

/// The sheet. Of who is not in use, or is not the caller's business, there is none.
pub async fn sheet(
    State(app): State<App>,
    signed: Signed,
    Path((year, subject)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let year = year.parse().map_err(|_| Problem::RequestInvalid)?;
    let subject: Subject = subject.parse().map_err(|_| Problem::RequestInvalid)?;
    let in_office = signed.principal.in_office();
    if !in_office && signed.principal.person.map(Subject::Person).as_ref() != Some(&subject) {
        return Err(Problem::Forbidden);
    }
    let (from, before) = bounds(year)?;
    let store = &*app.store;
    let everybody = Everybody::load(store).await?;
    let whose = everybody.get(&subject).ok_or(Problem::DocumentUnknown)?;
    let figures = app.figures.get(store, year, store.figures(from, before)).await?;
    let sheet = Sheet {
        store,
        reading: Reading::load(store, signed.language(&headers)).await?,
        everybody: &everybody,
        whose,
        year,
        from,
        before,
        figures: figures
            .iter()
            .filter(|one| one.subject == subject && (in_office || one.figure != VISITED))
            .cloned()
            .collect(),
        subject,
    };
    let name = whose.row.title.as_str();
    let title = sheet.reading.texts.with(
        "print-sheet",
        &[("name", name.into()), ("year", year.to_string().into())],
    );
    let content = html! {
        h1 { (title) }
        (sheet.facts())
        (sheet.goals())
        (sheet.tasks().await?)
        (sheet.handled().await?)
        (sheet.behind().await?)
    };
    Ok(page(&sheet.reading, &title, &content))
}

impl Sheet<'_> {
    fn text(&self, key: &str) -> String {
        self.reading.texts.get(key)
    }

    fn headings(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.text(key)).collect()
    }

    fn figure(&self, figure: &str) -> String {
        self.text(&format!("choice-target-figure-{figure}"))
    }

    /// Where they belong.
    fn facts(&self) -> Markup {
        let kind = &self.whose.row.kind;
        let plain = ["sector", "committee", "workplace", "area"];
        let lines = plain
            .iter()
            .map(|field| (*field, text(self.whose, field)))
            .filter(|(_, value)| !value.is_empty());
        html! {
            dl { @for (field, value) in lines {
                dt { (self.text(&format!("field-{kind}-{field}"))) }
                dd { (value) }
            } }
            p { (self.text("print-sheet-how")) }
        }
    }

    /// What was set out for them and what they did; what else they did after it.
    fn goals(&self) -> Markup {
        let done = |figure: &str| self.figures.iter().find(|one| one.figure == figure);
        let is_one = |who: &&&str| self.everybody.of(who).iter().any(|(_, one)| *one == self.subject);
        let sorts: Vec<_> = WHO.iter().filter(is_one).collect();
        let targets = self.everybody.targets(self.year);
        let targets: Vec<_> = targets
            .iter()
            .filter(|target| sorts.iter().any(|who| **who == target.who))
            .collect();
        let line = |figure: &str, goal: Option<u64>| {
            let of = |count: fn(&Figure) -> u64| done(figure).map_or(0, count).to_string();
            vec![
                self.figure(figure),
                goal.map_or_else(String::new, |goal| goal.to_string()),
                of(|one| one.amount),
                of(|one| one.records),
            ]
        };
        let others = self
            .figures
            .iter()
            .filter(|one| targets.iter().all(|target| target.figure != one.figure));
        let rows: Vec<_> = targets
            .iter()
            .map(|target| line(&target.figure, Some(target.goal)))
            .chain(others.map(|one| line(&one.figure, None)))
            .collect();
        let headings = self.headings(&["print-figure", "print-goal", "print-done", "print-records"]);
        html! {
            h2 { (self.text("print-sheet-goals")) }
            @if rows.is_empty() { p { (self.text("print-none")) } }
            (table("", &headings, &rows))
        }
    }

    /// The tasks of rectification that they have, of whatever year; nothing where they have none.
    async fn tasks(&self) -> Result<Markup, StoreError> {
        let ledger = Filter {
            kinds: vec!["rectification".to_owned()],
            ..Filter::default()
        };
        let id = self.whose.doc.to_string();
        let has = |task: &&Listed| {
            let named = HAVE_TASKS.iter().filter_map(|field| task.row.values.get(*field));
            named.flat_map(Value::list).any(|one| *one == id)
        };
        let ledger = all(self.store, ledger).await?;
        let rows: Vec<_> = ledger
            .iter()
            .filter(has)
            .map(|task| self.handling(task))
            .collect();
        Ok(html! { @if !rows.is_empty() {
            h2 { (self.text("print-rectification")) }
            (table("", &self.headings(HANDLING), &rows))
        } })
    }

    /// What a department was given to handle, by who of it has it; nothing for others.
    async fn handled(&self) -> Result<Markup, StoreError> {
        if text(self.whose, "type") != "department" {
            return Ok(html! {});
        }
        let mut sums = Vec::new();
        let mut rows = Vec::new();
        for (name, user) in self.people_of() {
            let filter = Filter {
                handler: Some(user),
                ..self.work()
            };
            let records = all(self.store, filter).await?;
            let count = |is: fn(&Listed) -> bool| records.iter().filter(|one| is(one)).count().to_string();
            sums.push(vec![
                name,
                records.len().to_string(),
                count(|one| !one.row.care.open),
                count(is_late),
                count(|one| one.row.care.general),
                count(|one| one.row.care.setbacks > 0),
            ]);
            rows.extend(records.iter().map(|one| self.handling(one)));
        }
        let headings = self.headings(&[
            "print-name",
            "print-handled-all",
            "print-handled-closed",
            "office-care-overdue",
            "office-care-general",
            "office-care-wanting",
        ]);
        Ok(html! {
            h2 { (self.text("print-handled")) }
            @if rows.is_empty() { p { (self.text("print-none")) } }
            @else {
                (table("", &headings, &sums))
                (table(&self.text("print-handled-records"), &self.headings(HANDLING), &rows))
            }
        })
    }

    /// The people of a group who have an account.
    fn people_of(&self) -> Vec<(String, UserId)> {
        let values = &self.whose.row.values;
        let members = values.get("members").map(Value::list).unwrap_or_default();
        let convener = values.get("convener").and_then(Value::text);
        let ids: Vec<DocId> = members
            .iter()
            .map(String::as_str)
            .chain(convener)
            .filter_map(|id| id.parse().ok())
            .collect();
        let people = self.everybody.people.iter();
        people
            .filter(|one| ids.contains(&one.doc))
            .filter_map(|one| Some((one.row.title.clone(), text(one, "user").parse().ok()?)))
            .collect()
    }

    /// One record that somebody is to deal with, as a line under [`HANDLING`].
    fn handling(&self, one: &Listed) -> Vec<String> {
        let care = &one.row.care;
        let notes = [
            (is_late(one), "print-late"),
            (care.general, "office-care-general"),
            (care.setbacks > 0, "office-care-wanting"),
        ];
        let notes: Vec<_> = notes
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, key)| self.text(key))
            .collect();
        vec![
            one.row.title.clone(),
            self.reading.state(&one.row.kind, &one.row.state),
            care.due.map_or_else(String::new, day),
            notes.join(&self.text("export-between")),
        ]
    }

    /// The records behind each figure.
    async fn behind(&self) -> Result<Markup, StoreError> {
        let user = text(self.whose, "user").parse().ok().map(Subject::User);
        let subjects: Vec<_> = user
            .iter()
            .chain([&self.subject])
            .map(ToString::to_string)
            .collect();
        let headings = self.headings(&["export-when", "export-title", "export-kind", "export-state"]);
        let mut sections = Vec::new();
        for one in &self.figures {
            let filter = Filter {
                credit: Some(CreditFilter {
                    subjects: subjects.clone(),
                    figure: one.figure.clone(),
                }),
                ..self.work()
            };
            let rows: Vec<_> = all(self.store, filter)
                .await?
                .iter()
                .map(|one| {
                    let kind = &one.row.kind;
                    vec![
                        day(one.row.when),
                        one.row.title.clone(),
                        self.text(&format!("kind-{kind}")),
                        self.reading.state(kind, &one.row.state),
                    ]
                })
                .collect();
            sections.push((self.figure(&one.figure), rows));
        }
        Ok(html! { @if !sections.is_empty() {
            h2 { (self.text("print-behind")) }
            @for (figure, rows) in &sections { h3 { (figure) } (table("", &headings, rows)) }
        } })
    }

    /// All records of work of the year.
    fn work(&self) -> Filter {
        let work = REGISTERS
            .iter()
            .filter(|register| register.columns == Columns::Work);
        Filter {
            kinds: work.map(|register| register.kind.to_owned()).collect(),
            from: Some(self.from),
            before: Some(self.before),
            ..Filter::default()
        }
    }
}

/// What is said of a record that somebody is to deal with.
const HANDLING: &[&str] = &["export-title", "export-state", "export-due", "print-note"];

fn is_late(one: &Listed) -> bool {
    one.row.care.open && one.row.care.due.is_some_and(|due| due < now())
}
