//! Every summary, and what is looked up among them: worked out once a change, not once a rendering.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

use lianxin_shared::id::{DocId, UserId};
use lianxin_shared::records::{Columns, Register, Value, register};
use lianxin_shared::standing::Standing;
use lianxin_shared::sync::Summary;
use lianxin_shared::twins::Twins;

/// Every summary, with what follows from them all: worked out once a change, not once a rendering.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    pub(super) summaries: BTreeMap<DocId, Rc<Summary>>,
    /// The records of work among them, last started first.
    pub(super) work: Vec<Rc<Summary>>,
    /// Of these, those that have something to send, themselves or in their companion.
    pub(super) unsent: Vec<Rc<Summary>>,
    /// Those that ask something of somebody.
    pub(super) asking: Vec<Rc<Summary>>,
    /// Which records name a record, with the field by which they do.
    pub(super) named_by: BTreeMap<DocId, Vec<(String, DocId)>>,
    /// Who bears which name at sign-in.
    pub(super) users: BTreeMap<UserId, DocId>,
    /// What speaks of the same is found among these.
    pub(super) twins: Twins,
}

impl Index {
    /// Of all that was read.
    pub(super) fn of(summaries: Vec<Rc<Summary>>, twins: Twins) -> Self {
        let mut index = Self {
            summaries: summaries
                .into_iter()
                .map(|summary| (summary.doc, summary))
                .collect(),
            twins,
            ..Self::default()
        };
        index.sort();
        index
    }

    /// These documents are now as these summaries say; those without one are gone.
    pub(super) fn change(&mut self, ids: &[DocId], summaries: Vec<Rc<Summary>>) {
        for id in ids {
            self.summaries.remove(id);
            self.twins.remove(*id);
        }
        for summary in summaries {
            hold(&mut self.twins, &summary);
            self.summaries.insert(summary.doc, summary);
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.users = self
            .summaries
            .values()
            .filter_map(|summary| bearer(summary))
            .collect();
        let work = self.summaries.values().filter(|summary| is_work(summary));
        self.work = work.cloned().collect();
        self.work
            .sort_by_key(|summary| Reverse((summary.created_at, summary.doc)));
        self.named_by.clear();
        for summary in &self.work {
            for link in &summary.links {
                let named_by = self.named_by.entry(link.to).or_default();
                named_by.push((link.field.clone(), summary.doc));
            }
        }
        let asks = |summary: &&Rc<Summary>| summary.standing(false) == Standing::NeedsAttention;
        self.asking = self.work.iter().filter(asks).cloned().collect();
        // Looking for companions costs a hash each: only where anything waits at all.
        self.unsent = if self.summaries.values().any(|summary| summary.unsent) {
            let waits = |record: &&Rc<Summary>| self.waits(record);
            self.work.iter().filter(waits).cloned().collect()
        } else {
            Vec::new()
        };
    }

    fn waits(&self, record: &Summary) -> bool {
        let is_unsent = |id: DocId| self.summaries.get(&id).is_some_and(|summary| summary.unsent);
        let companion = register(&record.kind).and_then(Register::companion);
        record.unsent || companion.is_some_and(|other| is_unsent(record.doc.companion(other.kind)))
    }
}

/// Has twins found of a record that can have any.
pub(super) fn hold(twins: &mut Twins, summary: &Summary) {
    if let Some(sketch) = summary.sketch() {
        twins.put(summary.doc, &sketch);
    }
}

fn is_work(summary: &Summary) -> bool {
    register(&summary.kind).is_some_and(|register| register.columns == Columns::Work)
}

/// Who signs in by a name, of the record of a person.
pub(super) fn bearer(summary: &Summary) -> Option<(UserId, DocId)> {
    if summary.kind != "person" {
        return None;
    }
    let user = summary.reference.get("user").and_then(Value::text)?;
    user.parse().ok().map(|user| (user, summary.doc))
}
