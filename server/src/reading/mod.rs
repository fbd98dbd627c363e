//! Records as people read them: labels for keys, names for ids, the district's clock, in one language. Exports, printed pages
//! and reports all read them so.

mod cell;
mod everybody;
mod names;

use std::collections::HashMap;

use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Field, Register, Shape, Value};
use lianxin_shared::texts::{Lang, Texts};

pub use cell::Cell;
pub(crate) use everybody::in_use;
pub use everybody::{Everybody, Target, text};
pub use names::Names;

use crate::clock;
use crate::store::{Filter, Listed, Store, StoreError};

/// The titles of other work, by id, as far as they are at hand.
pub type Titles = HashMap<DocId, String>;

/// With what records are read.
#[derive(Debug)]
pub struct Reading {
    /// The words.
    pub texts: Texts,
    /// The names.
    pub names: Names,
}

impl Reading {
    /// Reads the names of everything that has one.
    pub async fn load(store: &dyn Store, lang: Lang) -> Result<Self, StoreError> {
        Ok(Self {
            texts: Texts::of(lang),
            names: Names::load(store, lang).await?,
        })
    }

    /// A field's label.
    pub fn label(&self, register: &Register, field: &Field) -> String {
        self.texts.get(&format!("field-{}-{}", register.kind, field.name))
    }

    /// A state's name.
    pub fn state(&self, kind: &str, state: &str) -> String {
        self.texts.get(&format!("state-{kind}-{state}"))
    }

    /// What a field holds.
    pub fn value(&self, register: &Register, field: &Field, value: &Value, titles: &Titles) -> Cell {
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
            (Shape::Reference(_), Value::Text(id)) => Cell::text(self.named(id, titles)),
            (Shape::References { .. }, Value::List(_)) => list(&|entry| self.named(entry, titles)),
            (Shape::Moment, Value::Number(at)) => Cell::Moment(Moment(*at)),
            (_, Value::Text(text)) => Cell::text(text.as_str()),
            (_, Value::Number(number)) => Cell::Number(*number),
            (_, Value::Flag(flag)) => {
                Cell::text(self.texts.get(if *flag { "export-yes" } else { "export-no" }))
            }
            (_, Value::List(entries)) => Cell::text(entries.join("\n")),
        }
    }

    /// The name of a station, a person, a group or a theme, or the title of other work. Of what is not here, its id.
    pub fn name(&self, id: DocId, titles: &Titles) -> String {
        let name = self.names.record(id).map(str::to_owned);
        name.or_else(|| titles.get(&id).cloned())
            .unwrap_or_else(|| id.to_string())
    }

    /// The name of what is referred to, or the plain name that stands there.
    fn named(&self, name: &str, titles: &Titles) -> String {
        name.parse()
            .map_or_else(|_| name.to_owned(), |id| self.name(id, titles))
    }
}

/// How many rows are read at once.
const PAGE: u32 = 500;

/// All rows that fit a filter, the latest received first: for what is bounded by itself, as people and stations are, or a
/// year of one kind.
pub(crate) async fn all(store: &dyn Store, filter: Filter) -> Result<Vec<Listed>, StoreError> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = store.records(filter.clone(), after, PAGE).await?;
        rows.extend(page.records);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// Day and time by the district's clock: `2026-11-26 08:30`. Nothing for a moment that no calendar has.
pub fn shown(at: Moment) -> String {
    clock::wall(at).map_or_else(String::new, |wall| wall.strftime("%Y-%m-%d %H:%M").to_string())
}

/// The day by the district's clock: `2026-11-26`.
pub fn day(at: Moment) -> String {
    clock::wall(at).map_or_else(String::new, |wall| wall.date().to_string())
}
