//! Whether values fit their fields.

use crate::id::DocId;
use crate::records::{Field, Need, Register, Shape, Value, Values};

/// The latest moment that a field takes: the end of the year 9999.
const LAST_MOMENT: i64 = 253_402_300_799_999;

/// How much of a record must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// A draft: what is there must fit.
    Draft,
    /// Required fields must be filled as well.
    Complete,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The field.
    pub field: &'static str,
    /// What is wrong.
    pub code: IssueCode,
}

/// What can be wrong with a field. The words are the message `issue-CODE`, with `$max` where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueCode {
    /// It must be filled.
    Required,
    /// It has more than `max` characters or entries, or is larger than `max`.
    TooLong {
        /// The most it takes.
        max: i64,
    },
    /// It is not one of the choices, not an id, not a moment, or below zero.
    NotAChoice,
    /// It contains control characters.
    ControlCharacters,
    /// It is of another shape.
    WrongShape,
}

impl IssueCode {
    /// The code as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too-long",
            Self::NotAChoice => "not-a-choice",
            Self::ControlCharacters => "control-characters",
            Self::WrongShape => "wrong-shape",
        }
    }
}

/// Everything that is wrong with the values, in the order of the declaration.
pub fn validate(register: &Register, values: &Values, completeness: Completeness) -> Vec<Issue> {
    let issue = |field: &'static Field| {
        let code = match values.get(field.name).filter(|value| !blank(value)) {
            Some(value) => check(field.shape, value),
            None if field.need == Need::Required && completeness == Completeness::Complete => {
                Some(IssueCode::Required)
            }
            None => None,
        };
        code.map(|code| Issue {
            field: field.name,
            code,
        })
    };
    register.fields.iter().filter_map(issue).collect()
}

pub(super) fn blank(value: &Value) -> bool {
    value.is_empty() || value.text().is_some_and(|text| text.trim().is_empty())
}

fn check(shape: Shape, value: &Value) -> Option<IssueCode> {
    match (shape, value) {
        (Shape::Prose { max }, Value::Text(text)) => words(text, max, &['\n', '\t']),
        (Shape::Line { max }, Value::Text(text)) => words(text, max, &[]),
        (Shape::Choice(keys), Value::Text(text)) => {
            (!keys.contains(&text.as_str())).then_some(IssueCode::NotAChoice)
        }
        (Shape::Choices(keys), Value::List(list)) => {
            let chosen = list.iter().all(|key| keys.contains(&key.as_str()));
            (!chosen || list.len() > keys.len()).then_some(IssueCode::NotAChoice)
        }
        (Shape::Reference(_), Value::Text(text)) => {
            text.parse::<DocId>().is_err().then_some(IssueCode::NotAChoice)
        }
        (Shape::References { max, .. }, Value::List(list)) if list.len() > max => too_long(max),
        (Shape::References { .. }, Value::List(list)) => list.iter().find_map(|entry| words(entry, 60, &[])),
        (Shape::Count { .. } | Shape::Moment, Value::Number(number)) if *number < 0 => {
            Some(IssueCode::NotAChoice)
        }
        (Shape::Count { max }, Value::Number(number)) => {
            (*number > max).then_some(IssueCode::TooLong { max })
        }
        (Shape::Moment, Value::Number(number)) => (*number > LAST_MOMENT).then_some(IssueCode::NotAChoice),
        (Shape::Flag, Value::Flag(_)) => None,
        _ => Some(IssueCode::WrongShape),
    }
}

/// Words within their bounds. Emoticons and joiners are words; control characters are not, since they would hide in lists
/// and exports.
pub(super) fn words(text: &str, max: usize, allowed: &[char]) -> Option<IssueCode> {
    if text.chars().any(|c| c.is_control() && !allowed.contains(&c)) {
        Some(IssueCode::ControlCharacters)
    } else if text.chars().count() > max {
        too_long(max)
    } else {
        None
    }
}

fn too_long(max: usize) -> Option<IssueCode> {
    Some(IssueCode::TooLong {
        max: i64::try_from(max).unwrap_or(i64::MAX),
    })
}
