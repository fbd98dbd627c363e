//! Which columns an export has, and how a record is read into them.

use lianxin_shared::records::{Field, Object, Place, Register, Shape, register};
use lianxin_shared::texts::Texts;

use super::Entry;
use crate::reading::{Cell, Reading};
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

impl Column {
    /// What a record has in a column.
    pub(super) fn cell(&self, reading: &Reading, entry: &Entry) -> Cell {
        let Listed { received_at, row, .. } = &entry.listed;
        let texts = &reading.texts;
        match self.of {
            Of::Kind => Cell::text(texts.get(&format!("kind-{}", row.kind))),
            Of::Number => Cell::text(row.number.as_deref().unwrap_or_default()),
            Of::Receipt => Cell::text(row.receipt.as_deref().unwrap_or_default()),
            Of::Title => Cell::text(row.title.as_str()),
            Of::State => Cell::text(texts.get(&format!("state-{}-{}", row.kind, row.state))),
            Of::Station => row.station.map_or(Cell::Empty, |station| {
                Cell::text(reading.name(station, &entry.titles))
            }),
            Of::Owner => Cell::text(reading.names.user(&row.owner)),
            Of::When => Cell::Moment(row.when),
            Of::Received => Cell::Moment(*received_at),
            Of::Due => Cell::moment(row.care.due),
            Of::Handler => row
                .care
                .handler
                .as_ref()
                .map_or(Cell::Empty, |handler| Cell::text(reading.names.user(handler))),
            Of::Words => Cell::text(words(&entry.listed)),
            Of::Field(register, field) => row.values.get(field.name).map_or(Cell::Empty, |value| {
                reading.value(register, field, value, &entry.titles)
            }),
        }
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
