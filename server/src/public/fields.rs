//! Public fields in words, by their declarations.

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Field, Shape, Value, register};
use lianxin_shared::rules::Published;

use super::board::{Board, text};
use super::dates;
use super::visitor::Visitor;

/// A field in words.
pub(super) struct Shown {
    /// The field.
    pub(super) field: &'static Field,
    /// What it is called.
    pub(super) label: String,
    /// What is in it; several where it has several entries.
    pub(super) words: Vec<String>,
}

/// The public fields that have something in them, in the order of the declaration.
pub(super) fn shown(board: &Board, visitor: &Visitor, one: &Published) -> Vec<Shown> {
    let fields = register(&one.kind).map_or(&[][..], |register| register.fields);
    let show = |field: &'static Field| {
        let words = words(board, visitor, one, field);
        let label = label(visitor, &one.kind, field);
        (!words.is_empty()).then_some(Shown { field, label, words })
    };
    fields.iter().filter_map(show).collect()
}

/// What a field is called.
pub(super) fn label(visitor: &Visitor, kind: &str, field: &Field) -> String {
    visitor.get(&format!("field-{kind}-{}", field.name))
}

/// What is in a field, in words.
pub(super) fn words(board: &Board, visitor: &Visitor, one: &Published, field: &Field) -> Vec<String> {
    let Some(value) = one.values.get(field.name) else {
        return Vec::new();
    };
    let choice = |key: &str| visitor.get(&format!("choice-{}-{}-{key}", one.kind, field.name));
    let named = |entry: &str| named(board, visitor, entry);
    match (field.shape, value) {
        (Shape::Prose { .. } | Shape::Line { .. }, Value::Text(text)) => vec![text.clone()],
        (Shape::Choice(_), Value::Text(key)) => vec![choice(key)],
        (Shape::Choices(_), Value::List(keys)) => keys.iter().map(|key| choice(key)).collect(),
        (Shape::Reference(_), Value::Text(entry)) => named(entry).into_iter().collect(),
        (Shape::References { .. }, Value::List(list)) => {
            list.iter().filter_map(|entry| named(entry)).collect()
        }
        (Shape::Moment, Value::Number(at)) => vec![dates::words(visitor, Moment(*at))],
        (_, Value::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// Who or what an entry names. Plain names stand for themselves; of a record only a name that is public is told.
fn named(board: &Board, visitor: &Visitor, entry: &str) -> Option<String> {
    let Ok(id) = entry.parse::<DocId>() else {
        return Some(entry.to_owned());
    };
    let name = board.name(id, visitor.lang);
    name.or_else(|| board.any(id).map(title)).map(str::to_owned)
}

/// What names a public record in a list: the first line of its title field.
pub(super) fn title(one: &Published) -> &str {
    let field = register(&one.kind).map_or("", |register| register.title);
    text(one, field).trim_start().lines().next().unwrap_or_default()
}

/// Where it stands, in words.
pub(super) fn state(visitor: &Visitor, one: &Published) -> String {
    visitor.get(&format!("state-{}-{}", one.kind, one.state))
}

/// Several names in one line.
pub(super) fn joined(visitor: &Visitor, words: &[String]) -> String {
    words.join(&visitor.get("public-joint"))
}
