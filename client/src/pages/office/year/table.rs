//! A table of a year: a line for each of those who are counted, a column for each figure.

use yew::prelude::*;

use super::chart::Chart;
use super::sheet;
use super::tally::{Column, Counted, Line, columns, of};
use crate::book::use_book;
use crate::i18n::{Words, use_texts};
use crate::pages::link::Go;
use crate::pages::office::filter::Filter;
use crate::pages::office::take::Take;
use crate::route::Route;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct TableProps {
    /// Who is counted: one of the target's choices.
    pub(super) who: &'static str,
    pub(super) year: i64,
    pub(super) lines: Vec<Line>,
    pub(super) counted: Vec<Counted>,
}

/// A table of a year; nothing where nobody is counted.
#[component]
pub(super) fn Table(props: &TableProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let columns = columns(&book, props.who, props.year, &props.lines, &props.counted);
    if props.lines.is_empty() {
        return html! {};
    }
    let name = |figure: &str| t.get(&format!("choice-target-figure-{figure}"));
    let heads = columns.iter().map(|column| {
        let goal = column.goal.map(|goal| html! {
            <span class="muted small">{ t.with("report-goal", &[("n", i64::try_from(goal).unwrap_or(i64::MAX).into())]) }</span>
        });
        html! { <th scope="col" class="number">{ name(&column.figure) }{ for goal }</th> }
    });
    let rows = props.lines.iter().map(|line| {
        let cells = columns.iter().map(|column| {
            let label = name(&column.figure);
            html! {
                <td class="number" data-label={label.clone()}>{ cell(&t, props, line, column, &label) }</td>
            }
        });
        html! {
            <tr key={line.subject.clone()} data-test="year-line">
                <th scope="row">{ &line.name }</th>
                { for cells }
                <td data-label={t.get("take-sheet")}>
                    <Take key={props.year} address={sheet(props.year, &line.subject)} label="take-sheet" is_page={true} />
                </td>
            </tr>
        }
    });
    let charts = columns.iter().filter(|column| column.goal.is_some()).map(|column| {
        let id = format!("year-{}-{}", props.who, column.figure);
        html! {
            <Chart {id} title={name(&column.figure)} column={column.clone()} lines={props.lines.clone()} counted={props.counted.clone()} />
        }
    });
    html! {
        <section class="section" data-test="year-table" data-who={props.who}>
            <h2>{ t.get(&format!("choice-target-who-{}", props.who)) }</h2>
            if columns.is_empty() {
                <p class="muted">{ t.get("report-nothing-counted") }</p>
            } else {
                { for charts }
                <div class="wide" tabindex="0" role="region" aria-label={t.get(&format!("choice-target-who-{}", props.who))}>
                    <table class="table">
                        <thead><tr><th scope="col">{ t.get("report-name") }</th>{ for heads }<th scope="col">{ t.get("take-sheet") }</th></tr></thead>
                        <tbody>{ for rows }</tbody>
                    </table>
                </div>
            }
        </section>
    }
}

/// How much, beside what is to be reached, with the way to the records.
fn cell(t: &Words, props: &TableProps, line: &Line, column: &Column, label: &str) -> Html {
    let counted = of(&props.counted, line, &column.figure);
    let amount = counted.map_or(0, |one| one.amount);
    let said = match column.goal {
        Some(goal) => {
            let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX).into();
            t.with("report-of-goal", &[("n", number(amount)), ("goal", number(goal))])
        }
        None => amount.to_string(),
    };
    let bar = column.goal.filter(|goal| *goal > 0).map(|goal| {
        let label = format!("{} {label}", line.name);
        html! { <progress max={goal.to_string()} value={amount.min(goal).to_string()} aria-label={label} /> }
    });
    let said = if counted.is_some_and(|one| one.records > 0) {
        let behind = Filter {
            figure: Some(column.figure.clone()),
            subject: Some(line.subjects.clone()),
            from: Some(format!("{}-01-01", props.year)),
            to: Some(format!("{}-12-31", props.year)),
            ..Filter::default()
        };
        html! { <Go to={Route::Office} query={behind.query()} test="figure">{ said }</Go> }
    } else {
        html! { <span class="muted">{ said }</span> }
    };
    html! { <>{ said }{ for bar }</> }
}
