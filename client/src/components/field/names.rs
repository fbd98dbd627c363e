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

/// What is being typed. It is the last entry already, so that it is kept like all that is written, even if nobody adds it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Typing {
    text: String,
    is_listed: bool,
}

/// Several names. Typing offers those who have a record; whoever else was there is added by name.
#[component]
pub(super) fn NamesInput(props: &NamesInputProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let typing = use_state(Typing::default);
    let control = &props.control;
    let choices = book.references(props.kind);
    let added = added(&props.entries, &typing).to_vec();
    let take = {
        let (added, on_change, typing) = (added.clone(), props.on_change.clone(), typing.setter());
        Callback::from(move |entry: String| {
            typing.set(Typing::default());
            on_change.emit(with(&added, &entry));
        })
    };
    let add = {
        let (typing, choices, take) = (typing.clone(), choices.clone(), take.clone());
        move || take.emit(entry_for(&typing.text, &choices))
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
    let on_typed = {
        let (added, choices) = (added.clone(), choices.clone());
        let (on_change, typing) = (props.on_change.clone(), typing.setter());
        Callback::from(move |text: String| {
            let entries = with(&added, &entry_for(&text, &choices));
            let is_listed = entries.len() > added.len();
            typing.set(Typing { text, is_listed });
            on_change.emit(entries);
        })
    };
    html! {
        <div class="names" role="group" aria-labelledby={format!("{}-label", control.id)}
            aria-describedby={control.described.clone()}>
            <div class="chips">{ for added.iter().map(|entry| taken(props, &book, &t, entry)) }</div>
            <div class="add">
                <input class="input" type="text" autocomplete="off" id={&control.id} name={control.name}
                    aria-labelledby={format!("{}-label", control.id)} aria-invalid={control.aria_invalid()}
                    placeholder={t.get("ui-add-name")} value={typing.text.clone()}
                    oninput={typed(&on_typed)} {onkeydown} />
                <button type="button" class="button" onclick={move |_: MouseEvent| add()}>{ t.get("ui-add") }</button>
            </div>
            <div class="chips">
                { for offered(&choices, &added, &typing.text).map(|choice| {
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

/// The entries without the one that is being typed.
fn added<'a>(entries: &'a [String], typing: &Typing) -> &'a [String] {
    match entries.split_last() {
        Some((_, rest)) if typing.is_listed => rest,
        _ => entries,
    }
}

/// The entries with one more; the same if it says nothing or stands there.
fn with(entries: &[String], entry: &str) -> Vec<String> {
    let is_new = !entry.is_empty() && entries.iter().all(|other| other != entry);
    let more = is_new.then(|| entry.to_owned());
    entries.iter().cloned().chain(more).collect()
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
    fn what_is_being_typed_is_the_last_entry_and_takes_no_other_away() {
        let entries = ["委员甲".to_owned()];
        assert_eq!(with(&entries, "居"), ["委员甲", "居"]);
        assert_eq!(with(&entries, "委员甲"), entries);
        assert_eq!(with(&entries, ""), entries);
        let typing = |is_listed| Typing {
            text: "委员甲".to_owned(),
            is_listed,
        };
        assert_eq!(added(&entries, &typing(true)), Vec::<String>::new());
        assert_eq!(added(&entries, &typing(false)), entries);
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
