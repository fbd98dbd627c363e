//! Suggestions of the year by theme and state, and how long residents waited for an answer.
//!
//! When an answer came stands in the timeline alone, so the documents of what may have been answered are read for it, in
//! pages of bounded size, away from the threads that serve the lines.

use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::Record;
use maud::{Markup, html};

use super::Report;
use crate::print::page::table;
use crate::problem::Problem;
use crate::reading::{Titles, all};
use crate::store::Content;
use crate::sync::open;

/// How many bytes of documents are read at once.
const BUDGET: usize = 4 * 1024 * 1024;
/// How many documents.
const AT_ONCE: usize = 500;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Suggestions on one theme.
#[derive(Default)]
struct Theme {
    count: u64,
    /// How many days each answered one waited, in tenths.
    waited: Vec<i64>,
}

impl Report<'_> {
    /// Suggestions by theme, by state, and the time to the first answer.
    pub(super) async fn suggestions(&self) -> Result<Markup, Problem> {
        let listed = all(self.store, self.of("suggestion")).await?;
        let waits = self.waits(listed.iter().map(|one| one.doc).collect()).await?;
        let mut themes: BTreeMap<Option<DocId>, Theme> = BTreeMap::new();
        for one in &listed {
            let theme = themes.entry(one.row.theme).or_default();
            theme.count += 1;
            theme.waited.extend(waits.get(&one.doc));
        }
        let name = |theme: Option<DocId>| {
            theme.map_or_else(
                || self.text("print-no-theme"),
                |id| self.reading.name(id, &Titles::new()),
            )
        };
        let counts: Vec<_> = themes
            .iter()
            .map(|(theme, of)| (name(*theme), of.count))
            .collect();
        let mut rows: Vec<_> = themes
            .iter_mut()
            .map(|(theme, of)| self.waiting(name(*theme), of.count, &mut of.waited))
            .collect();
        let mut together: Vec<_> = waits.into_values().collect();
        let total = u64::try_from(listed.len()).unwrap_or(0);
        rows.push(self.waiting(self.text("print-together"), total, &mut together));
        let title = self.text("print-suggestions-by-theme");
        let headings =
            ["print-name", "print-count", "print-answered", "print-median"].map(|key| self.text(key));
        Ok(html! {
            (self.by_state("suggestion", "print-suggestions").await?)
            h3 { (title) }
            (self.chart("themes", &title, &counts, None))
            h3 { (self.text("print-waiting")) }
            (table(&self.text("print-waiting"), &headings, &rows))
        })
    }

    fn waiting(&self, name: String, count: u64, waited: &mut [i64]) -> Vec<String> {
        let median = median(waited).map_or_else(String::new, |tenths| {
            let days = format!("{}.{}", tenths / 10, tenths % 10);
            self.reading.texts.with("print-days", &[("days", days.into())])
        });
        vec![name, count.to_string(), waited.len().to_string(), median]
    }

    /// How long each of these waited for its first answer, in tenths of days; those without any are left out.
    async fn waits(&self, docs: Vec<DocId>) -> Result<BTreeMap<DocId, i64>, Problem> {
        let mut waits = BTreeMap::new();
        let mut left = &docs[..];
        while !left.is_empty() {
            let wants = left.iter().take(AT_ONCE).map(|doc| (*doc, 0)).collect();
            let contents = self.store.contents(wants, BUDGET).await?;
            let (now, later) = left.split_at(contents.len().clamp(1, left.len()));
            left = later;
            let now = now.to_vec();
            let read = move || -> Vec<_> {
                let pairs = now.into_iter().zip(contents);
                pairs
                    .filter_map(|(doc, content)| Some((doc, waited(&content?)?)))
                    .collect()
            };
            let read = tokio::task::spawn_blocking(read).await;
            waits.extend(read.map_err(|_| Problem::Internal)?);
        }
        Ok(waits)
    }
}

fn waited(content: &Content) -> Option<i64> {
    let record = open(content).and_then(|document| document.record()).ok()?;
    let asked = record.timeline.first()?.at;
    let days = (first_answer(&record)?.0 - asked.0).max(0);
    Some(days * 10 / DAY_MS)
}

/// When the first answer was given that counts where the record stood.
fn first_answer(record: &Record) -> Option<Moment> {
    let lifecycle = &record.register()?.lifecycle;
    let mut state = lifecycle.start;
    for event in &record.timeline {
        let Some(step) = lifecycle.step(state, &event.act) else {
            continue;
        };
        if lifecycle.answers.contains(&step.act) {
            return Some(event.at);
        }
        state = step.to.unwrap_or(state);
    }
    None
}

/// The middle one, or the lower of the two in the middle.
fn median(values: &mut [i64]) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_values() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [30]), Some(30));
        assert_eq!(median(&mut [30, 10, 20]), Some(20));
        assert_eq!(median(&mut [40, 10, 20, 30]), Some(20));
    }
}
