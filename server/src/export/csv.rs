//! CSV that opens right in a spreadsheet: in UTF-8 with a mark at its beginning, without which Excel takes it for the
//! system's code page.
//!
//! A spreadsheet runs what looks like a formula, whoever wrote it. So this follows OWASP's advice on CSV injection: every
//! field is quoted, quotes are doubled, and words that begin as a formula does get an apostrophe before them, which says
//! "text". Nobody's words are lost by it, and who reads the file by a program finds it in the same places only.

use axum::body::{Body, Bytes};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{Cell, Entry, Table, pages};
use crate::reading;

/// Its media type.
pub(crate) const TYPE: &str = "text/csv; charset=utf-8";

/// The mark that says UTF-8.
const MARK: &str = "\u{feff}";

/// What a formula can begin with, also in the wide letters that Chinese input writes.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The answer, made while it is sent. A database that fails on the way cuts it, which a browser notices.
pub(super) fn body(table: Table) -> Body {
    let headings = lines(|writer| write(writer, table.headings().map(Cell::text)));
    let headings = headings.map(|lines| [MARK.as_bytes(), &lines].concat());
    let rows = pages(table.store.clone(), table.filter.clone())
        .map_err(std::io::Error::other)
        .map(move |page| page.and_then(|page| rows(&table, &page)));
    Body::from_stream(stream::iter([headings]).chain(rows).map_ok(Bytes::from))
}

fn rows(table: &Table, page: &[Entry]) -> std::io::Result<Vec<u8>> {
    lines(|writer| {
        page.iter()
            .try_for_each(|entry| write(writer, table.cells(entry)))
    })
}

/// Lines of words by themselves.
pub(crate) fn plain(rows: &[Vec<String>]) -> std::io::Result<Vec<u8>> {
    let lines = lines(|writer| {
        rows.iter()
            .try_for_each(|row| write(writer, row.iter().map(Cell::text)))
    });
    Ok([MARK.as_bytes(), &lines?].concat())
}

/// A table that is whole in memory.
pub(super) fn whole(headings: &[String], rows: Vec<Vec<Cell>>) -> std::io::Result<Vec<u8>> {
    let lines = lines(|writer| {
        write(writer, headings.iter().map(Cell::text))?;
        rows.into_iter()
            .try_for_each(|row| write(writer, row.into_iter()))
    });
    Ok([MARK.as_bytes(), &lines?].concat())
}

fn lines(fill: impl FnOnce(&mut Writer<Vec<u8>>) -> csv::Result<()>) -> std::io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    fill(&mut writer)?;
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn write(writer: &mut Writer<Vec<u8>>, cells: impl Iterator<Item = Cell>) -> csv::Result<()> {
    writer.write_record(cells.map(shown))
}

fn shown(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) if text.starts_with(FORMULA) => format!("'{text}"),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Moment(at) => reading::shown(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_like_a_formula_are_words() {
        let check = |text: &str, expected: &str| assert_eq!(shown(Cell::text(text)), expected);
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1"] {
            check(formula, &format!("'{formula}"));
        }
        check("1-1=0", "1-1=0");
        check("'=1", "'=1");
        assert_eq!(shown(Cell::Number(-1)), "-1");
    }

    #[test]
    fn fields_are_quoted_and_their_quotes_doubled() {
        let line = lines(|writer| write(writer, [Cell::text("a\"b,\nc"), Cell::Empty].into_iter())).unwrap();
        assert_eq!(String::from_utf8(line).unwrap(), "\"a\"\"b,\nc\",\"\"\r\n");
    }
}
