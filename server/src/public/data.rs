//! `GET /public/data/{section}.{json,csv}`: the same as the pages, as open data.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lianxin_shared::id::Moment;
use lianxin_shared::records::{Field, Register, Shape, Value, register};
use lianxin_shared::rules::{PublicStep, Published};
use serde_json::json;

use super::board::Board;
use super::section::{Section, address};
use super::trouble::Trouble;
use super::visitor::Visitor;
use super::{dates, fields, layout};
use crate::app::App;
use crate::clock::now;

/// By this a spreadsheet sees that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// With these a spreadsheet takes words for a formula.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// One part as a file.
pub async fn data(
    State(app): State<App>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Result<Response, Trouble> {
    let (name, form) = file.rsplit_once('.').ok_or(Trouble::Unknown)?;
    let section = Section::named(name).ok_or(Trouble::Unknown)?;
    let register = register(section.kind).ok_or(Trouble::Internal)?;
    let board = app.public.board(&app).await?;
    match form {
        "json" => {
            let records = board.of(section.kind);
            let records: Vec<_> = records.iter().map(|one| record(&board, &visitor, one)).collect();
            let headers = layout::for_everybody("application/json");
            let body = json!({ "section": name, "as_of": dates::rfc3339(now()), "records": records });
            Ok((headers, body.to_string()).into_response())
        }
        "csv" => {
            let headers = layout::for_everybody("text/csv; charset=utf-8");
            let table = table(&board, &visitor, register).map_err(|error| {
                tracing::error!(%error, "public.csv");
                Trouble::Internal
            })?;
            Ok((headers, table).into_response())
        }
        _ => Err(Trouble::Unknown),
    }
}

fn record(board: &Board, visitor: &Visitor, one: &Published) -> serde_json::Value {
    let shown = fields::shown(board, visitor, one);
    let fields = shown.into_iter().map(|shown| {
        let value = one.values.get(shown.field.name);
        (
            shown.field.name.to_owned(),
            plain(shown.field, value, shown.words),
        )
    });
    let step =
        |step: &PublicStep| json!({ "act": step.act, "at": dates::rfc3339(step.at), "words": step.words });
    json!({
        "id": one.id,
        "address": address(board, one),
        "state": one.state,
        "since": one.since.map(dates::rfc3339),
        "due": one.due.map(dates::iso),
        "overdue": one.is_overdue(now()),
        "fields": fields.collect::<serde_json::Map<_, _>>(),
        "steps": one.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

/// A field for programs: keys and numbers as they are, moments as days, records by name.
fn plain(field: &Field, value: Option<&Value>, words: Vec<String>) -> serde_json::Value {
    match (field.shape, value) {
        (Shape::Choice(_) | Shape::Choices(_) | Shape::Count { .. } | Shape::Flag, Some(value)) => {
            json!(value)
        }
        (Shape::Moment, Some(Value::Number(at))) => json!(dates::iso(Moment(*at))),
        (Shape::References { .. }, _) => json!(words),
        _ => json!(words.into_iter().next()),
    }
}

/// A table with a row a record, for spreadsheets.
fn table(board: &Board, visitor: &Visitor, register: &Register) -> Result<Vec<u8>, csv::Error> {
    let public = register.public.map_or(&[][..], |public| public.fields);
    let shown: Vec<_> = register
        .fields
        .iter()
        .filter(|field| public.contains(&field.name))
        .collect();
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    let words = |key: &str| visitor.get(&format!("public-column-{key}"));
    let first = ["id", "address", "state", "since", "overdue"].map(words);
    let labels = shown
        .iter()
        .map(|field| fields::label(visitor, register.kind, field));
    table.write_record(first.into_iter().chain(labels).chain([words("steps")]))?;
    for one in board.of(register.kind) {
        let first = [
            one.id.to_string(),
            address(board, one).unwrap_or_default(),
            fields::state(visitor, one),
            one.since.map(dates::iso).unwrap_or_default(),
            words(if one.is_overdue(now()) { "yes" } else { "no" }),
        ];
        let cells = shown
            .iter()
            .map(|field| match (field.shape, one.values.get(field.name)) {
                (Shape::Moment, Some(Value::Number(at))) => dates::iso(Moment(*at)),
                _ => fields::joined(visitor, &fields::words(board, visitor, one, field)),
            });
        let step = |step: &PublicStep| {
            let act = visitor.get(&format!("act-{}-{}", one.kind, step.act));
            let words = step.words.as_deref().unwrap_or_default();
            format!("{} {act} {words}", dates::iso(step.at))
                .trim_end()
                .to_owned()
        };
        let steps = one.steps.iter().map(step).collect::<Vec<_>>().join("\n");
        table.write_record(first.into_iter().chain(cells).chain([steps]).map(harmless))?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: String) -> String {
    if cell.starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}
