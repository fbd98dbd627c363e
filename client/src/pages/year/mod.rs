//! 本年: what I have done this year beside what was set out to be done. Each figure opens its records; nobody is compared with
//! anybody.
//!
//! - `aims`: the targets that are set for the user; `figures`: what has been done.

mod aims;
mod figures;

use lianxin_shared::records::FIGURES;
use lianxin_shared::rules::Subject;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::office::{Take, sheet};
use super::records::Filter;
use crate::agent::{Line, use_line};
use crate::api::{Api, use_api};
use crate::book::use_book;
use crate::i18n::{Words, use_texts, when};
use crate::route::Route;
use crate::session::use_session;
use crate::vault::Vault;
use aims::{Aim, Whose, aims};
use figures::Figures;

/// Under which name the vault keeps the server's answer.
const ANSWER: &str = "year";

/// The year in figures.
#[component]
pub fn Year() -> Html {
    let t = use_texts();
    let book = use_book();
    let counted = use_figures();
    let Some(session) = use_session() else {
        return html! {};
    };
    let now = when::now();
    let from = when::start_of_year(now);
    let year = i64::from(when::wall(now).year);
    let user = session.principal.clone();
    let all = use_memo((book.clone(), user, year), |(book, user, year)| {
        aims(book, user, *year)
    });
    // What the server counted last year says nothing of this one.
    let counted = counted.filter(|figures| figures.year == year);
    let figures = counted.unwrap_or_else(|| Figures::of_book(&book, year, from));
    let told = match figures.counted_at {
        Some(at) => t.with("year-counted", &[("when", when::moment(&t, at).into())]),
        None => t.get("year-here"),
    };
    let unsent = book.unsent().len();
    let sections = all.iter().map(|whose| {
        let name = match &whose.of {
            Some(id) => book
                .title(id)
                .map_or_else(|| t.get("ui-unknown"), |name| name.to_string()),
            None => t.get("year-own"),
        };
        html! { <Section {name} whose={whose.clone()} figures={figures.clone()} from={from.0} /> }
    });
    html! {
        <main class="page" id="page">
            <h1>{ t.with("year-title", &[("year", year.to_string().into())]) }</h1>
            { for sections }
            if let Some(person) = session.principal.person {
                <div class="actions">
                    <Take address={sheet(year, &Subject::Person(person).to_string())} label="take-sheet" is_page={true} />
                </div>
            }
            <p class="muted small" data-test="year-counted">{ told }</p>
            if unsent > 0 {
                <p class="muted small">{ t.with("year-unsent", &[("n", unsent.into())]) }</p>
            }
        </main>
    }
}

/// What the server counted, as it last said; asked anew whenever there is a line. Nothing until it first said so.
#[hook]
fn use_figures() -> Option<Figures> {
    let api = use_api();
    let vault = use_context::<Vault>();
    let is_on = use_line().line == Line::On;
    let figures = use_state(|| None::<Figures>);
    use_effect_with((vault, is_on), {
        let figures = figures.setter();
        move |(vault, is_on)| {
            let (vault, is_on) = (vault.clone(), *is_on);
            spawn_local(async move {
                let Some(vault) = vault else { return };
                if !is_on {
                    // What cannot be read is counted from what is here.
                    figures.set(vault.answer(ANSWER).await.unwrap_or_default());
                    return;
                }
                match ask(&api, &vault).await {
                    Some(answer) => figures.set(Some(answer)),
                    None => figures.set(vault.answer(ANSWER).await.unwrap_or_default()),
                }
            });
        }
    });
    (*figures).clone()
}

async fn ask(api: &Api, vault: &Vault) -> Option<Figures> {
    let answer: Figures = api.get("/api/year").await.ok()?;
    // Where it is not kept, it is asked for again.
    drop(vault.keep_answer(ANSWER, &answer).await);
    Some(answer)
}

#[derive(PartialEq, Properties)]
struct SectionProps {
    name: String,
    whose: Whose,
    figures: Figures,
    from: i64,
}

/// The targets of somebody, and whatever else was done.
#[component]
fn Section(props: &SectionProps) -> Html {
    let t = use_texts();
    let Whose { of, subjects, aims } = &props.whose;
    let filter = |figure: &str| Filter {
        figure: Some(figure.to_owned()),
        subject: Some(subjects.join(",")),
        from: Some(props.from),
        ..Filter::default()
    };
    let rows = aims.iter().map(|aim| {
        let amount = props.figures.amount(&aim.figure, subjects);
        html! { <li>{ towards(&t, aim, amount, filter(&aim.figure)) }</li> }
    });
    // A group is shown for its targets alone; of the own work everything counts.
    let is_aim = |figure: &str| aims.iter().any(|aim| aim.figure == figure);
    let others = FIGURES.iter().filter(|figure| of.is_none() && !is_aim(figure));
    let others: Vec<_> = others
        .filter_map(|figure| {
            let amount = props.figures.amount(figure, subjects);
            (amount > 0).then(|| html! { <Other {amount} {figure} filter={filter(figure)} /> })
        })
        .collect();
    let is_bare = aims.is_empty() && others.is_empty();
    html! {
        <section class="section">
            <h2>{ &props.name }</h2>
            if !aims.is_empty() {
                <ul class="aims">{ for rows }</ul>
            }
            if !others.is_empty() {
                <div class="figures">{ for others }</div>
            }
            if is_bare {
                <p class="muted">{ t.get("year-nothing") }</p>
            }
        </section>
    }
}

fn towards(t: &Words, aim: &Aim, amount: i64, filter: Filter) -> Html {
    let (goal, figure) = (aim.goal.to_string(), aim.figure.clone());
    let said = t.with("year-of", &[("n", amount.into()), ("goal", aim.goal.into())]);
    html! {
        <Link<Route, Filter> to={Route::Records} query={filter} classes="aim">
            <span class="aim-name">{ &aim.name }</span>
            <span class="aim-said number" data-figure={figure} data-amount={amount.to_string()}>{ &said }</span>
            <progress max={goal} value={amount.min(aim.goal).to_string()} aria-label={said} />
        </Link<Route, Filter>>
    }
}

#[derive(PartialEq, Properties)]
struct OtherProps {
    amount: i64,
    figure: &'static str,
    filter: Filter,
}

/// A figure for which no target is set.
#[component]
fn Other(props: &OtherProps) -> Html {
    let t = use_texts();
    html! {
        <Link<Route, Filter> to={Route::Records} query={props.filter.clone()} classes="figure">
            <strong data-figure={props.figure} data-amount={props.amount.to_string()}>{ props.amount }</strong>
            <span>{ t.get(&format!("choice-target-figure-{}", props.figure)) }</span>
        </Link<Route, Filter>>
    }
}
