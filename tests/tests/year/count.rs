//! What is counted: by the test as it goes, by the server's figures, and on the printed report.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil::date;
use jiff::tz::{TimeZone, offset};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::rules::Subject;
use lianxin_shared::texts::{Lang, Texts};
use lianxin_tests::browser::Browser;
use lianxin_tests::desk::Desk;
use serde_json::Value;

/// Numbers, by what they are of. What comes to nothing is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Count(BTreeMap<String, i64>);

impl Count {
    /// So many more.
    pub(crate) fn add(&mut self, of: impl Into<String>, n: i64) {
        *self.0.entry(of.into()).or_default() += n;
        self.0.retain(|_, n| *n != 0);
    }

    /// How many there are.
    pub(crate) fn of(&self, of: &str) -> i64 {
        self.0.get(of).copied().unwrap_or(0)
    }

    /// What has been added since another count.
    pub(crate) fn since(mut self, before: &Self) -> Self {
        for (of, n) in &before.0 {
            self.add(of, -n);
        }
        self
    }

    /// Each that this one and another do not agree on: here, there.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let all: std::collections::BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        all.into_iter()
            .filter(|of| self.of(of) != other.of(of))
            .map(|of| format!("{of}: {} and not {}", other.of(of), self.of(of)))
            .collect()
    }
}

/// What the test has counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// As `GET /api/year` shows it: somebody's figures.
    pub(crate) figures: Count,
    /// As the printed report shows it: the columns of its tables' rows.
    pub(crate) printed: Count,
}

impl Tally {
    /// A figure of somebody has grown.
    pub(crate) fn credit(&mut self, subject: &Subject, figure: &str, n: i64) {
        self.figures.add(format!("{subject} {figure}"), n);
    }

    /// The same for several people.
    pub(crate) fn credit_all(&mut self, people: &[DocId], figure: &str) {
        for person in people {
            self.credit(&Subject::Person(*person), figure, 1);
        }
    }

    /// A row of a printed table that counts records has grown.
    pub(crate) fn print(&mut self, table: &str, row: &str, n: i64) {
        self.printed.add(format!("{table} | {row} | 数量"), n);
    }

    /// A record is one of its month.
    pub(crate) fn print_month(&mut self, kind: &str, at: Moment) {
        let month = month_of(at);
        self.printed.add(format!("各月情况 | {month} | {kind}"), 1);
    }

    /// How many wait for an answer or have one, on a theme and together.
    pub(crate) fn print_waiting(&mut self, theme: &str, has_answer: bool) {
        for row in [theme, "合计"] {
            self.printed.add(format!("答复用时 | {row} | 数量"), 1);
            self.printed
                .add(format!("答复用时 | {row} | 已答复"), i64::from(has_answer));
        }
    }
}

/// How a state reads.
pub(crate) fn state(kind: &str, state: &str) -> String {
    Texts::of(Lang::Zh).get(&format!("state-{kind}-{state}"))
}

/// Everybody's figures of a year, as the server counts them.
pub(crate) async fn figures(clerk: &Desk, year: i16) -> Result<Count> {
    let answer = clerk.get(&format!("/api/year?all=true&year={year}")).await?;
    let mut count = Count::default();
    for figure in answer["figures"].as_array().context("no figures")? {
        let text = |key: &str| figure[key].as_str().context("a figure of nobody");
        let amount = figure["amount"].as_i64().context("a figure without amount")?;
        count.add(format!("{} {}", text("subject")?, text("figure")?), amount);
    }
    Ok(count)
}

/// A table of the printed report: what it is called, its rows, each cell with its column's heading.
type Table = (String, Vec<Vec<(String, String)>>);

/// The printed report of a year, as a browser that has nothing but a ticket shows it.
pub(crate) struct Report(Vec<Table>);

impl Report {
    /// Opens it.
    pub(crate) async fn open(clerk: &Desk, browser: &Browser, year: i16) -> Result<Self> {
        let address = clerk.ticket(&format!("/print/year/{year}")).await?;
        browser.go(&address).await?;
        browser.says("h1", &year.to_string()).await?;
        let tables: Value = browser.run(TABLES, vec![]).await?;
        Ok(Self(serde_json::from_value(tables)?))
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: &str) -> impl Iterator<Item = &Vec<(String, String)>> {
        let named = self.0.iter().filter(move |(name, _)| name == table);
        named.flat_map(|(_, rows)| rows)
    }

    /// All its numbers.
    pub(crate) fn count(&self) -> Count {
        let mut count = Count::default();
        for (table, rows) in &self.0 {
            for row in rows {
                let Some(((_, name), cells)) = row.split_first() else {
                    continue;
                };
                for (heading, cell) in cells {
                    if let Ok(n) = cell.parse() {
                        count.add(format!("{table} | {name} | {heading}"), n);
                    }
                }
            }
        }
        count
    }
}

const TABLES: &str = "const done = arguments[0];
    const text = element => element.textContent.trim();
    done([...document.querySelectorAll('table')].map(table => {
        const headings = [...table.tHead.rows[0].cells].map(text);
        const rows = [...table.tBodies[0].rows];
        return [text(table.caption), rows.map(row => [...row.cells].map((cell, n) => [headings[n], text(cell)]))];
    }));";

/// A day of a year at ten o'clock, in the district.
pub(crate) fn day(year: i16, month: i8, day: i8) -> Result<Moment> {
    let wall = date(year, month, day).at(10, 0, 0, 0);
    let at = TimeZone::fixed(offset(8)).to_timestamp(wall)?;
    Ok(Moment(at.as_millisecond()))
}

fn month_of(at: Moment) -> i8 {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    TimeZone::fixed(offset(8)).to_datetime(at).month()
}
