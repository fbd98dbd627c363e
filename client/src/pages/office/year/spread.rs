//! How the work of a year is spread: suggestions by theme and by station, activities by station. Each number opens its records.

use std::collections::BTreeMap;

use lianxin_shared::chart::{Bar, Caption, bars};
use lianxin_shared::id::DocId;
use serde::Deserialize;
use yew::prelude::*;

use crate::book::use_book;
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::pages::office::asked::use_asked;
use crate::pages::office::filter::Filter;
use crate::route::Route;

/// The most bars of a drawing. Beyond, the table alone says it.
pub(super) const MOST: usize = 30;

/// How many records there are of each station and each theme.
#[derive(Debug, Default, Deserialize)]
struct Counts {
    #[serde(default)]
    by_station: BTreeMap<DocId, u64>,
    #[serde(default)]
    by_theme: BTreeMap<DocId, u64>,
}

/// By what records are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By the station that they belong to.
    Station,
    /// By their theme.
    Theme,
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct SpreadProps {
    pub(super) year: u32,
    /// Records of which kind.
    pub(super) kind: &'static str,
    pub(super) by: By,
    /// The message of its title.
    pub(super) title: &'static str,
}

/// A drawing with the table behind it, by name; nothing where there are no records.
#[component]
pub(super) fn Spread(props: &SpreadProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let of_year = Filter {
        kind: Some(props.kind.to_owned()),
        from: Some(format!("{}-01-01", props.year)),
        to: Some(format!("{}-12-31", props.year)),
        ..Filter::default()
    };
    let asked = use_asked::<Counts>(Some(format!("/api/records/counts?{}", of_year.query())));
    let Some(counts) = asked.answer else {
        return html! {};
    };
    let counted = match props.by {
        By::Station => &counts.by_station,
        By::Theme => &counts.by_theme,
    };
    let name = |id: &DocId| {
        book.title(id)
            .map_or_else(|| t.get("ui-unknown"), |name| name.to_string())
    };
    let mut lines: Vec<_> = counted.iter().map(|(id, n)| (name(id), *id, *n)).collect();
    lines.sort();
    if lines.is_empty() {
        return html! {};
    }
    let title = t.get(props.title);
    let said: Vec<_> = lines.iter().map(|(_, _, n)| n.to_string()).collect();
    let drawn = lines.iter().zip(&said).map(|((name, _, value), said)| Bar {
        name,
        value: *value,
        target: None,
        said,
    });
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let caption = Caption {
        id: props.title,
        title: &title,
        description: &t.with("report-chart", &[("count", count.into())]),
    };
    // Made of our own words and escaped names alone.
    let drawing = (lines.len() <= MOST)
        .then(|| Html::from_html_unchecked(bars(caption, &drawn.collect::<Vec<_>>()).into()));
    let rows = lines.iter().map(|(name, id, n)| {
        let (station, theme) = match props.by {
            By::Station => (Some(*id), None),
            By::Theme => (None, Some(*id)),
        };
        let behind = Filter {
            station,
            theme,
            ..of_year.clone()
        };
        let label = t.get("print-count");
        html! {
            <tr key={id.to_string()}>
                <th scope="row">{ name }</th>
                <td class="number" data-label={label}>
                    <Go to={Route::Office} query={behind.query()} test="spread">{ n }</Go>
                </td>
            </tr>
        }
    });
    html! {
        <section class="section" data-test="spread-table" data-kind={props.kind}>
            <h2>{ &title }</h2>
            { for drawing.map(|drawing| html! { <figure>{ drawing }</figure> }) }
            <table class="table">
                <thead><tr>
                    <th scope="col">{ t.get("report-name") }</th>
                    <th scope="col" class="number">{ t.get("print-count") }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </section>
    }
}
