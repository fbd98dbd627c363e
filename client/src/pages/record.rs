//! One record: what came of it first, then what was said, then how it came about.

use std::collections::BTreeMap;
use std::rc::Rc;

use lianxin_shared::document::{Concurrent, Revision};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Record, Register, Value};
use lianxin_shared::rules::may_write;
use lianxin_shared::standing::Standing;
use lianxin_shared::sync::{Held, Refused};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::give_up::GiveUp;
use super::link::Go;
use crate::agent::use_line;
use crate::book::{Page, standing, use_book, use_held};
use crate::components::{
    ConcurrentVersions, Empty, FieldsView, History, Notice, StandingMark, StateMark, Timeline, Tone, label,
};
use crate::desk::{self, DeskError};
use crate::i18n::{Words, use_texts, when};
use crate::route::Route;
use crate::session::use_here;
use crate::vault::Vault;

/// What the page of a record needs.
#[derive(Debug, PartialEq, Properties)]
pub struct RecordProps {
    /// Its document.
    pub id: DocId,
}

/// What the page shows of a held document.
struct View {
    register: &'static Register,
    record: Record,
    revisions: Vec<Revision>,
    concurrent: Vec<Concurrent>,
    /// What was refused, with the record as its writer meant it.
    refused: Option<(Refused, Record)>,
    is_refused_whole: bool,
}

impl View {
    fn of(held: &Held) -> Option<Self> {
        let mut document = held.document().ok()?;
        let record = document.record().ok()?;
        let refused = held.refused.clone().and_then(|refused| {
            let meant = refused.document().ok()?.record().ok()?;
            Some((refused, meant))
        });
        Some(Self {
            register: record.register()?,
            concurrent: document.concurrent(),
            revisions: document.history(),
            record,
            refused,
            is_refused_whole: held.is_refused_whole(),
        })
    }
}

impl View {
    /// Whether what stands says something that was not refused.
    fn stands(&self) -> bool {
        self.refused
            .as_ref()
            .is_none_or(|(_, meant)| meant.values != self.record.values)
    }
}

/// Whether the state has the same words as the standing beside it.
fn is_said(t: &Words, standing: Option<Standing>, kind: &str, state: &str) -> bool {
    let words = standing.map(|standing| t.get(&format!("standing-{}", standing.as_str())));
    words == Some(label::state(t, kind, state))
}

/// The page of a record.
#[component]
pub fn RecordPage(props: &RecordProps) -> Html {
    let t = use_texts();
    let id = props.id;
    match use_held(Some(id)) {
        Page::Opening => html! { <main class="page" id="page" /> },
        Page::Gone => html! {
            <main class="page" id="page"><Empty><p>{ t.get("record-gone") }</p></Empty></main>
        },
        Page::Here(held) => html! { <Shown {id} held={Same(held)} /> },
    }
}

