//! One record: what came of it first, then what was said, then how it came about.
//!
//! - [`acts`]: what can be done now; [`refused`]: what was not taken; [`said`]: the words, with what is new in them.

mod acts;
mod refused;
mod said;

use std::collections::BTreeMap;
use std::rc::Rc;

use lianxin_shared::document::{Concurrent, Revision};
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Attachment, Columns, Record, Register, Value};
use lianxin_shared::rules::{may_attach, may_write, names_work};
use lianxin_shared::standing::Standing;
use lianxin_shared::sync::{Held, Refused};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::chain::ChainView;
use super::link::Go;
use super::start::Follow;
use crate::agent::use_line;
use crate::book::{Chain, Page, concerns, standing, use_book, use_held};
use crate::components::{
    ConcurrentVersions, Empty, FieldsView, History, Notice, StandingMark, StateMark, Timeline, Tone, label,
};
use crate::desk::{self, DeskError};
use crate::i18n::{Words, use_texts, when};
use crate::photos::Photos;
use crate::route::Route;
use crate::session::{Here, use_here};
use crate::vault::Vault;
use acts::Acts;
use refused::not_taken;
use said::Said;

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
    let principal = &me.session.principal;
    let is_work = view.register.columns == Columns::Work;
    // How somebody else's published record stands with the office is not the reader's business.
    let now = book
        .get(&id)
        .filter(|summary| is_work && concerns(principal, summary))
        .map(|summary| standing(summary, &line));
    let fields = view.register.fields.iter();
    let fillable: Vec<_> = fields
        .clone()
        .filter(|field| may_write(principal, record, field))
        .map(|field| field.name)
        .collect();
    let may_edit = !fillable.is_empty();
    // Other work is shown in the chain.
    let without: Vec<_> = fields
        .filter(|field| names_work(field))
        .map(|field| field.name)
        .collect();
    let chain = Chain::of(&book, &id);
    let title = if record.title().is_empty() {
        label::kind(&t, kind)
    } else {
        record.title().into_owned()
    };
    let on_photos = vault.clone().map(|vault| {
        let me = me.clone();
        Callback::from(move |attachments: Vec<Attachment>| {
            let (vault, me) = (vault.clone(), me.clone());
            spawn_local(async move {
                if attach(&vault, id, &attachments, &me).await.is_err() {
                    me.start_anew.emit(());
                }
            });
        })
    });
    let on_photos = on_photos.filter(|_| view.refused.is_none() && may_attach(principal, record));
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
                        <Said {id} held={props.held.clone()} register={view.register} values={record.values.clone()} {without}
                            reader={principal.user.clone()} />
                    }
                    <dl class="facts">
                        if let Some(station) = record.envelope.station.and_then(|station| book.title(&station)) {
                            <dt>{ t.get("record-station") }</dt><dd>{ station }</dd>
                        }
                        if let Some(number) = record.status().and_then(|status| status.number) {
                            <dt>{ t.get("record-number") }</dt><dd class="number">{ number }</dd>
                        }
                        if let Some(handler) = record.status().and_then(|status| status.handler) {
                            <dt>{ t.get("record-handler") }</dt><dd>{ book.person(&handler) }</dd>
                        }
                        if let Some(due) = record.due().filter(|_| record.is_open()) {
                            <dt>{ t.get("record-due") }</dt><dd>{ when::day(&t, due) }</dd>
                        }
                        if is_work {
                            <dt>{ t.get("record-owner") }</dt>
                            <dd>{ book.person(&record.envelope.owner) }{ " " }{ when::moment(&t, record.envelope.created_at) }</dd>
                        }
                    </dl>
                </section>
                <Photos doc={id} attachments={record.envelope.attachments.clone()} on_change={on_photos} />
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
                if view.refused.is_none() {
                    <Acts {id} register={view.register} record={record.clone()} {fillable} />
                }
                <ChainView {chain} />
                if is_work && view.refused.is_none() {
                    <Follow {id} {kind} />
                }
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

async fn attach(vault: &Vault, id: DocId, attachments: &[Attachment], me: &Here) -> Result<(), DeskError> {
    let author = me.author();
    let work = |mut held: BTreeMap<DocId, Held>| {
        let held = held.remove(&id).ok_or(DeskError::Gone)?;
        let held = desk::attach(held, attachments, &me.session.principal, &author)?;
        Ok(vec![(id, held)])
    };
    vault.write(&[id], None, work).await
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
