//! Of whom nothing was heard for long, so that somebody calls them.

use lianxin_shared::records::VISITED;
use std::collections::BTreeMap;

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::quiet_days;
use lianxin_shared::rules::Subject;
use maud::{Markup, html};

use super::Report;
use crate::clock::now;
use crate::office::DAY_MS;
use crate::print::page::table;
use crate::reading::{day, in_use};
use crate::store::StoreError;

impl Report<'_> {
    /// The members without a record up to now, or up to the end of a year that has passed.
    pub(super) async fn quiet(&self) -> Result<Markup, StoreError> {
        let settings = in_use(self.store, "district").await?;
        let newest = settings.iter().max_by_key(|one| (one.row.created_at, one.doc));
        let days = quiet_days(newest.map(|one| &one.row.values));
        let end = self.before.min(now());
        let since = Moment(end.0 - days * DAY_MS);
        // Whoever did nothing this year may have done something shortly before.
        let earlier = self.store.figures(Moment(i64::MIN), self.from).await?;
        let mut last = BTreeMap::<DocId, Moment>::new();
        for one in earlier
            .iter()
            .chain(&self.figures)
            .filter(|one| one.figure != VISITED)
        {
            if let Subject::Person(person) = one.subject {
                let latest = last.entry(person).or_insert(one.last);
                *latest = (*latest).max(one.last);
            }
        }
        let is_quiet = |doc: &DocId| last.get(doc).is_none_or(|last| *last < since);
        let rows: Vec<_> = self
            .everybody
            .members()
            .filter(|one| is_quiet(&one.doc))
            .map(|one| {
                let last = last
                    .get(&one.doc)
                    .map_or_else(|| self.text("report-never"), |last| day(*last));
                vec![one.row.title.clone(), last]
            })
            .collect();
        let title = self.text("print-quiet");
        let last_day = Moment(end.0 - 1);
        let said = self.reading.texts.with(
            "print-quiet-since",
            &[
                ("day", day(last_day).into()),
                ("days", days.into()),
                ("n", rows.len().into()),
            ],
        );
        let headings = ["print-name", "print-last"].map(|key| self.text(key));
        Ok(html! {
            h2 { (title) }
            p { (said) }
            (table(&title, &headings, &rows))
        })
    }
}
