//! What is there already, by its name.

use std::collections::{BTreeMap, HashMap};

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Value, Values};

use crate::reading::all;
use crate::store::{Filter, Listed, Store, StoreError};

/// Records of some kinds by their names.
#[derive(Debug, Default)]
pub(super) struct Known {
    records: HashMap<String, HashMap<String, Vec<Listed>>>,
    names: HashMap<String, String>,
}

impl Known {
    /// Reads them.
    pub(super) async fn load(store: &dyn Store, kinds: &[&str]) -> Result<Self, StoreError> {
        let mut known = Self::default();
        for kind in kinds {
            let filter = Filter {
                kinds: vec![(*kind).to_owned()],
                ..Filter::default()
            };
            let by_name = known.records.entry((*kind).to_owned()).or_default();
            for listed in all(store, filter).await? {
                known
                    .names
                    .insert(listed.doc.to_string(), listed.row.title.clone());
                by_name.entry(listed.row.title.clone()).or_default().push(listed);
            }
        }
        Ok(known)
    }

    /// All of that name.
    pub(super) fn named(&self, kind: &str, name: &str) -> &[Listed] {
        self.records
            .get(kind)
            .and_then(|names| names.get(name.trim()))
            .map_or(&[], Vec::as_slice)
    }

    /// The one of that name; nothing if there is none or several.
    pub(super) fn only(&self, kind: &str, name: &str) -> Option<DocId> {
        match self.named(kind, name) {
            [only] => Some(only.doc),
            _ => None,
        }
    }

    /// All records of a kind.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = &Listed> {
        self.records
            .get(kind)
            .into_iter()
            .flat_map(|names| names.values().flatten())
    }

    /// The fields in which `written` says otherwise than `there`. What it does not say is no difference, nor is a name in the
    /// place of its record's id.
    pub(super) fn differences<'a>(
        &self,
        written: &'a BTreeMap<&'static str, Value>,
        there: &Values,
    ) -> Vec<&'a &'static str> {
        let named = |value: &Value| match value {
            Value::List(list) => {
                let mut names: Vec<_> = list.iter().map(|entry| self.name(entry)).collect();
                names.sort_unstable();
                Value::List(names.into_iter().map(str::to_owned).collect())
            }
            Value::Text(text) => Value::Text(self.name(text.trim()).to_owned()),
            other => other.clone(),
        };
        let differs = |(field, value): &(&&'static str, &Value)| {
            let there = there.get(**field).map(named);
            // A flag that is not set is not there.
            there.map_or(!value.is_empty(), |there| there != named(value))
        };
        written.iter().filter(differs).map(|(field, _)| field).collect()
    }

    fn name<'a>(&'a self, entry: &'a str) -> &'a str {
        self.names.get(entry).map_or(entry, String::as_str)
    }
}
