//! Suggestions of the year by theme and state, and how long residents waited for an answer.

use maud::{Markup, html};

use super::Report;
use crate::office::{Waited, counted};
use crate::print::page::table;
use crate::problem::Problem;
use crate::reading::Titles;

impl Report<'_> {
    /// Suggestions by theme, by state, and the time to the first answer.
    pub(super) async fn suggestions(&self) -> Result<Markup, Problem> {
        let (themes, together) = counted(self.store, self.from, self.before).await?;
        let themes = themes.into_iter().map(|of| {
            let unnamed = || self.text("print-no-theme");
            let name = of.theme.map(|id| self.reading.name(id, &Titles::new()));
            (name.unwrap_or_else(unnamed), of.waited)
        });
        let themes: Vec<_> = themes.collect();
        let counts: Vec<_> = themes.iter().map(|(name, of)| (name.clone(), of.count)).collect();
        let together = (self.text("print-together"), together);
        let rows = themes.into_iter().chain([together]);
        let rows: Vec<_> = rows.map(|(name, of)| self.waiting(name, &of)).collect();
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

    fn waiting(&self, name: String, of: &Waited) -> Vec<String> {
        let median = of.median.map_or_else(String::new, |tenths| {
            let days = format!("{}.{}", tenths / 10, tenths % 10);
            self.reading.texts.with("print-days", &[("days", days.into())])
        });
        vec![name, of.count.to_string(), of.answered.to_string(), median]
    }
}
