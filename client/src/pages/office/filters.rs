//! The controls above the list. Each of them changes the address, and nothing else.

use gloo_timers::callback::Timeout;
use lianxin_shared::rules::Subject;
use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

use super::counts::Counts;
use super::filter::{CARES, Filter, NOBODY, ORDERS, work};
use crate::book::{Choice, use_book};
use crate::components::event::{selected, typed};
use crate::components::{Chip, Chips, SearchBox, label};
use crate::i18n::use_texts;
use crate::route::Route;

/// How long typing pauses before it is searched for, in milliseconds.
const PAUSE: u32 = 250;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct FiltersProps {
    pub(super) filter: Filter,
    pub(super) counts: Counts,
    /// The box to search in.
    pub(super) search: NodeRef,
    /// Whether the user is one of the office, and not a department.
    pub(super) in_office: bool,
}

/// The controls above the list.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let navigator = use_navigator();
    let filter = &props.filter;
    let go = use_callback((), move |(filter, replace): (Filter, bool), ()| {
        let Some(navigator) = &navigator else { return };
        let query = filter.without_blanks().query();
        // Raw text always makes a query.
        if replace {
            let Ok(()) = navigator.replace_with_query(&Route::Office, Raw(query));
        } else {
            let Ok(()) = navigator.push_with_query(&Route::Office, Raw(query));
        }
    });
    let change = |apply: fn(&mut Filter, String)| {
        let filter = filter.clone();
        go.reform(move |value| {
            let mut filter = filter.clone();
            apply(&mut filter, value);
            (filter, false)
        })
    };
    // Of a kind without any record there is nothing to show.
    let kinds: Vec<_> = work()
        .map(|register| Chip {
            value: register.kind.into(),
            label: label::kind(&t, register.kind).into(),
            count: Some(props.counts.by_kind.get(register.kind).copied().unwrap_or(0)),
        })
        .filter(|chip| chip.count > Some(0) || filter.kind.as_deref() == Some(chip.value.as_str()))
        .collect();
    let is_work = filter
        .kind
        .as_deref()
        .is_none_or(|kind| work().any(|register| register.kind == kind));
    let on_kind = change(|filter, kind| filter.kind = Some(kind))
        .reform(|kind: Option<AttrValue>| kind.map(|kind| kind.to_string()).unwrap_or_default());
    let states = filter.states().into_iter().map(|(register, state)| {
        let name = label::state(&t, register.kind, state);
        (state.to_owned(), name)
    });
    let named_keys = |prefix: &str, keys: &[&str]| -> Vec<_> {
        let named = |key: &&str| ((*key).to_owned(), t.get(&format!("{prefix}-{key}")));
        keys.iter().map(named).collect()
    };
    let cares = named_keys("office-care", CARES);
    let orders = named_keys("office-order", ORDERS);
    let nobody = (NOBODY.to_owned(), t.get("office-nobody"));
    let people = book
        .people()
        .into_iter()
        .filter_map(|person| Some((person.user?.to_string(), person.name)));
    let people: Vec<_> = people.collect();
    let handlers: Vec<_> = [nobody].into_iter().chain(people.clone()).collect();
    let clear = go.reform(|_: MouseEvent| (Filter::default(), false));
    let stations = named(book.references("station"));
    let themes = named(book.references("theme"));
    let list = |name, options: Vec<_>, chosen: Option<String>, apply| {
        let label = t.get(&format!("office-filter-{name}"));
        let unset = if name == "order" {
            "office-order-usual"
        } else {
            "office-all"
        };
        select(
            name,
            &label,
            &t.get(unset),
            options,
            chosen.as_deref(),
            &change(apply),
        )
    };
    // Decided once: the controls do not fold away under the hand that clears them.
    let opened = use_state(|| filter.is_narrow());
    html! {
        <>
            <Search filter={filter.clone()} input={props.search.clone()} on_search={go.clone()} />
            if is_work {
                <Chips label={t.get("office-filter-kind")} options={kinds}
                    chosen={filter.kind.clone().map(AttrValue::from)} on_choose={on_kind} />
            }
            <div class="narrowing">
            <details open={*opened} data-test="filters">
                <summary>{ t.get("office-filter") }</summary>
                <div class="filters">
                    { list("state", states.collect(), filter.state.clone(), |f, v| f.state = Some(v)) }
                    { list("care", cares, filter.care.clone(), |f, v| f.care = Some(v)) }
                    if props.in_office {
                        { list("handler", handlers, filter.handler.clone(), |f, v| f.handler = Some(v)) }
                        { list("assigner", people.clone(), filter.assigner.clone(), |f, v| f.assigner = Some(v)) }
                        { list("owner", people, filter.owner.clone(), |f, v| f.owner = Some(v)) }
                    }
                    { list("station", stations, filter.station.map(|id| id.to_string()), |f, v| f.station = v.parse().ok()) }
                    { list("theme", themes, filter.theme.map(|id| id.to_string()), |f, v| f.theme = v.parse().ok()) }
                    { day("from", &t.get("office-filter-from"), &filter.from, &change(|f, v| f.from = Some(v))) }
                    { day("to", &t.get("office-filter-to"), &filter.to, &change(|f, v| f.to = Some(v))) }
                    { list("order", orders, filter.order.clone(), |f, v| f.order = Some(v)) }
                </div>
            </details>
            if !filter.is_open() {
                <button type="button" class="button quiet" onclick={clear} data-test="clear">
                    { t.get("office-clear") }
                </button>
            }
            </div>
            <Behind filter={filter.clone()} />
        </>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct BehindProps {
    filter: Filter,
}

/// Says whose figure the records stand behind, where the list came from one.
#[component]
fn Behind(props: &BehindProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let Some((figure, subject)) = props.filter.figure.as_ref().zip(props.filter.subject.as_ref()) else {
        return html! {};
    };
    let name = |subject: &str| match subject.parse() {
        Ok(Subject::User(user)) => Some(book.person(&user)),
        Ok(Subject::Person(id) | Subject::Group(id) | Subject::Station(id)) => {
            book.title(&id).map(|name| name.to_string())
        }
        Err(_) => None,
    };
    // A person and the user that it is have one name.
    let name = subject
        .split(',')
        .find_map(name)
        .unwrap_or_else(|| t.get("ui-unknown"));
    let figure = t.get(&format!("choice-target-figure-{figure}"));
    html! {
        <p class="behind" data-test="behind">
            { t.with("office-behind", &[("figure", figure.into()), ("name", name.into())]) }
        </p>
    }
}

fn named(choices: Vec<Choice>) -> Vec<(String, String)> {
    choices
        .into_iter()
        .map(|choice| (choice.id.to_string(), choice.name))
        .collect()
}

fn select(
    name: &'static str,
    label: &str,
    all: &str,
    options: Vec<(String, String)>,
    chosen: Option<&str>,
    on_change: &Callback<String>,
) -> Html {
    html! {
        <label>
            <span>{ label }</span>
            <select class="input" {name} onchange={selected(on_change)}>
                <option value="" selected={chosen.is_none()}>{ all }</option>
                { for options.into_iter().map(|(value, name)| html! {
                    <option value={value.clone()} selected={chosen == Some(value.as_str())}>{ name }</option>
                }) }
            </select>
        </label>
    }
}

fn day(name: &'static str, label: &str, value: &Option<String>, on_change: &Callback<String>) -> Html {
    html! {
        <label>
            <span>{ label }</span>
            <input class="input" type="date" {name} max="9999-12-31" value={value.clone().unwrap_or_default()}
                oninput={typed(on_change)} />
        </label>
    }
}

#[derive(Debug, PartialEq, Properties)]
struct SearchProps {
    filter: Filter,
    input: NodeRef,
    on_search: Callback<(Filter, bool)>,
}

/// The box to search in. What is being typed is searched for when the typing pauses; it does not fill the history.
#[component]
fn Search(props: &SearchProps) -> Html {
    let t = use_texts();
    let typing = use_state(|| None::<String>);
    let clock = use_mut_ref(|| None::<Timeout>);
    let on_input = Callback::from({
        let (typing, filter, on_search) = (typing.clone(), props.filter.clone(), props.on_search.clone());
        move |words: String| {
            typing.set(Some(words.clone()));
            let (filter, on_search, typing) = (filter.clone(), on_search.clone(), typing.setter());
            // The clock that ran before stops as it is dropped.
            *clock.borrow_mut() = Some(Timeout::new(PAUSE, move || {
                let q = Some(words);
                on_search.emit((Filter { q, ..filter }, true));
                typing.set(None);
            }));
        }
    });
    let value = (*typing).clone().or(props.filter.q.clone()).unwrap_or_default();
    html! { <SearchBox label={t.get("office-search")} {value} {on_input} input={props.input.clone()} /> }
}
