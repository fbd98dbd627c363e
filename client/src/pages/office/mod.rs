//! The office's pages.

use yew::prelude::*;

use crate::route::Route;

/// What the office's page needs.
#[derive(Debug, PartialEq, Properties)]
pub struct OfficeProps {
    /// The address.
    pub route: Route,
}

/// The office's page.
#[component]
pub fn Office(props: &OfficeProps) -> Html {
    let _ = &props.route;
    html! {}
}
