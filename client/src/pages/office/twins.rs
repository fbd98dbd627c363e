//! What speaks of the same trouble, beside the suggestion itself.

use lianxin_shared::id::DocId;
use serde::Deserialize;
use yew::prelude::*;

use super::asked::use_asked;
use crate::components::{Hits, StateMark};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;

/// A suggestion that is likely to speak of the same.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Twin {
    pub(super) id: DocId,
    #[serde(default)]
    pub(super) title: String,
    #[serde(default)]
    excerpt: String,
    #[serde(default)]
    state: String,
    /// 0 to 100.
    #[serde(default)]
    score: u8,
    /// What both speak of.
    #[serde(default)]
    shared: Vec<String>,
}

#[derive(Deserialize)]
struct Found {
    twins: Vec<Twin>,
}

/// The likely twins of a record, the likest first; none where the server knows none, or does not look for them.
#[hook]
pub(super) fn use_twins(id: DocId, is_asked: bool) -> Vec<Twin> {
    let asked = use_asked::<Found>(is_asked.then(|| format!("/api/records/{id}/twins")));
    asked.answer.map_or_else(Vec::new, |found| found.twins.clone())
}

#[derive(Debug, PartialEq, Properties)]
pub(super) struct TwinsPanelProps {
    /// The suggestion's own words.
    pub(super) said: String,
    pub(super) twins: Vec<Twin>,
    /// Begins merging into one of them, where the user may.
    pub(super) on_merge: Option<Callback<DocId>>,
}

/// Each twin beside the suggestion, with what both speak of marked.
#[component]
pub(super) fn TwinsPanel(props: &TwinsPanelProps) -> Html {
    let t = use_texts();
    if props.twins.is_empty() {
        return html! {};
    }
    let pairs = props.twins.iter().map(|twin| {
        let query = twin.shared.join(" ");
        let merge = props.on_merge.clone().map(|on_merge| {
            let id = twin.id;
            let onclick = on_merge.reform(move |_: MouseEvent| id);
            html! { <button type="button" class="button" {onclick} data-test="merge-into">{ t.get("office-twin-merge") }</button> }
        });
        html! {
            <li key={twin.id.to_string()} class="twin" data-test="twin" data-id={twin.id.to_string()}>
                <div class="pair">
                    <blockquote><Hits text={props.said.clone()} query={query.clone()} /></blockquote>
                    <blockquote><Hits text={twin.excerpt.clone()} {query} /></blockquote>
                </div>
                <div class="actions">
                    <Go to={Route::OfficeRecord { id: twin.id }}>{ twin.id.receipt_code() }</Go>
                    <StateMark kind="suggestion" state={twin.state.clone()} />
                    <span class="muted small">{ t.with("office-twin-score", &[("n", i64::from(twin.score).into())]) }</span>
                    { for merge }
                </div>
            </li>
        }
    });
    html! {
        <details class="section" open={true} data-test="twins">
            <summary>{ t.with("office-twins", &[("n", i64::try_from(props.twins.len()).unwrap_or(i64::MAX).into())]) }</summary>
            <ul class="twins">{ for pairs }</ul>
        </details>
    }
}
