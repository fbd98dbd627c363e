//! Links between records, as the records themselves name them.

use std::collections::BTreeSet;

use crate::id::DocId;
use crate::records::{Columns, Field, Record, Shape, register};

/// The name of the link to the record that one was merged into.
pub const INTO: &str = "into";

/// One record names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The field that names it, or [`INTO`].
    pub field: &'static str,
    /// The other record.
    pub to: DocId,
}

/// The other work that a record names. Stations, people and the like are no work.
pub fn links_of(record: &Record) -> BTreeSet<Link> {
    let fields = record.register().map_or(&[][..], |register| register.fields);
    let named = fields.iter().filter(|field| names_work(field)).flat_map(|field| {
        let to_link = |to| Link {
            field: field.name,
            to,
        };
        record.named(&[field.name]).into_iter().map(to_link)
    });
    let into = record.status().and_then(|status| status.into);
    named.chain(into.map(|to| Link { field: INTO, to })).collect()
}

/// Whether a field names other work.
pub fn names_work(field: &Field) -> bool {
    let (Shape::Reference(kind) | Shape::References { kind, .. }) = field.shape else {
        return false;
    };
    register(kind).is_some_and(|register| register.columns == Columns::Work)
}
