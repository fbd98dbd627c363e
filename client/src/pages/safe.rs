//! 我的工作安全吗？ One sentence, and what it rests on.

use std::rc::Rc;

use yew::prelude::*;

use super::link::Go;
use super::room::RoomSection;
use super::row::Rows;
use crate::agent::{Line, use_line};
use crate::book::use_book;
use crate::components::{Notice, Tone};
use crate::i18n::{use_texts, when};
use crate::photos::use_waiting;
use crate::route::Route;
use crate::vault::{News, Vault};

/// The page that answers whether one's work is safe.
#[component]
pub fn Safe() -> Html {
    let t = use_texts();
    let book = use_book();
    let line = use_line();
    let records = book.records();
    let unsent = book.unsent().to_vec();
    let refused: Vec<_> = records
        .iter()
        .filter(|record| record.refusal.is_some())
        .map(Rc::clone)
        .collect();
    let n = unsent.len();
    let photos = use_waiting();
    let on_their_way = unsent
        .iter()
        .filter(|record| line.on_their_way.contains(&record.doc))
        .count();
    let received = records.len().saturating_sub(n + refused.len());
    let counts = [
        ("safe-here", n - on_their_way),
        ("safe-on-their-way", on_their_way),
        ("safe-received", received),
    ];
    let counts = counts.map(|(key, n)| t.with(key, &[("n", n.into())]));
    let contact = line.contact.map_or_else(
        || t.get("safe-no-contact"),
        |at| t.with("safe-contact", &[("when", when::moment(&t, at).into())]),
    );
    let (key, tone) = match (n, line.line) {
        (_, Line::Outdated) => ("safe-outdated", Tone::Attention),
        (0, _) if photos > 0 => ("safe-photos", Tone::Plain),
        (0, _) => ("safe-all-sent", Tone::Good),
        (_, Line::SignedOut) => ("safe-signed-out", Tone::Attention),
        _ => ("safe-waiting", Tone::Plain),
    };
    html! {
        <main class="page" id="page">
            <h1>{ t.get("safe") }</h1>
            <Notice {tone}><p data-test="safe">{ t.with(key, &[("n", n.into())]) }</p></Notice>
            <p data-test="counts">{ counts.join(" · ") }</p>
            <p class="muted" data-test="contact">{ contact }</p>
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
                    <p><Go to={Route::Handover} class="button quiet">{ t.get("handover") }</Go></p>
                </section>
            }
            <Check />
            <RoomSection />
            <p class="muted small">{ t.with("safe-held", &[("n", records.len().into())]) }</p>
        </main>
    }
}

/// Whoever wants to be sure has everything compared with the office.
#[component]
fn Check() -> Html {
    let t = use_texts();
    let line = use_line();
    let is_asked = use_state(|| false);
    // Between the asking and its beginning nothing has been compared yet.
    let has_begun = use_state(|| false);
    use_effect_with(line.is_checking, {
        let has_begun = has_begun.clone();
        move |is_checking| {
            if *is_checking {
                has_begun.set(true);
            }
        }
    });
    let Some(vault) = use_context::<Vault>() else {
        return html! {};
    };
    let onclick = {
        let (is_asked, has_begun) = (is_asked.clone(), has_begun.clone());
        move |_: MouseEvent| {
            is_asked.set(true);
            has_begun.set(false);
            vault.bell().ring(&News::Check);
        }
    };
    let told = match line.line {
        _ if !*is_asked => None,
        Line::On if line.is_checking || !*has_begun => Some("safe-checking"),
        Line::On => Some("safe-checked"),
        _ => Some("safe-check-later"),
    };
    html! {
        <section class="section">
            <button type="button" class="button quiet" data-test="check" {onclick}>{ t.get("safe-check") }</button>
            <p role="status" data-test="checked" data-told={told}>{ told.map(|key| t.get(key)) }</p>
        </section>
    }
}
