//! Which column means which field, and what its cells say. Headings are the fields' labels in either language, or their
//! names; the order does not matter.

use std::collections::BTreeMap;

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Field, Need, Register, Shape, Value};
use lianxin_shared::texts::{Lang, Texts};

use super::deadline;
use super::fault::{Faults, Why};
use super::known::Known;
use super::workbook::{Raw, Sheet};
use crate::clock;

/// What stands between names in one cell.
const BETWEEN: &[char] = &['、', '，', ',', ';', '；', '\n'];

/// Where each field's column is. `more` names columns that are no field's, and what else a field's may be called: pairs of
/// key and heading. What means nothing, twice the same, or is missing where a field must be filled, is a fault.
pub(super) fn columns(
    sheet: &Sheet,
    register: &'static Register,
    more: &[(&'static str, &str)],
    faults: &mut Faults,
) -> BTreeMap<&'static str, u32> {
    let words: Vec<_> = Lang::ALL.iter().map(|lang| Texts::of(*lang)).collect();
    let means = |heading: &str, field: &Field| {
        let key = format!("field-{}-{}", register.kind, field.name);
        let labels = words.iter().map(|texts| texts.get(&key));
        labels
            .chain([field.name.to_owned()])
            .any(|label| plain(&label) == heading)
    };
    let mut columns = BTreeMap::new();
    for (column, heading) in &sheet.headings {
        let written = plain(heading);
        let other = more.iter().find(|(_, name)| plain(name) == written);
        let field = register.fields.iter().find(|field| means(&written, field));
        let Some(key) = other.map(|(key, _)| *key).or(field.map(|field| field.name)) else {
            faults.add(0, heading, Why::HeadingUnknown);
            continue;
        };
        if columns.insert(key, *column).is_some() {
            faults.add(0, heading, Why::HeadingTwice);
        }
    }
    columns
}

/// Notes the columns that are not there although their field must be filled.
pub(super) fn require(
    register: &Register,
    columns: &BTreeMap<&'static str, u32>,
    but: &[&str],
    faults: &mut Faults,
) {
    let required = register
        .fields
        .iter()
        .filter(|field| field.need == Need::Required);
    for field in required.filter(|field| !but.contains(&field.name)) {
        if !columns.contains_key(field.name) {
            let key = format!("field-{}-{}", register.kind, field.name);
            let labels: Vec<_> = Lang::ALL.iter().map(|lang| Texts::of(*lang).get(&key)).collect();
            faults.add(0, labels.join(" / "), Why::HeadingMissing);
        }
    }
}

/// What a cell says of a field.
pub(super) fn value(register: &Register, field: &Field, raw: &Raw, known: &Known) -> Result<Value, Why> {
    let text = raw.words().ok_or(Why::CellError)?;
    match field.shape {
        Shape::Line { .. } | Shape::Prose { .. } => Ok(Value::Text(text)),
        Shape::Choice(keys) => Ok(Value::Text(choice(register, field, keys, &text))),
        Shape::Choices(keys) => {
            let keys = names(&text).map(|name| choice(register, field, keys, &name));
            Ok(Value::List(keys.collect()))
        }
        Shape::Reference(kind) => Ok(Value::Text(
            known.only(kind, &text).map_or(text, |id| id.to_string()),
        )),
        Shape::References { kind, .. } => {
            let ids =
                names(&text).map(|name| known.only(kind, &name).map_or(name, |id: DocId| id.to_string()));
            Ok(Value::List(ids.collect()))
        }
        Shape::Count { .. } => {
            let number = text.parse().map_err(|_| Why::NotANumber)?;
            Ok(Value::Number(number))
        }
        Shape::Moment => {
            let day = deadline::day(raw).ok_or(Why::NotADate)?;
            // The day is met until it ends.
            let end = clock::moment(day.at(23, 59, 0, 0)).ok_or(Why::NotADate)?;
            Ok(Value::Number(end.0))
        }
        Shape::Flag => flag(raw, &text).map(Value::Flag),
    }
}

/// The key of a choice by its label in either language, also where the cell says more: 近期整改任务 for 近期整改. What is none
/// stays as it is, and is found by the rules.
fn choice(register: &Register, field: &Field, keys: &[&str], text: &str) -> String {
    let written = plain(text);
    let is_it = |key: &&&str| {
        let label = format!("choice-{}-{}-{key}", register.kind, field.name);
        let labels = Lang::ALL.iter().map(|lang| plain(&Texts::of(*lang).get(&label)));
        written == **key || labels.into_iter().any(|label| written.starts_with(&label))
    };
    keys.iter()
        .find(is_it)
        .map_or_else(|| text.to_owned(), |key| (*key).to_owned())
}

fn flag(raw: &Raw, text: &str) -> Result<bool, Why> {
    if let Raw::Flag(flag) = raw {
        return Ok(*flag);
    }
    match plain(text).as_str() {
        "是" | "yes" | "y" | "true" | "1" | "√" | "✓" => Ok(true),
        "否" | "no" | "n" | "false" | "0" | "×" => Ok(false),
        _ => Err(Why::NotAFlag),
    }
}

fn names(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(BETWEEN)
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

/// A heading without blanks, marks of what is required, and capitals.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| !c.is_whitespace() && !"*＊".contains(*c));
    letters.flat_map(char::to_lowercase).collect()
}
