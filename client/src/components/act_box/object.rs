//! Whom or what a step points to.

use lianxin_shared::records::Object;
use yew::prelude::*;

use super::{Act, Candidates};
use crate::book::use_book;
use crate::components::event::{selected, typed};
use crate::components::{Chip, Chips, SearchBox};
use crate::i18n::{self, use_texts, when};

/// What a step points to: nothing, a user and by when, or another record.
pub(super) fn object(
    t: &i18n::Words,
    act: Act,
    candidates: &Candidates,
    on_change: &Callback<Option<Act>>,
) -> Html {
    match act.step.object {
        Object::None | Object::Number => html! {},
        Object::Handler => html! { <HandlerInput {act} on_change={on_change.clone()} /> },
        Object::Record => {
            let Candidates {
                query,
                found,
                on_search,
            } = candidates.clone();
            let options = found.into_iter().map(|(id, label)| Chip {
                value: id.to_string().into(),
                label,
                count: None,
            });
            let chosen: Option<AttrValue> = act.into.map(|id| id.to_string().into());
            let on_choose = on_change.reform(move |chosen: Option<AttrValue>| {
                let into = chosen.and_then(|id| id.parse().ok());
                Some(Act { into, ..act.clone() })
            });
            html! {
                <div class="field">
                    <div class="label">{ t.get("ui-merge-into") }</div>
                    <SearchBox label={t.get("ui-merge-search")} value={query} on_input={on_search} />
                    <Chips label={t.get("ui-merge-into")} options={options.collect::<Vec<_>>()} {chosen} {on_choose} />
                </div>
            }
        }
    }
}

#[derive(Debug, PartialEq, Properties)]
struct HandlerInputProps {
    act: Act,
    on_change: Callback<Option<Act>>,
}

/// Whom to assign to, and by when.
#[component]
fn HandlerInput(props: &HandlerInputProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let on_user = props.on_change.reform({
        let act = props.act.clone();
        move |user: String| {
            let handler = user.parse().ok();
            Some(Act {
                handler,
                ..act.clone()
            })
        }
    });
    let on_due = props.on_change.reform({
        let act = props.act.clone();
        // Until the end of that day.
        move |day: String| {
            let due = when::from_input(&format!("{day}T23:59"));
            Some(Act { due, ..act.clone() })
        }
    });
    let due = props
        .act
        .due
        .map(|due| when::to_input(due)[..10].to_owned())
        .unwrap_or_default();
    let people = book
        .people()
        .into_iter()
        .filter_map(|person| Some((person.user?, person.name)));
    html! {
        <>
            <div class="field">
                <label class="label" for="act-handler">{ t.get("ui-handler") }</label>
                <select class="input" id="act-handler" name="handler" onchange={selected(&on_user)}>
                    <option value="" selected={props.act.handler.is_none()}>{ t.get("ui-choose") }</option>
                    { for people.map(|(user, name)| html! {
                        <option value={user.to_string()} selected={props.act.handler.as_ref() == Some(&user)}>
                            { name }
                        </option>
                    }) }
                </select>
            </div>
            <div class="field">
                <label class="label" for="act-due">{ t.get("ui-due-day") }</label>
                <input class="input when" type="date" id="act-due" name="due" max="9999-12-31" value={due}
                    oninput={typed(&on_due)} />
            </div>
        </>
    }
}
