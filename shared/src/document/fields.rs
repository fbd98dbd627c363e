//! A register's own fields in the document, read and written by their declarations.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, Prop, ROOT, ReadDoc, ScalarValue, Value as Stored};

use super::DocumentError;
use crate::records::{Register, Shape, Value, Values};

/// Reads the fields that are there. A value of another shape than declared is an error: nobody's form wrote it.
pub(super) fn read(doc: &AutoCommit, register: &Register) -> Result<Values, DocumentError> {
    let mut values = Values::new();
    for field in register.fields {
        let Some((stored, id)) = doc.get(ROOT, field.name).map_err(|e| wrong(field.name, &e))? else {
            continue;
        };
        let value = read_value(doc, &stored, &id, field.shape)
            .ok_or_else(|| wrong(field.name, &"a value of another shape"))?;
        if !value.is_empty() {
            values.insert(field.name.to_owned(), value);
        }
    }
    Ok(values)
}

/// One value of a declared shape; nothing if it has another.
pub(super) fn read_value(doc: &AutoCommit, stored: &Stored<'_>, id: &ObjId, shape: Shape) -> Option<Value> {
    match (shape, stored) {
        (Shape::Prose { .. }, Stored::Object(ObjType::Text)) => doc.text(id).ok().map(Value::Text),
        (Shape::Line { .. } | Shape::Choice(_) | Shape::Reference(_), Stored::Scalar(scalar)) => {
            scalar.as_str().map(Value::from)
        }
        (Shape::References { .. } | Shape::Choices(_), Stored::Object(ObjType::List)) => doc
            .values(id)
            .map(|(value, _)| value.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(Value::List),
        (Shape::Count { .. }, Stored::Scalar(scalar)) => scalar.as_i64().map(Value::Number),
        (Shape::Moment, Stored::Scalar(scalar)) => match scalar.as_ref() {
            ScalarValue::Timestamp(at) => Some(Value::Number(*at)),
            _ => None,
        },
        (Shape::Flag, Stored::Scalar(scalar)) => scalar.as_bool().map(Value::Flag),
        _ => None,
    }
}

/// Writes values; an empty one removes the field. Names that the register does not declare are an error.
pub(super) fn write(doc: &mut AutoCommit, register: &Register, values: &Values) -> Result<(), DocumentError> {
    for (name, value) in values {
        let field = register
            .field(name)
            .ok_or_else(|| wrong(name, &"no such field"))?;
        let fits = matches!(
            (field.shape, value),
            (
                Shape::Prose { .. } | Shape::Line { .. } | Shape::Choice(_) | Shape::Reference(_),
                Value::Text(_)
            ) | (Shape::References { .. } | Shape::Choices(_), Value::List(_))
                | (Shape::Count { .. } | Shape::Moment, Value::Number(_))
                | (Shape::Flag, Value::Flag(_))
        );
        if !fits && !value.is_empty() {
            return Err(wrong(name, &"a value of another shape"));
        }
        write_value(doc, name, value, field.shape).map_err(|e| wrong(name, &e))?;
    }
    Ok(())
}

fn write_value(
    doc: &mut AutoCommit,
    name: &str,
    value: &Value,
    shape: Shape,
) -> Result<(), automerge::AutomergeError> {
    let now = doc.get(ROOT, name)?.map(|(value, id)| (value.into_owned(), id));
    if value.is_empty() && !matches!(shape, Shape::Prose { .. }) {
        return if now.is_some() {
            doc.delete(ROOT, name)
        } else {
            Ok(())
        };
    }
    if now.is_some() && !matches!(shape, Shape::Prose { .. }) && doc.get_all(ROOT, name)?.len() > 1 {
        // automerge writes nothing where the value equals the shown one, and the others would stay beside it.
        doc.delete(ROOT, name)?;
    }
    match value {
        Value::Text(text) if matches!(shape, Shape::Prose { .. }) => {
            // An emptied Text stays one: removing the object would throw away what another writes into it.
            let id = match now {
                Some((Stored::Object(ObjType::Text), id)) => id,
                _ => doc.put_object(ROOT, name, ObjType::Text)?,
            };
            doc.update_text(&id, text)
        }
        Value::Text(text) => doc.put(ROOT, name, text.as_str()),
        Value::Number(at) if shape == Shape::Moment => doc.put(ROOT, name, ScalarValue::Timestamp(*at)),
        Value::Number(number) => doc.put(ROOT, name, *number),
        Value::Flag(flag) => doc.put(ROOT, name, *flag),
        Value::List(list) => write_list(doc, name, list),
    }
}

/// Entries are added and removed one by one, so that two people who each add a participant both succeed.
fn write_list(doc: &mut AutoCommit, name: &str, list: &[String]) -> Result<(), automerge::AutomergeError> {
    let id = match doc.get(ROOT, name)? {
        Some((Stored::Object(ObjType::List), id)) => id,
        _ => doc.put_object(ROOT, name, ObjType::List)?,
    };
    let now: Vec<String> = doc
        .values(&id)
        .filter_map(|(value, _)| value.as_str().map(str::to_owned))
        .collect();
    for index in (0..now.len()).rev() {
        if !list.contains(&now[index]) {
            doc.delete(&id, Prop::Seq(index))?;
        }
    }
    for entry in list.iter().filter(|entry| !now.contains(entry)) {
        let end = doc.length(&id);
        doc.insert(&id, end, entry.as_str())?;
    }
    Ok(())
}

fn wrong(field: &str, why: &dyn std::fmt::Display) -> DocumentError {
    DocumentError::NotARecord(format!("field {field}: {why}"))
}
