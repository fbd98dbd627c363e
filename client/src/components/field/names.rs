//! Several people: those who have a record, by their record, and all others by name.

use lianxin_shared::search::{matches, normalize};
use yew::prelude::*;

use super::Control;
use crate::book::{Book, Choice, use_book};
use crate::components::event::typed;
use crate::i18n::use_texts;

/// How many are offered at once.
const MAX_OFFERED: usize = 8;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct NamesInputProps {
    pub(super) control: Control,
    pub(super) kind: &'static str,
    pub(super) entries: Vec<String>,
    pub(super) on_change: Callback<Vec<String>>,
}

/// Several names. Typing offers those who have a record; whoever else was there is added by name.
#[component]
pub(super) fn NamesInput(props: &NamesInputProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let typing = use_state(String::new);
    let control = &props.control;
    let choices = book.references(props.kind);
    let take = {
        let (entries, on_change, typing) = (props.entries.clone(), props.on_change.clone(), typing.setter());
        Callback::from(move |entry: String| {
            typing.set(String::new());
            if !entry.is_empty() && !entries.contains(&entry) {
                on_change.emit([entries.as_slice(), &[entry]].concat());
            }
        })
    };
    let add = {
        let (typing, choices, take) = (typing.clone(), choices.clone(), take.clone());
        move || take.emit(entry_for(&typing, &choices))
    };
    let onkeydown = {
        let add = add.clone();
        move |event: KeyboardEvent| {
            // While an input method composes, Enter chooses its word.
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent_default();
                add();
            }
        }
    };
    let on_typed = Callback::from({
        let typing = typing.setter();
        move |text| typing.set(text)
    });
    html! {
        <div class="names" role="group" aria-labelledby={format!("{}-label", control.id)}
            aria-describedby={control.described.clone()}>
            <div class="chips">{ for props.entries.iter().map(|entry| taken(props, &book, &t, entry)) }</div>
            <div class="add">
                <input class="input" type="text" autocomplete="off" id={&control.id} name={control.name}
                    aria-labelledby={format!("{}-label", control.id)} aria-invalid={control.aria_invalid()}
                    placeholder={t.get("ui-add-name")} value={(*typing).clone()}
                    oninput={typed(&on_typed)} {onkeydown} />
                <button type="button" class="button" onclick={move |_: MouseEvent| add()}>{ t.get("ui-add") }</button>
            </div>
            <div class="chips">
                { for offered(&choices, &props.entries, &typing).map(|choice| {
                    let id = choice.id.to_string();
                    let onclick = take.reform({ let id = id.clone(); move |_: MouseEvent| id.clone() });
                    html! {
                        <button type="button" class="chip" key={id.clone()} data-value={id} {onclick}>
                            { &choice.name }
                        </button>
                    }
                }) }
            </div>
        </div>
    }
}

fn taken(props: &NamesInputProps, book: &Book, t: &crate::i18n::Words, entry: &str) -> Html {
    let name = name_of(book, entry);
    let rest: Vec<_> = props.entries.iter().filter(|e| *e != entry).cloned().collect();
    let onclick = props.on_change.reform(move |_: MouseEvent| rest.clone());
    html! {
        <span class="chip taken" key={entry.to_owned()} data-value={entry.to_owned()}>
            { &name }
            <button type="button" class="remove" aria-label={t.with("ui-remove", &[("name", name.clone().into())])}
                {onclick}>{ "✕" }</button>
        </span>
    }
}

/// How an entry reads: the name of the record it refers to, or else itself.
pub(super) fn name_of(book: &Book, entry: &str) -> String {
    entry
        .parse()
        .ok()
        .and_then(|id| book.title(&id))
        .map_or_else(|| entry.to_owned(), |name| name.to_string())
}

/// What is entered for what was typed: the record of exactly that name if there is one alone, or else the name.
fn entry_for(typing: &str, choices: &[Choice]) -> String {
    let name = typing.trim();
    let mut same = choices.iter().filter(|choice| choice.name == name);
    match (same.next(), same.next()) {
        (Some(choice), None) => choice.id.to_string(),
        _ => name.to_owned(),
    }
}

fn offered<'a>(choices: &'a [Choice], entries: &[String], typing: &str) -> impl Iterator<Item = &'a Choice> {
    choices
        .iter()
        .filter(|choice| !entries.contains(&choice.id.to_string()))
        .filter(|choice| matches(&normalize(&choice.name), typing))
        .take(MAX_OFFERED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianxin_shared::id::DocId;

    fn choice(n: u8, name: &str) -> Choice {
        Choice {
            id: DocId([n; 16]),
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_name_stands_for_a_record_only_if_it_is_one_alone() {
        let choices = [choice(1, "委员甲"), choice(2, "委员乙"), choice(3, "委员乙")];
        assert_eq!(entry_for(" 委员甲 ", &choices), DocId([1; 16]).to_string());
        assert_eq!(entry_for("委员乙", &choices), "委员乙");
        assert_eq!(entry_for("居民", &choices), "居民");
    }

    #[test]
    fn those_who_are_taken_are_not_offered_again() {
        let choices = [choice(1, "委员甲"), choice(2, "委员乙")];
        let names = |entries: &[String], typing: &str| {
            offered(&choices, entries, typing)
                .map(|choice| choice.name.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&[], ""), ["委员甲", "委员乙"]);
        assert_eq!(names(&[DocId([1; 16]).to_string()], ""), ["委员乙"]);
        assert_eq!(names(&[], "甲"), ["委员甲"]);
    }
}
