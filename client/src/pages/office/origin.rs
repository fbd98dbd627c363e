//! Where a record came from.

use lianxin_shared::rules::{Principal, may_erase};
use yew::prelude::*;

use super::erase::Erase;
use super::opened::Same;
use crate::book::use_book;
use crate::components::{FieldsView, When, label};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct OriginProps {
    pub(super) opened: Same,
    pub(super) principal: Principal,
    /// The companion was erased.
    pub(super) reopen: Callback<()>,
}

/// Where it came from: station, by whom, when, and who can be called back.
#[component]
pub(super) fn Origin(props: &OriginProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let record = &props.opened.0.record;
    let envelope = &record.envelope;
    let into = record.status().and_then(|status| status.into);
    html! {
        <section class="section">
            <h2>{ t.get("office-origin") }</h2>
            <dl class="facts">
                if let Some(station) = envelope.station {
                    <dt>{ label::kind(&t, "station") }</dt>
                    <dd>{ book.title(&station).map_or_else(|| t.get("ui-unknown"), |name| name.to_string()) }</dd>
                }
                <dt>{ t.get("office-by") }</dt>
                <dd>{ book.person(&envelope.owner) }</dd>
                <dt>{ t.get("office-at") }</dt>
                <dd><When at={envelope.created_at} /></dd>
                if let Some(id) = into {
                    <dt>{ t.get("office-merged-into") }</dt>
                    <dd><Go to={Route::OfficeRecord { id }}>{ id.receipt_code() }</Go></dd>
                }
            </dl>
            if let Some(companion) = &props.opened.0.companion {
                if let Some(register) = companion.register() {
                    <h3>{ label::kind(&t, register.kind) }</h3>
                    <div data-test="companion"><FieldsView {register} values={companion.values.clone()} /></div>
                    if may_erase(&props.principal, companion) {
                        <Erase id={companion.envelope.id} what="contact" on_erased={props.reopen.clone()} />
                    }
                }
            }
        </section>
    }
}
