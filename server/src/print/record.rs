//! `GET /print/records/{id}`: one record on paper, for whoever may read it: its fields, what happened to it, what it rests on
//! and what came of it. A resident's contact is a document of its own and is not printed.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Event, Record, Register, Status};
use lianxin_shared::rules::{INTO, may_read};
use maud::{Markup, html};

use super::page::{page, table};
use crate::app::App;
use crate::auth::Signed;
use crate::files;
use crate::office;
use crate::problem::Problem;
use crate::reading::{Cell, Reading, Titles, shown};
use crate::store::{Links, Listed};
use crate::sync::open;

/// The record. One that the caller may not read is as unknown as one that is not there.
pub async fn record(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id: DocId = id.parse().map_err(|_| Problem::DocumentUnknown)?;
    let content = app.store.content(id).await?.ok_or(Problem::DocumentUnknown)?;
    let record = open(&content).and_then(|document| document.record());
    let record = record.map_err(|error| {
        tracing::error!(%error, doc = %id, "document.unreadable");
        Problem::Internal
    })?;
    if !may_read(&signed.principal, &record) {
        return Err(Problem::DocumentUnknown);
    }
    let (Some(register), Some(status)) = (record.register(), record.status()) else {
        return Err(Problem::DocumentUnknown);
    };
    let links = office::chain(&app, &signed, id).await?;
    let reading = Reading::load(&*app.store, signed.language(&headers)).await?;
    let ends = links.to.iter().chain(&links.from);
    let paper = Paper {
        titles: ends
            .map(|(_, other)| (other.doc, other.row.title.clone()))
            .collect(),
        reading: &reading,
        record: &record,
        register,
    };
    let content = html! {
        (paper.head(&status))
        (paper.fields())
        (pictures(&app, &reading, &record).await)
        (paper.timeline())
        (paper.chain(&links))
    };
    Ok(page(&reading, &record.title(), &content))
}

/// One record as it goes onto paper.
struct Paper<'a> {
    reading: &'a Reading,
    record: &'a Record,
    register: &'static Register,
    titles: Titles,
}

impl Paper<'_> {
    fn head(&self, status: &Status) -> Markup {
        let (texts, envelope) = (&self.reading.texts, &self.record.envelope);
        let kind = self.register.kind;
        let station = envelope
            .station
            .map(|station| self.reading.name(station, &self.titles));
        let receipt = self.register.companion().map(|_| envelope.id.receipt_code());
        let lines = [
            ("state", Some(self.reading.state(kind, status.state))),
            ("number", status.number.clone()),
            ("receipt", receipt),
            ("station", station),
            ("owner", Some(self.reading.names.user(&envelope.owner).to_owned())),
            ("when", Some(shown(envelope.created_at))),
            ("due", self.record.due().map(shown)),
            (
                "handler",
                status
                    .handler
                    .as_ref()
                    .map(|user| self.reading.names.user(user).to_owned()),
            ),
        ];
        html! {
            h1 { (texts.get(&format!("kind-{kind}"))) " · " (self.record.title()) }
            dl {
                @for (key, line) in lines {
                    @if let Some(line) = line {
                        dt { (texts.get(&format!("export-{key}"))) }
                        dd { (line) }
                    }
                }
            }
        }
    }

    fn fields(&self) -> Markup {
        let written = self.register.fields.iter().filter_map(|field| {
            let value = self.record.values.get(field.name)?;
            let cell = self.reading.value(self.register, field, value, &self.titles);
            Some((self.reading.label(self.register, field), words(cell)))
        });
        html! {
            h2 { (self.reading.texts.get("print-content")) }
            dl { @for (label, value) in written { dt { (label) } dd { (value) } } }
        }
    }

    fn timeline(&self) -> Markup {
        let texts = &self.reading.texts;
        let headings = ["export-when", "print-who", "print-what", "export-words"].map(|key| texts.get(key));
        let rows: Vec<_> = self
            .record
            .timeline
            .iter()
            .map(|event| self.step(event))
            .collect();
        html! { @if !rows.is_empty() {
            h2 { (texts.get("print-timeline")) }
            (table("", &headings, &rows))
        } }
    }

    fn step(&self, event: &Event) -> Vec<String> {
        let (texts, kind) = (&self.reading.texts, self.register.kind);
        let mut words: Vec<_> = event.words.iter().cloned().collect();
        let mut line = |key: &str, value: Option<String>| {
            words.extend(value.map(|value| {
                texts.with(
                    "print-line",
                    &[("label", texts.get(key).into()), ("value", value.into())],
                )
            }));
        };
        let handler = event.handler.as_ref();
        line(
            "export-handler",
            handler.map(|user| self.reading.names.user(user).to_owned()),
        );
        line("export-due", event.due.map(shown));
        line("export-number", event.number.clone());
        line(
            "print-into",
            event.into.map(|id| self.reading.name(id, &self.titles)),
        );
        for (mark, key) in &event.marks {
            line(
                &format!("choice-{kind}-{mark}"),
                Some(texts.get(&format!("choice-{kind}-{mark}-{key}"))),
            );
        }
        vec![
            shown(event.at),
            self.reading.names.user(&event.by).to_owned(),
            texts.get(&format!("act-{kind}-{}", event.act)),
            words.join("\n"),
        ]
    }

    fn chain(&self, Links { to, from }: &Links) -> Markup {
        let texts = &self.reading.texts;
        let list = |key: &str, links: &[(String, Listed)], kind: &dyn Fn(&Listed) -> String| {
            html! { @if !links.is_empty() {
                h2 { (texts.get(key)) }
                ul { @for (field, other) in links { li { (self.link(&kind(other), field, other)) } } }
            } }
        };
        html! {
            (list("print-rests-on", to, &|_| self.register.kind.to_owned()))
            (list("print-came-of-it", from, &|other| other.row.kind.clone()))
        }
    }

    /// A record at the other end of a link, by the field of the record of that kind that names the other.
    fn link(&self, kind: &str, field: &str, other: &Listed) -> String {
        let texts = &self.reading.texts;
        let label = if field == INTO {
            texts.get("print-into")
        } else {
            texts.get(&format!("field-{kind}-{field}"))
        };
        let row = &other.row;
        texts.with(
            "print-link",
            &[
                ("label", label.into()),
                ("kind", texts.get(&format!("kind-{}", row.kind)).into()),
                ("title", row.title.as_str().into()),
                ("state", self.reading.state(&row.kind, &row.state).into()),
            ],
        )
    }
}

/// What hangs on the record: its pictures, within the page, so that it prints and is kept as one.
async fn pictures(app: &App, reading: &Reading, record: &Record) -> Markup {
    let mut shown = Vec::new();
    for attachment in &record.envelope.attachments {
        shown.push((attachment, files::picture(app, attachment).await));
    }
    let texts = &reading.texts;
    html! { @if !shown.is_empty() {
        h2 { (texts.get("print-photos")) }
        div class="photos" { @for (n, (attachment, bytes)) in shown.iter().enumerate() {
            figure {
                @let said = attachment.caption.clone().unwrap_or_else(|| {
                    texts.with("print-photo", &[("n", (n as i64 + 1).into())])
                });
                @match bytes {
                    Some(bytes) => img alt=(said) src={ "data:image/jpeg;base64," (BASE64_STANDARD.encode(bytes)) };,
                    None => p { (texts.get(if attachment.is_picture() { "print-photo-not-here" } else { "print-paper" })) },
                }
                figcaption { (said) }
            }
        } }
    } }
}

fn words(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Moment(at) => shown(at),
    }
}
