//! Who changed what, when, as the document itself tells.

use lianxin_shared::document::Revision;
use lianxin_shared::records::Register;
use yew::prelude::*;

use super::{Declared, When, label};
use crate::book::use_book;
use crate::i18n::{Words, use_texts};

/// What a history needs.
#[derive(Debug, PartialEq, Properties)]
pub struct HistoryProps {
    /// The register.
    pub register: Declared<Register>,
    /// The revisions, oldest first.
    pub revisions: Vec<Revision>,
}

/// Who changed what, when, newest first; folded.
#[component]
pub fn History(props: &HistoryProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let count = i64::try_from(props.revisions.len()).unwrap_or(i64::MAX);
    let rows = props.revisions.iter().rev().map(|revision| {
        let who = revision
            .by
            .as_ref()
            .map_or_else(|| t.get("ui-unknown"), |user| book.person(user));
        html! {
            <tr key={revision.hash.to_string()}>
                <td><When at={revision.at} /></td>
                <td>{ who }</td>
                <td>{ what(&t, &props.register, revision) }</td>
            </tr>
        }
    });
    html! {
        <details class="history" data-test="history">
            <summary>{ t.with("ui-history", &[("n", count.into())]) }</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ t.get("ui-history-when") }</th>
                        <th scope="col">{ t.get("ui-history-who") }</th>
                        <th scope="col">{ t.get("ui-history-what") }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </details>
    }
}

fn what(t: &Words, register: &Register, revision: &Revision) -> String {
    let fields: Vec<_> = revision
        .fields
        .iter()
        // What this version knows nothing of has no name to be shown.
        .filter_map(|name| match name.as_str() {
            Revision::ATTACHMENTS => Some(t.get("photos")),
            name => register.field(name).map(|_| label::field(t, register, name)),
        })
        .collect();
    let wrote = (!fields.is_empty()).then(|| {
        let fields = fields.join(&t.get("ui-separator"));
        t.with("ui-history-wrote", &[("fields", fields.into())])
    });
    let acts = revision.acts.iter().map(|act| label::act(t, register.kind, act));
    wrote
        .into_iter()
        .chain(acts)
        .collect::<Vec<_>>()
        .join(&t.get("ui-between"))
}
