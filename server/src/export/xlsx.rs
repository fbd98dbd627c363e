//! A workbook with one sheet. Its rows go into a file one by one, and the file to the browser; both are gone when the answer
//! is. Words are written as words: no cell is ever a formula.

use std::fs::File;

use axum::body::Body;
use futures_util::StreamExt as _;
use jiff::tz::TimeZone;
use lianxin_shared::id::Moment;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

use super::{Cell, Entry, Table, pages};
use crate::clock;
use crate::problem::Problem;

/// Its media type.
pub(crate) const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The most characters of a cell.
const MAX_TEXT: usize = 32_767;
/// How wide columns are, in characters.
const WIDE: f64 = 18.0;
/// How many pages may be read ahead of the writing.
const AHEAD: usize = 2;

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Writing it.
    #[error("the workbook: {0}")]
    Workbook(#[from] XlsxError),
    /// The file that it is written to.
    #[error("the file: {0}")]
    File(#[from] std::io::Error),
    /// The rows ended before their end: reading them failed.
    #[error("not all rows came")]
    Cut,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        tracing::error!(error = %failure, "export.failed");
        Self::Unavailable
    }
}

/// What is sent to the thread that writes.
enum Piece {
    Rows(Vec<Entry>),
    End,
}

/// The answer.
pub(super) async fn body(table: Table) -> Result<Body, Problem> {
    let mut pages = Box::pin(pages(table.store.clone(), table.filter.clone()));
    let (sender, receiver) = mpsc::channel(AHEAD);
    // Compressing a sheet takes seconds: not on the threads that serve the lines.
    let writing = tokio::task::spawn_blocking(move || write(&table, receiver));
    while let Some(page) = pages.next().await {
        // Who has stopped listening says why below.
        if sender.send(Piece::Rows(page?)).await.is_err() {
            break;
        }
    }
    let _ = sender.send(Piece::End).await;
    let file = writing.await.map_err(|error| {
        tracing::error!(%error, "export.failed");
        Problem::Internal
    })??;
    Ok(Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(
        file,
    ))))
}

fn write(table: &Table, mut pieces: mpsc::Receiver<Piece>) -> Result<File, Failure> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let date = head(sheet, table.headings())?;
    let mut row = 1;
    loop {
        match pieces.blocking_recv() {
            None => return Err(Failure::Cut),
            Some(Piece::End) => break,
            Some(Piece::Rows(page)) => {
                for entry in &page {
                    for (column, cell) in (0..).zip(table.cells(entry)) {
                        put(sheet, row, column, &cell, &date)?;
                    }
                    row += 1;
                }
            }
        }
    }
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(&mut file)?;
    std::io::Seek::rewind(&mut file)?;
    Ok(file)
}

/// A table that is whole in memory.
pub(super) fn whole(headings: &[String], rows: &[Vec<Cell>]) -> Result<Vec<u8>, Problem> {
    let written = || -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let date = head(sheet, headings.iter().map(String::as_str))?;
        for (row, cells) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                put(sheet, row, column, cell, &date)?;
            }
        }
        workbook.save_to_buffer()
    };
    written().map_err(|error| Failure::from(error).into())
}

/// Writes the headings, which stay in view; answers how a moment is written below them.
fn head<'a>(sheet: &mut Worksheet, headings: impl Iterator<Item = &'a str>) -> Result<Format, XlsxError> {
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, WIDE)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(Format::new().set_num_format("yyyy-mm-dd hh:mm"))
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, date: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, fitted(text)).map(|_| ()),
        #[expect(clippy::cast_precision_loss, reason = "a sheet knows no other numbers")]
        Cell::Number(number) => sheet.write_number(row, column, *number as f64).map(|_| ()),
        Cell::Moment(at) => match sheets_date(*at) {
            Some(at) => sheet
                .write_datetime_with_format(row, column, &at, date)
                .map(|_| ()),
            None => Ok(()),
        },
    }
}

/// A moment as a sheet knows it: by the district's clock, for sheets know no time zones. Nothing for one before 1900 or after
/// 9999, which some device's clock may have said.
fn sheets_date(at: Moment) -> Option<ExcelDateTime> {
    let shown = TimeZone::UTC.to_timestamp(clock::wall(at)?).ok()?;
    ExcelDateTime::from_timestamp(shown.as_second()).ok()
}

/// As much of a text as a cell takes, with a sign that there is more.
fn fitted(text: &str) -> String {
    // Excel counts in units of UTF-16.
    if text.encode_utf16().count() <= MAX_TEXT {
        return text.to_owned();
    }
    let mut left = MAX_TEXT - 1;
    let fits = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    fits.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_longer_than_a_cell_is_cut_where_it_ends() {
        assert_eq!(fitted(&"字".repeat(MAX_TEXT)).chars().count(), MAX_TEXT);
        let long = fitted(&"😀".repeat(MAX_TEXT));
        assert!(long.encode_utf16().count() <= MAX_TEXT && long.ends_with('…'));
    }
}
