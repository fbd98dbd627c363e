//! How long residents waited for the first answer to what they said in a year, by theme.

use lianxin_shared::chart::{Bar, Caption, bars};
use lianxin_shared::id::DocId;
use serde::Deserialize;
use yew::prelude::*;

use super::spread::MOST;
use crate::book::use_book;
use crate::i18n::{self, use_texts};
use crate::pages::link::Go;
use crate::pages::office::asked::use_asked;
use crate::pages::office::filter::Filter;
use crate::route::Route;

#[derive(Debug, Deserialize)]
struct Answer {
    themes: Vec<OfTheme>,
    together: Waited,
}

#[derive(Debug, Deserialize)]
struct OfTheme {
    theme: Option<DocId>,
    #[serde(flatten)]
    waited: Waited,
}

#[derive(Debug, Deserialize)]
struct Waited {
    count: u64,
    answered: u64,
    /// In tenths of days.
    median: Option<u64>,
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct WaitsProps {
    pub(super) year: u32,
}

/// A drawing of the medians with the table behind it; nothing where residents said nothing.
#[component]
pub(super) fn Waits(props: &WaitsProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let asked = use_asked::<Answer>(Some(format!("/api/waits?year={}", props.year)));
    let Some(answer) = asked.answer.filter(|answer| answer.together.count > 0) else {
        return html! {};
    };
    let name = |theme: Option<DocId>| match theme {
        None => t.get("print-no-theme"),
        Some(id) => book
            .title(&id)
            .map_or_else(|| t.get("ui-unknown"), |name| name.to_string()),
    };
    let mut lines: Vec<_> = answer
        .themes
        .iter()
        .map(|of| (of.theme.is_none(), name(of.theme), of))
        .collect();
    lines.sort_by(|(last, name, _), (other_last, other, _)| (last, name).cmp(&(other_last, other)));
    let title = t.get("print-waiting");
    let said = lines.iter().filter_map(|(_, name, of)| {
        let median = of.waited.median?;
        Some((name, median, days(&t, median)))
    });
    let said: Vec<_> = said.collect();
    let drawn: Vec<_> = said
        .iter()
        .map(|(name, value, said)| Bar {
            name,
            value: *value,
            target: None,
            said,
        })
        .collect();
    let count = i64::try_from(drawn.len()).unwrap_or(i64::MAX);
    let caption = Caption {
        id: "waits",
        title: &title,
        description: &t.with("report-chart", &[("count", count.into())]),
    };
    // Made of our own words and escaped names alone.
    let drawing = (1..=MOST)
        .contains(&drawn.len())
        .then(|| Html::from_html_unchecked(bars(caption, &drawn).into()));
    let headings = ["print-count", "print-answered", "print-median"].map(|key| AttrValue::from(t.get(key)));
    let cells = |of: &Waited| {
        let median = of
            .median
            .map_or_else(|| "–".to_owned(), |median| days(&t, median));
        let cells = headings
            .iter()
            .zip([of.count.to_string(), of.answered.to_string(), median]);
        cells
            .map(|(label, said)| html! { <td class="number" data-label={label}>{ said }</td> })
            .collect::<Html>()
    };
    let rows = lines.iter().map(|(_, name, of)| {
        let behind = of.theme.map(|theme| Filter {
            kind: Some("suggestion".to_owned()),
            theme: Some(theme),
            from: Some(format!("{}-01-01", props.year)),
            to: Some(format!("{}-12-31", props.year)),
            ..Filter::default()
        });
        let name = match behind {
            Some(behind) => html! { <Go to={Route::Office} query={behind.query()} test="waits">{ name }</Go> },
            None => html! { name },
        };
        html! { <tr key={of.theme.map(|theme| theme.to_string()).unwrap_or_default()}><th scope="row">{ name }</th>{ cells(&of.waited) }</tr> }
    });
    html! {
        <section class="section" data-test="waits-table">
            <h2>{ &title }</h2>
            { for drawing.map(|drawing| html! { <figure>{ drawing }</figure> }) }
            <table class="table">
                <thead><tr>
                    <th scope="col">{ t.get("report-name") }</th>
                    { for headings.iter().map(|heading| html! { <th scope="col" class="number">{ heading }</th> }) }
                </tr></thead>
                <tbody>
                    { for rows }
                    <tr data-test="waits-together">
                        <th scope="row">{ t.get("print-together") }</th>
                        { cells(&answer.together) }
                    </tr>
                </tbody>
            </table>
        </section>
    }
}

fn days(t: &i18n::Words, tenths: u64) -> String {
    let days = format!("{}.{}", tenths / 10, tenths % 10);
    t.with("print-days", &[("days", days.into())])
}
