//! `GET /api/year/export.csv` and `GET /api/watch/export.csv`, each `.xlsx` too: what the office's other tables show, to take
//! along. They are as long as the district has people, and made at once.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use lianxin_shared::id::UserId;
use lianxin_shared::records::WHO;
use lianxin_shared::rules::Subject;

use super::{Cell, csv, download, xlsx};
use crate::app::App;
use crate::auth::Signed;
use crate::office::{self, YearParameters};
use crate::problem::Problem;
use crate::reading::{Everybody, Reading, text};
use crate::store::{Figure, Watched};

/// A table that is whole in memory.
struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// The file of this name: its ending says what it is.
    fn file(self, name: &str) -> Result<Response, Problem> {
        let Self { headings, rows } = self;
        match name {
            "export.csv" => {
                let file = csv::whole(&headings, rows).map_err(|error| {
                    tracing::error!(%error, "export.failed");
                    Problem::Internal
                })?;
                Ok((download("csv", csv::TYPE), file).into_response())
            }
            "export.xlsx" => {
                Ok((download("xlsx", xlsx::TYPE), xlsx::whole(&headings, &rows)?).into_response())
            }
            _ => Err(Problem::AddressUnknown),
        }
    }
}

/// The year of everybody for whom there can be targets: a line for each figure of each of them.
pub async fn year(
    State(app): State<App>,
    signed: Signed,
    Path(file): Path<String>,
    Query(parameters): Query<YearParameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let store = &*app.store;
    let (year, figures) = office::figures(&app, &parameters).await?;
    let reading = Reading::load(store, signed.language(&headers)).await?;
    let everybody = Everybody::load(store).await?;
    let targets = everybody.targets(year);
    let mut rows = Vec::new();
    for who in WHO {
        let targets: Vec<_> = targets.iter().filter(|target| target.who == *who).collect();
        for (name, subject) in everybody.of(who) {
            let own: Vec<&Figure> = figures.iter().filter(|one| one.subject == subject).collect();
            let line = |figure: &str, goal: Option<u64>| {
                let done = own.iter().find(|one| one.figure == figure);
                vec![
                    Cell::text(reading.texts.get(&format!("choice-target-who-{who}"))),
                    Cell::text(name.as_str()),
                    Cell::text(reading.texts.get(&format!("choice-target-figure-{figure}"))),
                    goal.map_or(Cell::Empty, number),
                    number(done.map_or(0, |one| one.amount)),
                    number(done.map_or(0, |one| one.records)),
                    done.map_or(Cell::Empty, |one| Cell::Moment(one.last)),
                ]
            };
            rows.extend(
                targets
                    .iter()
                    .map(|target| line(&target.figure, Some(target.goal))),
            );
            let is_other = |one: &&&Figure| targets.iter().all(|target| target.figure != one.figure);
            rows.extend(own.iter().filter(is_other).map(|one| line(&one.figure, None)));
        }
    }
    let headings = [
        "export-who",
        "print-name",
        "print-figure",
        "print-goal",
        "print-done",
        "print-records",
        "print-last",
    ];
    let headings = headings.map(|key| reading.texts.get(key)).into();
    Table { headings, rows }.file(&file)
}

/// What the office watches over, by department and by who handles it.
pub async fn watch(
    State(app): State<App>,
    signed: Signed,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let store = &*app.store;
    let watched = office::watched(&app).await?;
    let reading = Reading::load(store, signed.language(&headers)).await?;
    let everybody = Everybody::load(store).await?;
    let line = |one: &Watched| {
        let handler = one.handler.as_ref();
        let who = handler.map_or_else(
            || reading.texts.get("office-nobody"),
            |user| reading.names.user(user).to_owned(),
        );
        let counts = [one.overdue, one.stalled, one.general, one.wanting, one.open];
        let names = [
            Cell::text(handler.map_or_else(String::new, |user| department(&everybody, user))),
            Cell::text(who),
        ];
        names.into_iter().chain(counts.map(number)).collect()
    };
    let rows = watched.iter().map(line).collect();
    let cares =
        ["overdue", "stalled", "general", "wanting", "open"].map(|care| format!("office-care-{care}"));
    let headings = ["choice-group-type-department", "office-watch-who"]
        .into_iter()
        .chain(cares.iter().map(String::as_str));
    let headings = headings.map(|key| reading.texts.get(key)).collect();
    Table { headings, rows }.file(&file)
}

/// The department that a user belongs to; nothing for who is in none.
fn department(everybody: &Everybody, user: &UserId) -> String {
    let person = everybody
        .people
        .iter()
        .find(|one| text(one, "user") == user.as_str());
    let id = person.map(|person| person.doc.to_string());
    let has = |group: &&(String, Subject)| {
        let members = everybody
            .get(&group.1)
            .and_then(|group| group.row.values.get("members"));
        members.is_some_and(|members| members.list().iter().any(|one| Some(one) == id.as_ref()))
    };
    let departments = everybody.of("department");
    departments
        .iter()
        .find(has)
        .map_or_else(String::new, |(name, _)| name.clone())
}

fn number(n: u64) -> Cell {
    Cell::Number(i64::try_from(n).unwrap_or(i64::MAX))
}
