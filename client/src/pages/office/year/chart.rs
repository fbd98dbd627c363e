//! A figure of a table as a drawing; the table below it says the same in numbers.

use lianxin_shared::chart::{Bar, Caption, bars};
use yew::prelude::*;

use super::tally::{Column, Counted, Line, of};
use crate::i18n::use_texts;

/// The most bars of a drawing. Beyond, the table alone says it.
const MOST: usize = 30;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ChartProps {
    /// A name that nothing else on the page has: letters, digits and hyphens.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) column: Column,
    pub(super) lines: Vec<Line>,
    pub(super) counted: Vec<Counted>,
}

/// A bar for each of those who are counted, in the order of the table: by name, never by amount.
#[component]
pub(super) fn Chart(props: &ChartProps) -> Html {
    let t = use_texts();
    if props.lines.len() > MOST {
        return html! {};
    }
    let amount = |line| of(&props.counted, line, &props.column.figure).map_or(0, |one| one.amount);
    let amounts: Vec<_> = props.lines.iter().map(amount).collect();
    let said: Vec<_> = amounts.iter().map(ToString::to_string).collect();
    let drawn: Vec<_> = props
        .lines
        .iter()
        .zip(amounts.iter().zip(&said))
        .map(|(line, (value, said))| Bar {
            name: &line.name,
            value: *value,
            target: props.column.goal,
            said,
        })
        .collect();
    let count = i64::try_from(drawn.len()).unwrap_or(i64::MAX);
    let caption = Caption {
        id: &props.id,
        title: &props.title,
        description: &t.with("report-chart", &[("count", count.into())]),
    };
    // Made of our own words and escaped names alone.
    let drawing = Html::from_html_unchecked(AttrValue::from(bars(caption, &drawn)));
    html! {
        <figure data-test="chart">
            <figcaption>{ &props.title }</figcaption>
            { drawing }
        </figure>
    }
}
