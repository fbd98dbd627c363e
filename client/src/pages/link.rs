//! Links within the app.

use yew::prelude::*;
use yew_router::prelude::*;
use yew_router::query::Raw;

use crate::route::Route;

/// What a link needs.
#[derive(Debug, PartialEq, Properties)]
pub struct GoProps {
    /// Where it leads.
    pub to: Route,
    /// The query, as it stands in addresses after the question mark.
    #[prop_or_default]
    pub query: Option<AttrValue>,
    /// Its classes.
    #[prop_or_default]
    pub class: Classes,
    /// Whether it leads to where the user is.
    #[prop_or_default]
    pub current: bool,
    /// What tests call it.
    #[prop_or_default]
    pub test: Option<AttrValue>,
    /// The words.
    pub children: Html,
}

/// A link: a real one, so that it can be opened in another window, which otherwise stays within the app.
#[component]
pub fn Go(props: &GoProps) -> Html {
    let navigator = use_navigator();
    let path = props.to.to_path();
    let href = match &props.query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let onclick = {
        let (to, query) = (props.to.clone(), props.query.clone());
        move |event: MouseEvent| {
            let Some(navigator) = navigator.as_ref().filter(|_| !means_another_window(&event)) else {
                return;
            };
            event.prevent_default();
            match &query {
                // Raw text always makes a query.
                Some(query) => drop(navigator.push_with_query(&to, Raw(query))),
                None => navigator.push(&to),
            }
        }
    };
    let current = props.current.then_some("page");
    html! {
        <a class={props.class.clone()} {href} {onclick} aria-current={current} data-test={props.test.clone()}>
            { props.children.clone() }
        </a>
    }
}

fn means_another_window(event: &MouseEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.shift_key()
}
