//! The year of everybody: each member's, leader's, group's and station's figures beside the targets, whom the visits have not
//! reached yet, and of whom nothing was heard for long. In the order of names, never of amounts: nobody is ranked, and every
//! figure opens the records behind it.
//!
//! - [`tally`]: the pure part; [`table`] and [`chart`]: a table of it and its drawings; [`quiet`]: the last; [`spread`]: what
//!   stations and residents did, by station and theme; [`waits`]: how long these waited for an answer.

mod chart;
mod quiet;
mod spread;
mod table;
mod tally;
mod waits;

use lianxin_shared::records::{VISITED, WHO};
use serde::{Deserialize, Serialize};
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::{FromQuery, ToQuery};

use super::asked::use_asked;
use super::failure;
use super::take::Take;
use crate::book::use_book;
use crate::components::{Empty, Notice, Tone};
use crate::i18n::{use_texts, when};
use crate::pages::link::Go;
use crate::route::Route;
pub(super) use quiet::Quiet;
use spread::{By, Spread};
use table::Table;
use tally::{Counted, Line, lines, of};
use waits::Waits;

/// What the address says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    /// Which year; without it, the present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<u32>,
}

impl Asked {
    fn query(&self) -> String {
        self.to_query().map(String::from).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Answer {
    figures: Vec<Counted>,
}

/// Where everybody's figures of a year are asked for.
fn figures(year: u32) -> Option<String> {
    Some(format!("/api/year?all=true&year={year}"))
}

/// The page.
#[component]
pub(super) fn OfficeYear() -> Html {
    let t = use_texts();
    let book = use_book();
    let now = when::now();
    let location = use_location();
    let asked = location.and_then(|location| {
        let query = location.query_str().trim_start_matches('?').to_owned();
        Asked::from_query(&query).ok()
    });
    let asked = asked.unwrap_or_default();
    let this_year = when::wall(now).year;
    let year = asked.year.unwrap_or(this_year);
    let present = use_asked::<Answer>(figures(year));
    let on_again = present.again.reform(|_: MouseEvent| ());
    let turn = |year: u32, test: &'static str| {
        let query = Asked { year: Some(year) };
        html! { <Go class="button quiet" to={Route::OfficeYear} query={query.query()} {test}>{ year }</Go> }
    };
    let shown = present.answer.as_ref().map(|answer| {
        let counted = &answer.figures;
        let tables = WHO.iter().map(|who| {
            let lines = lines(&book, who);
            html! { <Table key={*who} {who} year={i64::from(year)} {lines} counted={counted.clone()} /> }
        });
        let members = lines(&book, "member");
        html! {
            <>
                { for tables }
                <Departments {year} departments={lines(&book, "department")} />
                <Spread {year} kind="suggestion" by={By::Theme} title="print-suggestions-by-theme" />
                <Spread {year} kind="suggestion" by={By::Station} title="report-suggestions-by-station" />
                <Waits {year} />
                <Spread {year} kind="activity" by={By::Station} title="print-activities" />
                if !members.is_empty() {
                    <Coverage {members} counted={counted.clone()} />
                }
                if year == this_year {
                    <Quiet />
                }
            </>
        }
    });
    html! {
        <main class="office-page" id="page">
            <div class="actions">
                <h1>{ t.with("report-year-of", &[("year", year.to_string().into())]) }</h1>
                { turn(year.saturating_sub(1), "year-before") }
                if year < this_year { { turn(year + 1, "year-after") } }
            </div>
            <div class="actions">
                <Take key={format!("report{year}")} address={format!("/print/year/{year}")} label="take-report" is_page={true} />
                <Take key={format!("csv{year}")} address={format!("/api/year/export.csv?year={year}")} label="take-csv" />
                <Take key={format!("xlsx{year}")} address={format!("/api/year/export.xlsx?year={year}")} label="take-xlsx" />
            </div>
            <p class="muted small">{ t.get("report-year-how") }</p>
            if let Some(error) = &present.error {
                <Notice tone={Tone::Attention}>
                    <p>{ failure::of_api(&t, error) }</p>
                    <button type="button" class="button" onclick={on_again}>{ t.get("office-again") }</button>
                </Notice>
            }
            if let Some(shown) = shown {
                { shown }
            } else if present.error.is_none() {
                <Empty><p role="status">{ t.get("office-opening") }</p></Empty>
            }
        </main>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct DepartmentsProps {
    year: u32,
    departments: Vec<Line>,
}

/// The departments, of which no figure is counted: what they handle stands on their sheets.
#[component]
fn Departments(props: &DepartmentsProps) -> Html {
    let t = use_texts();
    if props.departments.is_empty() {
        return html! {};
    }
    let rows = props.departments.iter().map(|line| {
        html! {
            <li key={line.subject.clone()}>
                <span>{ &line.name }</span>
                <Take address={sheet(props.year, &line.subject)} label="take-sheet" is_page={true} />
            </li>
        }
    });
    html! {
        <section class="section" data-test="departments">
            <h2>{ t.get("choice-group-type-department") }</h2>
            <ul class="lines">{ for rows }</ul>
        </section>
    }
}

/// Where somebody's sheet of a year is printed.
pub(in crate::pages) fn sheet(year: impl std::fmt::Display, subject: &str) -> String {
    format!("/print/year/{year}/{subject}")
}

#[derive(Debug, PartialEq, Properties)]
struct CoverageProps {
    members: Vec<Line>,
    counted: Vec<Counted>,
}

/// How many of all members were visited, and who was not.
#[component]
fn Coverage(props: &CoverageProps) -> Html {
    let t = use_texts();
    let (reached, missed): (Vec<_>, Vec<_>) = props
        .members
        .iter()
        .partition(|line| of(&props.counted, line, VISITED).is_some());
    let all = props.members.len();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
    html! {
        <section class="section" data-test="coverage">
            <h2>{ t.get("report-coverage") }</h2>
            <p>
                { t.with("report-coverage-so-far", &[("n", count(reached.len())), ("all", count(all))]) }
                { " " }<progress max={all.to_string()} value={reached.len().to_string()} aria-label={t.get("report-coverage")} />
            </p>
            if !missed.is_empty() {
                <details>
                    <summary>{ t.with("report-not-visited", &[("n", count(missed.len()))]) }</summary>
                    <ul class="names">{ for missed.iter().map(|line| html! { <li>{ &line.name }</li> }) }</ul>
                </details>
            }
        </section>
    }
}
