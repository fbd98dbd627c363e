//! What was done: by month, by station, by theme, by state.

use jiff::civil::Date;
use lianxin_shared::chart::{Caption, Series, columns};
use lianxin_shared::records::{Value, register};
use maud::{Markup, PreEscaped, html};

use super::Report;
use crate::clock;
use crate::print::page::table;
use crate::problem::Problem;
use crate::reading::{Titles, all, day};
use crate::store::{Filter, StoreError};

/// What is shown by months.
const BY_MONTH: [&str; 3] = ["activity", "suggestion", "proposal"];

impl Report<'_> {
    /// How much there was of the commonest kinds in each month.
    pub(super) async fn by_month(&self) -> Result<Markup, Problem> {
        let mut months = Vec::new();
        for month in 1..=12 {
            let first = Date::new(self.year, month, 1).map_err(|_| Problem::RequestInvalid)?;
            let start = clock::moment(first.at(0, 0, 0, 0)).ok_or(Problem::RequestInvalid)?;
            months.push(start);
        }
        months.push(self.before);
        let mut series = Vec::new();
        for kind in BY_MONTH {
            let mut values = Vec::new();
            for (from, before) in months.iter().zip(months.iter().skip(1)) {
                let filter = Filter {
                    from: Some(*from),
                    before: Some(*before),
                    ..self.of(kind)
                };
                values.push(self.store.counts(filter).await?.total);
            }
            series.push((self.text(&format!("kind-{kind}")), values));
        }
        let title = self.text("print-by-month");
        let drawn: Vec<_> = series
            .iter()
            .map(|(name, values)| Series {
                name,
                values: values.clone(),
            })
            .collect();
        let names: Vec<_> = (1..=12).map(|month| month.to_string()).collect();
        let short: Vec<_> = names.iter().map(String::as_str).collect();
        let caption = Caption {
            id: "by-month",
            title: &title,
            description: &self.text("print-by-month-chart"),
        };
        let headings: Vec<_> = std::iter::once(self.text("print-month"))
            .chain(series.iter().map(|(name, _)| name.clone()))
            .collect();
        let rows: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(n, month)| {
                let values = series.iter().map(|(_, values)| values[n].to_string());
                std::iter::once(month.clone()).chain(values).collect()
            })
            .collect();
        Ok(html! {
            h2 { (title) }
            figure { (PreEscaped(columns(caption, &short, &drawn))) }
            (table(&title, &headings, &rows))
        })
    }

    /// Activities by station.
    pub(super) async fn activities(&self) -> Result<Markup, StoreError> {
        let counts = self.store.counts(self.of("activity")).await?;
        let mut rows: Vec<_> = counts
            .by_station
            .into_iter()
            .map(|(station, count)| (self.reading.name(station, &Titles::new()), count))
            .collect();
        rows.sort();
        let title = self.text("print-activities");
        Ok(html! { h2 { (title) } (self.chart("activities", &title, &rows, None)) })
    }

    /// Proposals by state.
    pub(super) async fn proposals(&self) -> Result<Markup, StoreError> {
        self.by_state("proposal", "print-proposals").await
    }

    /// Consultations by state, and which there were.
    pub(super) async fn consultations(&self) -> Result<Markup, StoreError> {
        let rows = all(self.store, self.of("consultation")).await?;
        let headings = ["export-title", "export-when", "export-state"].map(|key| self.text(key));
        let list: Vec<_> = rows
            .iter()
            .map(|one| {
                let state = self.reading.state("consultation", &one.row.state);
                vec![one.row.title.clone(), day(one.row.when), state]
            })
            .collect();
        Ok(html! {
            (self.by_state("consultation", "print-consultations").await?)
            (table(&self.text("kind-consultation"), &headings, &list))
        })
    }

    /// How many of a kind stand where, in the order of its lifecycle.
    pub(super) async fn by_state(&self, kind: &str, title: &str) -> Result<Markup, StoreError> {
        let counts = self.store.counts(self.of(kind)).await?.by_state;
        let states: Vec<_> = register(kind)
            .map(|register| register.lifecycle.states().collect())
            .unwrap_or_default();
        let rows: Vec<_> = states
            .into_iter()
            .filter_map(|state| Some((self.reading.state(kind, state), *counts.get(state)?)))
            .collect();
        let title = self.text(title);
        Ok(html! { h2 { (title) } (self.chart(kind, &title, &rows, None)) })
    }

    /// The ledger as it stands, whatever year a matter is from, with its measures.
    pub(super) async fn rectification(&self) -> Result<Markup, StoreError> {
        let of = |kind: &str| Filter {
            kinds: vec![kind.to_owned()],
            ..Filter::default()
        };
        let ledger = all(self.store, of("rectification")).await?;
        let measures = all(self.store, of("measure")).await?;
        let now = clock::now();
        let rows: Vec<_> = ledger
            .iter()
            .map(|one| {
                let id = one.doc.to_string();
                let own = measures
                    .iter()
                    .filter(|measure| measure.row.values.get("task").and_then(Value::text) == Some(&id));
                let (done, all) = own.fold((0, 0), |(done, all), measure| {
                    (done + usize::from(measure.row.state == "done"), all + 1)
                });
                let is_late = one.row.care.open && one.row.care.due.is_some_and(|due| due < now);
                let late = if is_late {
                    self.text("print-late")
                } else {
                    String::new()
                };
                vec![
                    one.row.title.clone(),
                    self.reading.state("rectification", &one.row.state),
                    one.row.care.due.map_or_else(String::new, day),
                    late,
                    format!("{done} / {all}"),
                ]
            })
            .collect();
        let headings = [
            "export-title",
            "export-state",
            "export-due",
            "print-lateness",
            "print-measures",
        ]
        .map(|key| self.text(key));
        let title = self.text("print-rectification");
        Ok(html! {
            h2 { (title) }
            @if rows.is_empty() { p { (self.text("print-none")) } }
            (table(&title, &headings, &rows))
        })
    }
}
