//! Which columns an export has, and how a record is read into them.

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Field, Object, Place, Register, Shape, Value, register};
use lianxin_shared::texts::Texts;

use super::{Cell, Entry};
use crate::names::Names;
use crate::store::Listed;

/// One column.
pub(super) struct Column {
    /// Its heading.
    pub(super) heading: String,
    of: Of,
}

/// What a column shows.
#[derive(Clone, Copy)]
enum Of {
    Kind,
    Number,
    Receipt,
    Title,
    State,
    Station,
    Owner,
    When,
    Received,
    Due,
    Handler,
    Words,
    Field(&'static Register, &'static Field),
}

/// The columns of these kinds: the fields of one kind, what several have in common.
pub(super) fn columns(kinds: &[String], texts: &Texts) -> Vec<Column> {
    let common = |key: &str, of| Column {
        heading: texts.get(&format!("export-{key}")),
        of,
    };
    let only = match kinds {
        [kind] => register(kind),
        _ => None,
    };
    let Some(register) = only else {
        return vec![
            common("kind", Of::Kind),
            common("number", Of::Number),
            common("receipt", Of::Receipt),
            common("title", Of::Title),
            common("state", Of::State),
            common("station", Of::Station),
            common("owner", Of::Owner),
            common("when", Of::When),
            common("received", Of::Received),
            common("due", Of::Due),
            common("handler", Of::Handler),
            common("words", Of::Words),
        ];
    };
    let mut columns = Vec::new();
    let steps = register.lifecycle.steps;
    if steps.iter().any(|step| step.object == Object::Number) {
        columns.push(common("number", Of::Number));
    }
    if register.companion().is_some() {
        columns.push(common("receipt", Of::Receipt));
    }
    columns.push(common("state", Of::State));
    if register.place != Place::District {
        columns.push(common("station", Of::Station));
    }
    columns.extend([common("owner", Of::Owner), common("received", Of::Received)]);
    if steps.iter().any(|step| step.object == Object::Handler) {
        columns.extend([common("due", Of::Due), common("handler", Of::Handler)]);
    }
    columns.extend(register.fields.iter().map(|field| Column {
        heading: texts.get(&format!("field-{}-{}", register.kind, field.name)),
        of: Of::Field(register, field),
    }));
    columns
}

/// With what records are read.
pub(super) struct Reading {
    pub(super) texts: Texts,
    pub(super) names: Names,
}

impl Reading {
    /// What a record has in a column.
    pub(super) fn cell(&self, column: &Column, entry: &Entry) -> Cell {
        let Listed { received_at, row, .. } = &entry.listed;
        match column.of {
            Of::Kind => Cell::text(self.texts.get(&format!("kind-{}", row.kind))),
            Of::Number => Cell::text(row.number.as_deref().unwrap_or_default()),
            Of::Receipt => Cell::text(row.receipt.as_deref().unwrap_or_default()),
            Of::Title => Cell::text(row.title.as_str()),
            Of::State => Cell::text(self.texts.get(&format!("state-{}-{}", row.kind, row.state))),
            Of::Station => row
                .station
                .map_or(Cell::Empty, |station| Cell::text(self.name(station, entry))),
            Of::Owner => Cell::text(self.names.user(&row.owner)),
            Of::When => Cell::Moment(row.when),
            Of::Received => Cell::Moment(*received_at),
            Of::Due => Cell::moment(row.care.due),
            Of::Handler => row
                .care
                .handler
                .as_ref()
                .map_or(Cell::Empty, |handler| Cell::text(self.names.user(handler))),
            Of::Words => Cell::text(words(&entry.listed)),
            Of::Field(register, field) => row
                .values
                .get(field.name)
                .map_or(Cell::Empty, |value| self.value(register, field, value, entry)),
        }
    }

    fn value(&self, register: &Register, field: &Field, value: &Value, of: &Entry) -> Cell {
        let label = |key: &str| {
            self.texts
                .get(&format!("choice-{}-{}-{key}", register.kind, field.name))
        };
        let list = |name: &dyn Fn(&str) -> String| {
            let names: Vec<_> = value.list().iter().map(|entry| name(entry)).collect();
            Cell::text(names.join(&self.texts.get("export-between")))
        };
        match (field.shape, value) {
            (Shape::Choice(_), Value::Text(key)) => Cell::text(label(key)),
            (Shape::Choices(_), Value::List(_)) => list(&label),
            (Shape::Reference(_), Value::Text(id)) => Cell::text(self.named(id, of)),
            (Shape::References { .. }, Value::List(_)) => list(&|entry| self.named(entry, of)),
            (Shape::Moment, Value::Number(at)) => Cell::Moment(Moment(*at)),
            (_, Value::Text(text)) => Cell::text(text.as_str()),
            (_, Value::Number(number)) => Cell::Number(*number),
            (_, Value::Flag(flag)) => {
                Cell::text(self.texts.get(if *flag { "export-yes" } else { "export-no" }))
            }
            (_, Value::List(entries)) => Cell::text(entries.join("\n")),
        }
    }

    /// The name of what is referred to, or the plain name that stands there.
    fn named(&self, name: &str, of: &Entry) -> String {
        name.parse()
            .map_or_else(|_| name.to_owned(), |id| self.name(id, of))
    }

    /// The name of a station, a person, a group or a theme, or the title of other work. Of what is not here, its id.
    fn name(&self, id: DocId, of: &Entry) -> String {
        let title = || of.titles.get(&id).cloned();
        let name = self.names.record(id).map(str::to_owned);
        name.or_else(title).unwrap_or_else(|| id.to_string())
    }
}

/// What somebody wrote in a record, all of it.
fn words(listed: &Listed) -> String {
    let fields = register(&listed.row.kind).map_or(&[][..], |register| register.fields);
    let prose = fields
        .iter()
        .filter(|field| matches!(field.shape, Shape::Prose { .. } | Shape::Line { .. }));
    let texts = prose.filter_map(|field| listed.row.values.get(field.name)?.text());
    texts.collect::<Vec<_>>().join("\n")
}
