//! `GET /print/year/{year}`: what came of a year, for the office. Every figure is counted from records; the table behind each
//! chart names them. Nobody is ranked: people and groups stand in the order of their names.

mod answers;
mod quiet;
mod targets;
mod work;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lianxin_shared::chart::{Bar, Caption, bars};
use lianxin_shared::id::Moment;
use lianxin_shared::rules::Subject;
use maud::{Markup, PreEscaped, html};

use super::page::{page, table};
use crate::app::App;
use crate::auth::Signed;
use crate::office::bounds;
use crate::problem::Problem;
use crate::reading::{Everybody, Reading};
use crate::store::{Figure, Filter, Store};

/// The most bars of a chart; what has more is a table alone.
const MOST_BARS: usize = 40;

/// A year as it is told.
struct Report<'a> {
    store: &'a dyn Store,
    reading: Reading,
    year: i16,
    from: Moment,
    before: Moment,
    figures: Vec<Figure>,
    everybody: Everybody,
}

/// The report of a year.
pub async fn year(
    State(app): State<App>,
    signed: Signed,
    Path(year): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let year = year.parse().map_err(|_| Problem::RequestInvalid)?;
    let (from, before) = bounds(year)?;
    let store = &*app.store;
    let report = Report {
        store,
        reading: Reading::load(store, signed.language(&headers)).await?,
        year,
        from,
        before,
        figures: store.figures(from, before).await?,
        everybody: Everybody::load(store).await?,
    };
    let title = report
        .reading
        .texts
        .with("print-year", &[("year", year.to_string().into())]);
    let content = html! {
        h1 { (title) }
        (report.targets())
        (report.by_month().await?)
        (report.activities().await?)
        (report.suggestions().await?)
        (report.proposals().await?)
        (report.consultations().await?)
        (report.rectification().await?)
        (report.visits())
        (report.quiet().await?)
    };
    Ok(page(&report.reading, &title, &content))
}

impl Report<'_> {
    fn text(&self, key: &str) -> String {
        self.reading.texts.get(key)
    }

    /// Records of a kind from the year.
    fn of(&self, kind: &str) -> Filter {
        Filter {
            kinds: vec![kind.to_owned()],
            from: Some(self.from),
            before: Some(self.before),
            ..Filter::default()
        }
    }

    fn amount(&self, subject: &Subject, figure: &str) -> u64 {
        let is_it = |one: &&Figure| one.figure == figure && one.subject == *subject;
        self.figures.iter().find(is_it).map_or(0, |one| one.amount)
    }

    /// A chart of named figures with its table; a sentence where there are none.
    fn chart(&self, id: &str, title: &str, rows: &[(String, u64)], target: Option<u64>) -> Markup {
        let said: Vec<_> = rows.iter().map(|(_, value)| value.to_string()).collect();
        let lines: Vec<_> = rows
            .iter()
            .zip(&said)
            .map(|((name, value), said)| Bar {
                name,
                value: *value,
                target,
                said,
            })
            .collect();
        let description = self
            .reading
            .texts
            .with("print-chart", &[("count", rows.len().into())]);
        let caption = Caption {
            id,
            title,
            description: &description,
        };
        let headings = [self.text("print-name"), self.text("print-count")];
        let rows: Vec<_> = rows
            .iter()
            .map(|(name, value)| vec![name.clone(), value.to_string()])
            .collect();
        html! {
            @if rows.is_empty() { p { (self.text("print-none")) } }
            @else {
                @if rows.len() <= MOST_BARS { figure { (PreEscaped(bars(caption, &lines))) } }
                (table(title, &headings, &rows))
            }
        }
    }
}
