//! What the office watches over: late, without a step for long, answered in general words, found wanting; by department and by
//! person. Each count opens its records.

use std::collections::BTreeMap;
use std::rc::Rc;

use lianxin_shared::id::UserId;
use lianxin_shared::records::Value;
use serde::Deserialize;
use yew::prelude::*;

use super::asked::use_asked;
use super::failure;
use super::filter::{Filter, NOBODY};
use super::listing::Page;
use super::take::Take;
use super::year::Quiet;
use crate::book::{Book, use_book};
use crate::components::{Empty, Notice, Tone, label};
use crate::i18n::{Words, use_texts, when};
use crate::pages::link::Go;
use crate::route::Route;

/// How much there is of something in what one user handles.
type Count = fn(&Handled) -> usize;

/// What is watched for, each with how many there are of it.
const WATCHED: &[(&str, Count)] = &[
    ("overdue", |handled| handled.overdue),
    ("stalled", |handled| handled.stalled),
    ("general", |handled| handled.general),
    ("wanting", |handled| handled.wanting),
    ("open", |handled| handled.open),
];

/// How many records each list begins with.
const SHOWN: usize = 5;

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Answer {
    stalled_days: i64,
    handlers: Vec<Handled>,
}

/// What one user handles; what nobody handles, without a user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Handled {
    handler: Option<UserId>,
    open: usize,
    overdue: usize,
    stalled: usize,
    general: usize,
    wanting: usize,
}

/// The page.
#[component]
pub(super) fn Watch() -> Html {
    let t = use_texts();
    let book = use_book();
    let asked = use_asked::<Answer>(Some("/api/watch".to_owned()));
    let on_again = asked.again.reform(|_: MouseEvent| ());
    html! {
        <main class="office-page" id="page">
            <h1>{ t.get("office-watch") }</h1>
            if let Some(error) = &asked.error {
                <Notice tone={Tone::Attention}>
                    <p>{ failure::of_api(&t, error) }</p>
                    <button type="button" class="button" onclick={on_again}>{ t.get("office-again") }</button>
                </Notice>
            }
            if let Some(answer) = asked.answer {
                <p class="muted small">{ t.with("office-watch-how", &[("days", answer.stalled_days.into())]) }</p>
                if answer.handlers.is_empty() {
                    <Empty><p>{ t.get("office-watch-nothing") }</p></Empty>
                } else {
                    { table(&t, &book, &answer) }
                    <div class="actions">
                        <Take address="/api/watch/export.csv" label="take-csv" />
                        <Take address="/api/watch/export.xlsx" label="take-xlsx" />
                    </div>
                    { for WATCHED[..4].iter().map(|(care, count)| {
                        let all = answer.handlers.iter().map(count).sum::<usize>();
                        html! { <First key={*care} care={*care} {all} /> }
                    }) }
                }
                <Quiet />
            } else if asked.error.is_none() {
                <Empty><p role="status">{ t.get("office-opening") }</p></Empty>
            }
        </main>
    }
}

/// A department with the people of it who handle something; without a name, those of no department.
type Department = (Option<Rc<str>>, Vec<Handled>);

/// Who handles something, by department: by name, those of no department after them, and nobody last.
fn by_department(book: &Book, handlers: &[Handled]) -> Vec<Department> {
    let departments: Vec<_> = book
        .every("group")
        .into_iter()
        .filter(|group| group.reference.get("type").and_then(Value::text) == Some("department"))
        .collect();
    let of = |handled: &Handled| {
        let person = book.person_of(handled.handler.as_ref()?)?.to_string();
        departments.iter().position(|group| {
            group
                .reference
                .get("members")
                .is_some_and(|members| members.list().contains(&person))
        })
    };
    let mut grouped: BTreeMap<(bool, Option<usize>), Vec<Handled>> = BTreeMap::new();
    for handled in handlers {
        let department = of(handled);
        grouped
            .entry((department.is_none(), department))
            .or_default()
            .push(handled.clone());
    }
    grouped
        .into_iter()
        .map(|((_, department), handlers)| {
            let name = department.and_then(|n| book.title(&departments.get(n)?.doc));
            (name, handlers)
        })
        .collect()
}