/// A held document as a prop: a new one is put in place with each change.
#[derive(Clone)]
struct Same(Rc<Held>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn here(page: Page) -> Option<Rc<Held>> {
    match page {
        Page::Here(held) => Some(held),
        _ => None,
    }
}

#[derive(PartialEq, Properties)]
struct ShownProps {
    id: DocId,
    held: Same,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let t = use_texts();
    let book = use_book();
    let line = use_line();
    let me = use_here();
    let vault = use_context::<Vault>();
    let view = use_memo(props.held.clone(), |held| View::of(&held.0));
    let companion = view.as_ref().as_ref().and_then(|view| view.register.companion());
    let companion = use_held(companion.map(|register| props.id.companion(register.kind)));
    let contact = use_memo(here(companion).map(Same), |held| {
        held.as_ref().and_then(|held| View::of(&held.0))
    });
    let (Some(view), Some(me)) = (&*view, me) else {
        return html! {
            <main class="page" id="page"><Notice tone={Tone::Attention}>{ t.get("record-unreadable") }</Notice></main>
        };
    };
    let id = props.id;
    let record = &view.record;
    let kind = view.register.kind;
    let state = record.status().map_or("", |status| status.state);
    let now = book.get(&id).map(|summary| standing(summary, &line));
    let principal = &me.session.principal;
    let may_edit = view
        .register
        .fields
        .iter()
        .any(|field| may_write(principal, record, field));
    let title = if record.title().is_empty() {
        label::kind(&t, kind)
    } else {
        record.title().to_owned()
    };
    let on_settle = vault.map(|vault| {
        let me = me.clone();
        Callback::from(move |(field, value): (String, Value)| {
            let (vault, author, start_anew) = (vault.clone(), me.author(), me.start_anew.clone());
            spawn_local(async move {
                let done = settle(&vault, id, &field, &value, &author).await;
                if done.is_err() {
                    start_anew.emit(());
                }
            });
        })
    });
    let on_settle = on_settle.filter(|_| may_edit);
    html! {
        <main class="page wide" id="page">
            <header class="record-head">
                <h1>{ title }</h1>
                <span>
                    if let Some(now) = now {
                        <StandingMark standing={now} />
                    }
                    if view.refused.is_none() && !is_said(&t, now, kind, state) {
                        <StateMark kind={kind} state={state} />
                    }
                </span>
            </header>
            <div class="column">
                if let Some((refused, meant)) = &view.refused {
                    { not_taken(&t, view, refused, meant, id) }
                } else if let Some(words) = answer(record, now) {
                    <Notice tone={if now == Some(Standing::Answered) { Tone::Good } else { Tone::Attention }}>
                        <h2>{ label::state(&t, kind, state) }</h2>
                        <p class="prose" data-test="answer">{ words }</p>
                    </Notice>
                }
                <section class="section">
                    if view.stands() {
                        <FieldsView register={view.register} values={record.values.clone()} />
                    }
                    <dl class="facts">
                        if let Some(station) = record.envelope.station.and_then(|station| book.title(&station)) {
                            <dt>{ t.get("record-station") }</dt><dd>{ station }</dd>
                        }
                        <dt>{ t.get("record-owner") }</dt>
                        <dd>{ book.person(&record.envelope.owner) }{ " " }{ when::moment(&t, record.envelope.created_at) }</dd>
                    </dl>
                </section>
                if !view.concurrent.is_empty() {
                    <ConcurrentVersions register={view.register} concurrent={view.concurrent.clone()} {on_settle} />
                }
                if let Some(contact) = &*contact {
                    <section class="section">
                        <h2>{ label::kind(&t, contact.register.kind) }</h2>
                        <FieldsView register={contact.register} values={contact.record.values.clone()} />
                        <p class="muted small">{ t.get("contact-who-sees") }</p>
                    </section>
                }
                <div class="actions">
                    if may_edit && view.refused.is_none() {
                        <Go to={Route::Edit { id }} class="button" test="edit">{ t.get("record-edit") }</Go>
                    }
                    if view.register.companion().is_some() {
                        <Go to={Route::Receipt { id }} class="button quiet">{ t.get("receipt") }</Go>
                    }
                </div>
            </div>
            <div class="column">
                if !record.timeline.is_empty() {
                    <section class="section">
                        <h2>{ t.get("record-timeline") }</h2>
                        <Timeline register={view.register} events={record.timeline.clone()} />
                    </section>
                }
                <History register={view.register} revisions={view.revisions.clone()} />
            </div>
        </main>
    }
}

/// The words of the office that answer or ask something.
fn answer(record: &Record, now: Option<Standing>) -> Option<String> {
    let speaks = matches!(now, Some(Standing::Answered | Standing::NeedsAttention));
    record.status().filter(|_| speaks).and_then(|status| status.words)
}

/// What the user wrote and the server did not take: why, in words, beside what stands at the office.
fn not_taken(t: &Words, view: &View, refused: &Refused, meant: &Record, id: DocId) -> Html {
    let steps: Vec<_> = meant
        .timeline
        .iter()
        .filter(|step| !view.record.timeline.contains(step))
        .cloned()
        .collect();
    let companion = view.register.companion();
    let ids: Vec<_> = std::iter::once(id)
        .chain(companion.map(|register| id.companion(register.kind)))
        .collect();
    let refusal = &refused.refusal;
    let about = refusal
        .about
        .as_deref()
        .filter(|about| view.register.field(about).is_some());
    html! {
        <>
            <Notice tone={Tone::Attention}>
                <h2>{ t.get("refused") }</h2>
                <p data-test="refusal" data-code={refusal.code.as_str()}>
                    { t.get(&format!("refusal-{}", refusal.code.as_str())) }
                    if let Some(field) = about {
                        { t.with("refused-about", &[("field", label::field(t, view.register, field).into())]) }
                    }
                </p>
                <div class="actions">
                    <Go to={Route::Edit { id }} class="button primary" test="correct">{ t.get("refused-correct") }</Go>
                    <GiveUp {ids} whole={view.is_refused_whole} />
                </div>
            </Notice>
            <section class="section" data-test="refused-words">
                <h2>{ t.get("refused-yours") }</h2>
                <FieldsView register={view.register} values={meant.values.clone()} />
                if !steps.is_empty() {
                    <Timeline register={view.register} events={steps} />
                }
            </section>
            if view.stands() {
                <h2>{ t.get("refused-theirs") }</h2>
            }
        </>
    }
}

async fn settle(
    vault: &Vault,
    id: DocId,
    field: &str,
    value: &Value,
    author: &lianxin_shared::document::Author,
) -> Result<(), DeskError> {
    let work = |mut held: BTreeMap<DocId, Held>| {
        let held = held.remove(&id).ok_or(DeskError::Gone)?;
        Ok(vec![(id, desk::settle_field(held, field, value, author)?)])
    };
    vault.write(&[id], None, work).await
}
