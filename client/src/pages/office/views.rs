//! Lists by name: some that everybody has, and those that the user named.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::event::typed;
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;
use crate::session::use_session;
use crate::vault::{Vault, View};

/// How long a name may be, in characters.
const MAX_NAME: &str = "30";

/// The lists that everybody has, each with the name of its words. `ME` stands for the user.
const READY: &[(&str, &str)] = &[
    ("office-view-open", "care=open"),
    ("office-view-overdue", "care=overdue&order=due"),
    ("office-view-undated", "care=undated"),
    ("office-view-stalled", "care=stalled"),
    ("office-view-general", "care=general"),
    ("office-view-wanting", "care=wanting"),
    ("office-view-unassigned", "care=open&handler=-"),
    ("office-view-mine", "care=open&handler=ME&order=due"),
    ("office-view-assigned", "care=open&assigner=ME&order=due"),
];

#[derive(Debug, PartialEq, Properties)]
pub(super) struct ViewsProps {
    /// The present list, as its address names it.
    pub(super) query: String,
}

/// Links to lists by name, and a way to name the present one.
#[component]
pub(super) fn Views(props: &ViewsProps) -> Html {
    let t = use_texts();
    let vault = use_context::<Vault>();
    let session = use_session();
    let saved = use_state(Vec::<View>::new);
    let naming = use_state(|| None::<String>);
    use_effect_with(vault.clone(), {
        let saved = saved.setter();
        move |vault| {
            let Some(vault) = vault.clone() else { return };
            spawn_local(async move {
                // What cannot be read now is shown as nothing; it stays where it is.
                saved.set(vault.views().await.unwrap_or_default());
            });
        }
    });
    let me = session.map_or_else(String::new, |session| session.principal.user.to_string());
    let keep = {
        let (vault, saved) = (vault, saved.setter());
        Callback::from(move |views: Vec<View>| {
            let (vault, saved) = (vault.clone(), saved.clone());
            spawn_local(async move {
                if let Some(vault) = vault
                    && vault.keep_views(&views).await.is_ok()
                {
                    saved.set(views);
                }
            });
        })
    };
    let is_present = |query: &str| same(query, &props.query);
    let ready: Vec<_> = READY
        .iter()
        .map(|(name, query)| (t.get(name), query.replace("ME", &me)))
        .collect();
    let is_named = props.query.is_empty()
        || ready.iter().any(|(_, query)| is_present(query))
        || saved.iter().any(|view| is_present(&view.query));
    let forget = |name: &str| {
        let rest: Vec<_> = saved.iter().filter(|view| view.name != name).cloned().collect();
        keep.reform(move |_: MouseEvent| rest.clone())
    };
    let on_name = Callback::from({
        let naming = naming.setter();
        move |name| naming.set(Some(name))
    });
    let begin = on_name.reform(|_: MouseEvent| String::new());
    let onsubmit = Callback::from({
        let (saved, naming, keep) = ((*saved).clone(), naming.clone(), keep.clone());
        let query = props.query.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = naming.as_deref().unwrap_or_default().trim().to_owned();
            naming.set(None);
            if !name.is_empty() {
                // One of the same name goes.
                let mut views: Vec<_> = saved.iter().filter(|view| view.name != name).cloned().collect();
                let query = query.clone();
                views.push(View { name, query });
                keep.emit(views);
            }
        }
    });
    html! {
        <nav class="views" aria-label={t.get("office-views")} data-test="views">
            <Go class="chip" to={Route::Office} current={props.query.is_empty()}>{ t.get("office-all") }</Go>
            { for ready.iter().map(|(name, query)| html! {
                <Go key={query.clone()} class="chip" to={Route::Office} query={query.clone()} current={is_present(query)}>{ name }</Go>
            }) }
            { for saved.iter().map(|view| html! {
                <span key={view.name.clone()} class="view" data-test="view">
                    <Go class="chip" to={Route::Office} query={view.query.clone()} current={is_present(&view.query)}>
                        { &view.name }
                    </Go>
                    if is_present(&view.query) {
                        <button type="button" class="button quiet" onclick={forget(&view.name)} data-test="view-forget">
                            { t.with("ui-remove", &[("name", view.name.clone().into())]) }
                        </button>
                    }
                </span>
            }) }
            if let Some(name) = (*naming).clone() {
                <form class="actions" {onsubmit} autocomplete="off">
                    <input class="input" name="view" aria-label={t.get("office-view-name")} placeholder={t.get("office-view-name")}
                        maxlength={MAX_NAME} value={name} oninput={typed(&on_name)} data-test="view-name" />
                    <button type="submit" class="button">{ t.get("office-save") }</button>
                </form>
            } else if !is_named {
                <button type="button" class="button quiet" onclick={begin} data-test="view-save">{ t.get("office-view-save") }</button>
            }
        </nav>
    }
}

/// Whether two queries ask for the same, in whatever order they say it.
fn same(a: &str, b: &str) -> bool {
    let sorted = |query: &str| {
        let mut parts: Vec<_> = query.split('&').map(str::to_owned).collect();
        parts.sort();
        parts
    };
    sorted(a) == sorted(b)
}

#[cfg(test)]
mod tests {
    use super::super::filter::Filter;
    use super::*;

    #[test]
    fn every_ready_list_is_one_that_a_filter_can_show() {
        for (name, query) in READY {
            let query = query.replace("ME", "clerk1");
            assert!(same(&Filter::of(&query).query(), &query), "{name}");
        }
    }
}
