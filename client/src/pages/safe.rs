//! 我的工作安全吗？ One sentence, and what it rests on.

use std::rc::Rc;

use yew::prelude::*;

use super::row::Rows;
use crate::agent::{Line, use_line};
use crate::book::use_book;
use crate::components::{Notice, Tone};
use crate::i18n::use_texts;

/// The page that answers whether one's work is safe.
#[component]
pub fn Safe() -> Html {
    let t = use_texts();
    let book = use_book();
    let line = use_line();
    let records = book.records();
    let unsent = book.unsent();
    let refused: Vec<_> = records
        .iter()
        .filter(|record| record.refusal.is_some())
        .map(Rc::clone)
        .collect();
    let n = unsent.len();
    let (key, tone) = match (n, line.line) {
        (0, _) => ("safe-all-sent", Tone::Good),
        (_, Line::SignedOut) => ("safe-signed-out", Tone::Attention),
        _ => ("safe-waiting", Tone::Plain),
    };
    html! {
        <main class="page" id="page">
            <h1>{ t.get("safe") }</h1>
            <Notice {tone}><p data-test="safe">{ t.with(key, &[("n", n.into())]) }</p></Notice>
            if !refused.is_empty() {
                <section class="section">
                    <h2>{ t.get("safe-refused") }</h2>
                    <Rows records={refused} />
                </section>
            }
            if !unsent.is_empty() {
                <section class="section">
                    <h2>{ t.get("safe-unsent") }</h2>
                    <Rows records={unsent} />
                </section>
            }
            <p class="muted small">{ t.with("safe-held", &[("n", records.len().into())]) }</p>
        </main>
    }
}
