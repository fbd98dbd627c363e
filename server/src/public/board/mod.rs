//! All that is public, at one moment.

mod collected;

use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) use collected::Collected;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Record, Value};
use lianxin_shared::rules::Published;
use lianxin_shared::texts::Lang;

/// The kinds of records whose names stand in public ones. Nothing else of such a record is kept.
const NAMED: [&str; 4] = ["person", "group", "theme", "station"];

/// All that is public, at one moment.
#[derive(Debug, Default)]
pub struct Board {
    published: BTreeMap<DocId, Published>,
    names: BTreeMap<DocId, Name>,
}

/// What a record is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    kind: &'static str,
    zh: String,
    en: String,
    rank: i64,
    in_use: bool,
}

impl Name {
    fn of(record: &Record) -> Option<Self> {
        let kind = NAMED.into_iter().find(|kind| *kind == record.envelope.kind)?;
        Some(Self {
            kind,
            zh: record.title().into_owned(),
            en: record.text("name_en").to_owned(),
            rank: record
                .values
                .get("rank")
                .and_then(Value::number)
                .unwrap_or_default(),
            in_use: record.status()?.state != "retired",
        })
    }

    fn in_lang(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.en.is_empty() {
            &self.en
        } else {
            &self.zh
        }
    }
}

impl Board {
    /// The public records of a kind: as the ledger numbers them, what is near first; others the latest first.
    pub(super) fn of(&self, kind: &str) -> Vec<&Published> {
        let mut list: Vec<_> = self.published.values().filter(|one| one.kind == kind).collect();
        list.sort_by_key(|one| {
            let part = text(one, "part") == "long";
            (part, number(one, "rank"), Reverse((one.since, one.id)))
        });
        list
    }

    /// A public record of a kind.
    pub(super) fn one(&self, kind: &str, id: DocId) -> Option<&Published> {
        self.published.get(&id).filter(|one| one.kind == kind)
    }

    /// A public record.
    pub(super) fn any(&self, id: DocId) -> Option<&Published> {
        self.published.get(&id)
    }

    /// The records of a kind that belong to a task.
    pub(super) fn of_task(&self, kind: &str, task: DocId) -> Vec<&Published> {
        let mut list = self.of(kind);
        list.retain(|one| text(one, "task").parse() == Ok(task));
        list
    }

    /// What a person, group, theme or station is called.
    pub(super) fn name(&self, id: DocId, lang: Lang) -> Option<&str> {
        self.names.get(&id).map(|name| name.in_lang(lang))
    }

    /// Those of a kind that are in use, in their order.
    pub(super) fn in_use(&self, kind: &str, lang: Lang) -> Vec<(DocId, &str)> {
        let fits = |name: &Name| name.kind == kind && name.in_use;
        let mut list: Vec<_> = self.names.iter().filter(|(_, name)| fits(name)).collect();
        list.sort_by_key(|(_, name)| (name.rank, &name.zh));
        list.into_iter()
            .map(|(id, name)| (*id, name.in_lang(lang)))
            .collect()
    }
}

/// The words in a field; empty where there are none.
pub(super) fn text<'a>(one: &'a Published, field: &str) -> &'a str {
    one.values.get(field).and_then(Value::text).unwrap_or_default()
}

/// The number in a field.
pub(super) fn number(one: &Published, field: &str) -> Option<i64> {
    one.values.get(field).and_then(Value::number)
}