fn table(t: &Words, book: &Book, answer: &Answer) -> Html {
    let heads = WATCHED.iter().map(
        |(care, _)| html! { <th scope="col" class="number">{ t.get(&format!("office-care-{care}")) }</th> },
    );
    let bodies = by_department(book, &answer.handlers).into_iter().map(|(name, handlers)| {
        let name = name.map_or_else(|| t.get("office-no-department"), |name| name.to_string());
        let rows = handlers.iter().map(|handled| {
            let (who, handler) = match &handled.handler {
                Some(user) => (book.person(user), user.to_string()),
                None => (t.get("office-nobody"), NOBODY.to_owned()),
            };
            let cells = WATCHED.iter().map(|(care, count)| {
                let filter = Filter {
                    handler: Some(handler.clone()),
                    care: Some((*care).to_owned()),
                    ..Filter::default()
                };
                let label = t.get(&format!("office-care-{care}"));
                html! { <td class="number" data-label={label}>{ number(count(handled), &filter, care) }</td> }
            });
            html! { <tr data-test="watched" data-handler={handler.clone()}><th scope="row">{ who }</th>{ for cells }</tr> }
        });
        html! {
            <tbody>
                <tr class="group"><th colspan="6" scope="rowgroup">{ name }</th></tr>
                { for rows }
            </tbody>
        }
    });
    html! {
        <table class="table">
            <thead><tr><th scope="col">{ t.get("office-watch-who") }</th>{ for heads }</tr></thead>
            { for bodies }
        </table>
    }
}

/// A count that opens its records; none needs no opening.
fn number(n: usize, filter: &Filter, test: &str) -> Html {
    if n == 0 {
        return html! { <span class="muted">{ n }</span> };
    }
    html! { <Go to={Route::Office} query={filter.query()} test={format!("count-{test}")}>{ n }</Go> }
}

#[derive(Debug, PartialEq, Properties)]
struct FirstProps {
    care: &'static str,
    all: usize,
}

/// The first records of a list, with the way to all of them.
#[component]
fn First(props: &FirstProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let filter = Filter {
        care: Some(props.care.to_owned()),
        order: Some("due".to_owned()),
        ..Filter::default()
    };
    let query = filter.query();
    let is_asked = props.all > 0;
    let asked = use_asked::<Page>(is_asked.then(|| format!("/api/records?{query}&limit={SHOWN}")));
    let Some(page) = asked.answer.filter(|_| is_asked) else {
        return html! {};
    };
    let n = i64::try_from(props.all).unwrap_or(i64::MAX);
    let rows = page.records.iter().map(|row| {
        let title = if row.title.is_empty() {
            label::kind(&t, &row.kind)
        } else {
            row.title.clone()
        };
        let who = row.handler.as_ref().map_or_else(|| t.get("office-nobody"), |user| book.person(user));
        let due = row.due.map(|due| t.with("ui-due", &[("when", when::day(&t, due).into())]));
        html! {
            <li key={row.id.to_string()}>
                <Go to={Route::OfficeRecord { id: row.id }} query={query.clone()}>{ title }</Go>
                <span class="muted small">{ who }{ for due.map(|due| html! { <>{ t.get("ui-between") }{ due }</> }) }</span>
            </li>
        }
    });
    html! {
        <section class="section">
            <h2>{ t.get(&format!("office-care-{}", props.care)) }</h2>
            <ul class="lines">{ for rows }</ul>
            if props.all > SHOWN {
                <Go to={Route::Office} query={query.clone()}>{ t.with("office-watch-all", &[("n", n.into())]) }</Go>
            }
        </section>
    }
}
