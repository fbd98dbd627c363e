//! 交给另一台设备: what waits here, sealed, as a file or as a row of codes, for somebody else to carry.
//!
//! - [`file`]: the parcel as a file. [`codes`]: a small one as QR codes, one after the other.

mod codes;
mod file;

use std::rc::Rc;

use lianxin_shared::handover::parcel;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::codes::Codes;
use self::file::Take;
use super::link::Go;
use crate::book::use_book;
use crate::components::{Notice, Tone};
use crate::i18n::use_texts;
use crate::route::Route;
use crate::vault::Vault;

/// What there is to hand over.
#[derive(Clone, PartialEq)]
enum Sealed {
    /// It is being sealed.
    Not,
    /// No server was met yet that could open it.
    NoKey,
    /// It could not be read, or sealed.
    Failed,
    /// The parcel.
    Parcel(Rc<Vec<u8>>),
}

/// The page.
#[component]
pub fn Handover() -> Html {
    let t = use_texts();
    let book = use_book();
    let vault = use_context::<Vault>();
    let sealed = use_state(|| Sealed::Not);
    let unsent = book.is_loaded().then(|| book.unsent());
    let n = unsent.as_ref().map(|unsent| unsent.len());
    // What waits is sealed anew when it is another.
    let waiting: Option<Vec<_>> = unsent.map(|unsent| unsent.iter().map(|one| one.doc).collect());
    use_effect_with((vault, waiting), {
        let sealed = sealed.setter();
        move |(vault, waiting)| {
            if let (Some(vault), Some(waiting)) = (vault.clone(), waiting)
                && !waiting.is_empty()
            {
                let records = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
                spawn_local(async move {
                    sealed.set(match vault.handover(records).await {
                        Ok(Some(envelopes)) if envelopes.is_empty() => Sealed::Failed,
                        Ok(Some(envelopes)) => Sealed::Parcel(Rc::new(parcel::write(&envelopes))),
                        Ok(None) => Sealed::NoKey,
                        Err(_) => Sealed::Failed,
                    });
                });
            }
        }
    });
    let inside = match (n, &*sealed) {
        (None, _) => html! {},
        (Some(0), _) => html! {
            <Notice tone={Tone::Good}><p data-test="nothing-to-hand-over">{ t.get("handover-nothing") }</p></Notice>
        },
        (Some(_), Sealed::Not) => html! { <p role="status">{ t.get("handover-sealing") }</p> },
        (Some(_), Sealed::NoKey) => html! {
            <Notice tone={Tone::Attention}><p data-test="no-key">{ t.get("handover-no-key") }</p></Notice>
        },
        (Some(_), Sealed::Failed) => html! {
            <Notice tone={Tone::Attention}><p role="alert">{ t.get("handover-failed") }</p></Notice>
        },
        (Some(n), Sealed::Parcel(parcel)) => html! {
            <>
                <p data-test="to-hand-over" data-n={n.to_string()}>{ t.with("handover-n", &[("n", n.into())]) }</p>
                <Take parcel={Rc::clone(parcel)} />
                <Codes parcel={Rc::clone(parcel)} />
                <h2>{ t.get("handover-then") }</h2>
                <p>{ t.get("handover-how") }</p>
                <p>{ t.get("handover-twice") }</p>
            </>
        },
    };
    html! {
        <main class="page" id="page">
            <h1>{ t.get("handover") }</h1>
            <p>{ t.get("handover-about") }</p>
            { inside }
            <p><Go to={Route::Carry}>{ t.get("handover-other-side") }</Go></p>
        </main>
    }
}
