//! The receipt: what the resident photographs to follow the suggestion later.

use lianxin_shared::id::DocId;
use yew::prelude::*;

use super::link::Go;
use crate::components::Qr;
use crate::i18n::use_texts;
use crate::route::Route;

/// What the receipt needs.
#[derive(Debug, PartialEq, Properties)]
pub struct ReceiptProps {
    /// The suggestion's document.
    pub id: DocId,
}

/// The receipt. It is made without a network: the code follows from the record's id.
#[component]
pub fn Receipt(props: &ReceiptProps) -> Html {
    let t = use_texts();
    let code = props.id.receipt_code();
    let origin = web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default();
    let address = format!("{origin}/follow/{code}");
    html! {
        <main class="page" id="page">
            <div class="receipt">
                <h1>{ t.get("receipt-saved") }</h1>
                <p class="receipt-code" data-test="receipt-code">{ code }</p>
                <Qr text={address} label={t.get("receipt-qr")} />
                <p class="receipt-words">{ t.get("receipt-words") }</p>
                <div class="actions">
                    <Go to={Route::Today} class="button primary">{ t.get("receipt-done") }</Go>
                    <Go to={Route::Record { id: props.id }} class="button quiet">{ t.get("receipt-record") }</Go>
                </div>
            </div>
        </main>
    }
}
