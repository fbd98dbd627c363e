//! What will not do in a file: where, and why.

use std::collections::BTreeMap;

use lianxin_shared::rules::{Issue, IssueCode, Refusal};
use lianxin_shared::texts::Texts;
use serde::Serialize;
use utoipa::ToSchema;

use super::workbook::Sheet;

/// The most faults that are told at once.
const MOST: usize = 500;

/// Something that will not do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Fault {
    /// The row, as the sheet numbers it; 0 for the file as a whole.
    row: u32,
    /// The column's heading.
    column: String,
    /// What it is; stable.
    code: &'static str,
    /// What it is, in words.
    words: String,
}

/// Why something will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// A heading that means nothing here.
    HeadingUnknown,
    /// A second column of the same meaning.
    HeadingTwice,
    /// A column that must be there is not.
    HeadingMissing,
    /// The field does not take this.
    Issue(IssueCode),
    /// Neither a date nor words that name one.
    NotADate,
    /// No whole number.
    NotANumber,
    /// Neither yes nor no.
    NotAFlag,
    /// A formula that failed.
    CellError,
    /// The same name stands in a row above.
    Twice,
    /// It says otherwise than the first row of the same.
    Contradicts,
    /// It is there under this name, with something else here.
    Differs,
    /// There are several of this name.
    Ambiguous,
    /// A row that belongs to none above.
    Stray,
    /// The rules do not permit it.
    Refused(Refusal),
}

/// Faults as they are found.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(u32, String, Why)>);

impl Faults {
    /// Notes a fault.
    pub(super) fn add(&mut self, row: u32, column: impl Into<String>, why: Why) {
        self.0.push((row, column.into(), why));
    }

    /// Notes what is wrong with fields, each under the heading of its column; of a column that is not there, under its name.
    pub(super) fn issues(
        &mut self,
        row: u32,
        issues: Vec<Issue>,
        sheet: &Sheet,
        columns: &BTreeMap<&'static str, u32>,
    ) {
        for issue in issues {
            let heading = columns
                .get(issue.field)
                .and_then(|column| sheet.headings.get(column));
            let heading = heading.map_or_else(|| issue.field.to_owned(), Clone::clone);
            self.add(row, heading, Why::Issue(issue.code));
        }
    }

    /// Whether there is one in this row.
    pub(super) fn any_in(&self, row: u32) -> bool {
        self.0.iter().rev().any(|(at, ..)| *at == row)
    }

    /// All of them by rows, as many as are told at once.
    pub(super) fn in_words(mut self, texts: &Texts) -> Vec<Fault> {
        self.0.sort_by_key(|(row, ..)| *row);
        let told = self.0.into_iter().take(MOST);
        told.map(|(row, column, why)| {
            let (code, words) = why.in_words(texts);
            Fault {
                row,
                column,
                code,
                words,
            }
        })
        .collect()
    }
}

impl Why {
    fn in_words(&self, texts: &Texts) -> (&'static str, String) {
        let code = match self {
            Self::Issue(code) => {
                let max = match code {
                    IssueCode::TooLong { max } => *max,
                    _ => 0,
                };
                let words = texts.with(&format!("issue-{}", code.as_str()), &[("max", max.into())]);
                return (code.as_str(), words);
            }
            Self::Refused(refusal) => {
                let code = refusal.code.as_str();
                return (code, texts.get(&format!("refusal-{code}")));
            }
            Self::HeadingUnknown => "heading-unknown",
            Self::HeadingTwice => "heading-twice",
            Self::HeadingMissing => "heading-missing",
            Self::NotADate => "not-a-date",
            Self::NotANumber => "not-a-number",
            Self::NotAFlag => "not-a-flag",
            Self::CellError => "cell-error",
            Self::Twice => "twice",
            Self::Contradicts => "contradicts",
            Self::Differs => "differs",
            Self::Ambiguous => "ambiguous",
            Self::Stray => "stray",
        };
        (code, texts.get(&format!("import-{code}")))
    }
}
