//! Names in the place of ids, for what people read: exports, printed pages, reports.

use std::collections::HashMap;

use lianxin_shared::id::{DocId, UserId};
use lianxin_shared::records::{Columns, REGISTERS, Value};
use lianxin_shared::texts::Lang;

use crate::store::{Filter, Listed, Store, StoreError};

/// The names of stations, people, groups and themes, and of those who have an account. As many as the district has, however
/// many records there are.
#[derive(Debug, Default)]
pub struct Names {
    records: HashMap<DocId, String>,
    users: HashMap<UserId, String>,
}

impl Names {
    /// Reads all of them. Where something has a name in this language too, it is that.
    pub async fn load(store: &dyn Store, lang: Lang) -> Result<Self, StoreError> {
        let kinds = REGISTERS.iter().filter(|r| r.columns == Columns::Reference);
        let filter = Filter {
            kinds: kinds.map(|register| register.kind.to_owned()).collect(),
            ..Filter::default()
        };
        let mut names = Self::default();
        for listed in super::all(store, filter).await? {
            names.add(&listed, lang);
        }
        for account in store.accounts().await? {
            names.users.insert(account.principal.user, account.name);
        }
        Ok(names)
    }

    /// The name of a station, a person, a group or a theme.
    pub fn record(&self, id: DocId) -> Option<&str> {
        self.records.get(&id).map(String::as_str)
    }

    /// The name of a user; the name at sign-in for one who has no other.
    pub fn user<'a>(&'a self, user: &'a UserId) -> &'a str {
        self.users.get(user).map_or(user.as_str(), String::as_str)
    }

    fn add(&mut self, listed: &Listed, lang: Lang) {
        let text = |field: &str| listed.row.values.get(field).and_then(Value::text);
        let english = text("name_en").filter(|name| lang == Lang::En && !name.is_empty());
        let name = english.unwrap_or(&listed.row.title).to_owned();
        // One who left and has no account any more is still known by the record.
        if let Some(user) = text("user").and_then(|user| user.parse().ok()) {
            self.users.insert(user, name.clone());
        }
        self.records.insert(listed.doc, name);
    }
}
