//! `GET /api/import/{what}/template.xlsx`: an empty sheet with the headings that an import understands, and lists to choose
//! from.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use lianxin_shared::records::{Field, Need, Part, Register, Shape, register};
use lianxin_shared::texts::Texts;
use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};

use super::What;
use super::workbook::MAX_ROWS;
use crate::app::App;
use crate::auth::Signed;
use crate::export::XLSX;
use crate::problem::Problem;

/// How wide columns are, in characters.
const WIDE: f64 = 20.0;

/// The template, in the caller's language.
pub async fn template(
    State(_): State<App>,
    signed: Signed,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let what = What::allowed(&name, &signed.principal)?;
    let texts = Texts::of(signed.language(&headers));
    let bytes = workbook(what, &texts).map_err(|error| {
        tracing::error!(%error, "template.failed");
        Problem::Internal
    })?;
    let disposition = format!("attachment; filename=\"{name}.xlsx\"");
    Ok((
        [
            (CONTENT_TYPE, XLSX.to_owned()),
            (CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response())
}

fn workbook(what: What, texts: &Texts) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    let (kind, measures) = match what {
        What::Members => ("person", None),
        What::Stations => ("station", None),
        What::Rectification => ("rectification", Some(texts.get("kind-measure"))),
    };
    let fields = register(kind).into_iter().flat_map(|register| {
        let fields = register.fields.iter().filter(|field| is_asked_for(field));
        fields.map(move |field| (heading(texts, register, field), choices(texts, register, field)))
    });
    let headings = fields.chain(measures.map(|heading| (heading, Vec::new())));
    for (column, (heading, choices)) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        sheet.set_column_width(column, WIDE)?;
        if !choices.is_empty() {
            let list = DataValidation::new().allow_list_strings(&choices)?;
            let last = u32::try_from(MAX_ROWS).unwrap_or(u32::MAX);
            sheet.add_data_validation(1, column, last, column, &list)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// What those who do the work write later is not asked for.
fn is_asked_for(field: &Field) -> bool {
    field
        .edit
        .iter()
        .all(|part| matches!(part, Part::Admin | Part::Clerk))
}

fn heading(texts: &Texts, register: &Register, field: &Field) -> String {
    let mark = if field.need == Need::Required { " *" } else { "" };
    format!(
        "{}{mark}",
        texts.get(&format!("field-{}-{}", register.kind, field.name))
    )
}

fn choices(texts: &Texts, register: &Register, field: &Field) -> Vec<String> {
    match field.shape {
        Shape::Choice(keys) => keys
            .iter()
            .map(|key| texts.get(&format!("choice-{}-{}-{key}", register.kind, field.name)))
            .collect(),
        Shape::Flag => vec![texts.get("export-yes"), texts.get("export-no")],
        _ => Vec::new(),
    }
}
