//! A workbook's first sheet, read within bounds: a file of a megabyte can unpack to many gigabytes, name a cell a million
//! rows away, and use one long text in every cell.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime};
use zip::ZipArchive;
use zip::result::ZipError;

/// The most rows below the headings.
pub(super) const MAX_ROWS: usize = 20_000;
/// The most columns.
const MAX_COLUMNS: u32 = 100;
/// The most bytes that a file unpacks to.
const MAX_UNPACKED: u64 = 48 * 1024 * 1024;
/// The most parts that it has.
const MAX_PARTS: usize = 1_000;
/// The most bytes of words in all cells together.
const MAX_WORDS: usize = 32 * 1024 * 1024;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    /// No archive, or a damaged one.
    #[error("not an archive: {0}")]
    Archive(#[from] ZipError),
    /// It breaks off.
    #[error("cannot be unpacked: {0}")]
    Unpacking(#[from] std::io::Error),
    /// No workbook.
    #[error("not a workbook: {0}")]
    Workbook(#[from] XlsxError),
    /// It has no sheet or no row of headings.
    #[error("nothing in it")]
    Empty,
    /// More of something than is read.
    #[error("too large")]
    TooLarge,
}

/// A sheet: a row of headings, and rows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The headings by column.
    pub(super) headings: BTreeMap<u32, String>,
    /// The rows that have anything in them.
    pub(super) rows: Vec<Row>,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    /// Its number as people see it, from 1.
    pub(super) number: u32,
    /// What is in it, by column.
    pub(super) cells: BTreeMap<u32, Raw>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day, by the sheet's clock.
    Day(Date),
    /// What a formula failed with.
    Error,
}

/// Reads the first sheet.
pub(super) fn read(file: &[u8]) -> Result<Sheet, Unreadable> {
    measure(file)?;
    let mut workbook = Xlsx::new(Cursor::new(file))?;
    let name = workbook.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    // Cell by cell: as a whole, a sheet takes the room of the rectangle around its cells.
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    let mut sheet = Sheet::default();
    let mut words = 0;
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let Some(raw) = raw(cell.get_value()) else {
            continue;
        };
        if let Raw::Text(text) = &raw {
            words += text.len();
        }
        if column >= MAX_COLUMNS || words > MAX_WORDS {
            return Err(Unreadable::TooLarge);
        }
        sheet.put(row, column, raw)?;
    }
    sheet.headings_end();
    if sheet.headings.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(sheet)
}

impl Sheet {
    /// The first row with anything in it has the headings.
    fn put(&mut self, row: u32, column: u32, raw: Raw) -> Result<(), Unreadable> {
        let number = row.saturating_add(1);
        match self.rows.last_mut() {
            Some(last) if last.number == number => {
                last.cells.insert(column, raw);
            }
            _ => {
                self.headings_end();
                if self.rows.len() >= MAX_ROWS {
                    return Err(Unreadable::TooLarge);
                }
                let cells = [(column, raw)].into();
                self.rows.push(Row { number, cells });
            }
        }
        Ok(())
    }

    fn headings_end(&mut self) {
        if self.headings.is_empty()
            && let Some(row) = self.rows.pop()
        {
            self.headings = row
                .cells
                .into_iter()
                .filter_map(|(column, raw)| raw.words().map(|words| (column, words)))
                .collect();
        }
    }
}

impl Raw {
    /// It as words; nothing for a failed formula.
    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Flag(flag) => Some(flag.to_string()),
            Self::Day(day) => Some(day.to_string()),
            Self::Error => None,
        }
    }
}

/// Unpacks every part into nothing, so that what the archive says of itself need not be believed.
fn measure(file: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(file))?;
    if archive.len() > MAX_PARTS {
        return Err(Unreadable::TooLarge);
    }
    let mut left = MAX_UNPACKED;
    for n in 0..archive.len() {
        let part = archive.by_index(n)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())?;
        left = left.checked_sub(size).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

fn raw(value: &DataRef<'_>) -> Option<Raw> {
    let text = |text: &str| {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        (!text.is_empty()).then(|| Raw::Text(text.to_owned()))
    };
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => text(&number.to_string()),
        DataRef::Float(number) => Some(Raw::Number(*number)),
        DataRef::String(words) | DataRef::DurationIso(words) => text(words),
        DataRef::SharedString(words) => text(words),
        DataRef::Bool(flag) => Some(Raw::Flag(*flag)),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            let day = i16::try_from(year)
                .ok()
                .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()));
            let day = day.and_then(|(year, (month, day))| Date::new(year, month, day).ok());
            Some(day.map_or(Raw::Error, Raw::Day))
        }
        DataRef::DateTime(span) => Some(Raw::Number(span.as_f64())),
        DataRef::DateTimeIso(words) => {
            let at: Option<DateTime> = words.parse().ok();
            at.map_or_else(|| text(words), |at| Some(Raw::Day(at.date())))
        }
        DataRef::Error(_) => Some(Raw::Error),
    }
}
