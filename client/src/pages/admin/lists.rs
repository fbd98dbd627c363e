//! The lists that records refer to. The office's own list and form show and change them; a new one is written as any record.

use lianxin_shared::records::{Columns, REGISTERS};
use lianxin_shared::rules::may_start;
use yew::prelude::*;

use super::Places;
use crate::book::use_book;
use crate::components::{Empty, label};
use crate::i18n::use_texts;
use crate::pages::link::Go;
use crate::route::Route;
use crate::session::use_session;

/// Each list: how much is in it, the way to it, and a new one.
#[component]
pub(super) fn Lists() -> Html {
    let t = use_texts();
    let book = use_book();
    let Some(session) = use_session() else {
        return html! {};
    };
    let registers = REGISTERS
        .iter()
        .filter(|register| register.columns == Columns::Reference);
    let rows = registers.map(|register| {
        let kind = register.kind;
        html! {
            <li key={kind} class="draft-row" data-test="list" data-kind={kind}>
                <Go class="row" to={Route::Office} query={format!("kind={kind}")}>
                    <span class="row-title">{ label::kind(&t, kind) }</span>
                    <span class="row-meta">{ t.with("list-in-use", &[("n", book.references(kind).len().into())]) }</span>
                </Go>
                if may_start(&session.principal, register) {
                    <Go class="button quiet" to={Route::New { kind: kind.to_owned() }} test="new">
                        { t.get(&format!("new-{kind}")) }
                    </Go>
                }
            </li>
        }
    });
    html! {
        <>
            <section class="pane list" aria-labelledby="lists-title">
                <Places current={Route::Lists} />
                <h1 id="lists-title">{ t.get("admin-lists") }</h1>
                <ul class="rows">{ for rows }</ul>
            </section>
            <section class="pane record"><Empty><p>{ t.get("list-hint") }</p></Empty></section>
        </>
    }
}
