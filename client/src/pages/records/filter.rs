//! What the list of records is narrowed to, as it stands in the address.

use std::rc::Rc;

use lianxin_shared::id::UserId;
use lianxin_shared::search;
use lianxin_shared::sync::Summary;
use serde::{Deserialize, Serialize};

/// A filter; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Words that all occur.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// The register's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The state of its lifecycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Who started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// The figure it counts towards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<String>,
    /// For whom it counts: a subject by its name, several with commas between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it took place, from this moment on, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
}

impl Filter {
    /// Whether nothing is narrowed.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    /// The records that pass, in their order.
    pub fn of(&self, records: &[Rc<Summary>]) -> Vec<Rc<Summary>> {
        records
            .iter()
            .filter(|record| self.passes(record))
            .cloned()
            .collect()
    }

    fn passes(&self, record: &Summary) -> bool {
        let is =
            |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        is(&self.kind, &record.kind)
            && is(&self.state, &record.state)
            && self.owner.as_ref().is_none_or(|owner| *owner == record.owner)
            && self.counts(record)
            && self.from.is_none_or(|from| record.when.0 >= from)
            && search::matches(&record.search, &self.q)
    }

    fn counts(&self, record: &Summary) -> bool {
        let Some(figure) = &self.figure else { return true };
        let subjects = self.subject.as_deref().unwrap_or_default();
        record.credits.iter().any(|counted| {
            counted.figure == *figure && subjects.split(',').any(|subject| subject == counted.subject)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianxin_shared::id::{DocId, Moment};
    use lianxin_shared::sync::Counted;

    fn record(kind: &str, state: &str, words: &str) -> Rc<Summary> {
        Rc::new(Summary {
            doc: DocId([1; 16]),
            kind: kind.to_owned(),
            station: None,
            owner: "host1".parse().unwrap(),
            created_at: Moment(5),
            when: Moment(5),
            state: state.to_owned(),
            since: None,
            words: None,
            title: words.to_owned(),
            theme: None,
            search: search::normalize(words),
            reference: lianxin_shared::records::Values::new(),
            channels: Vec::new(),
            unsent: false,
            refusal: None,
            accepted: lianxin_shared::id::Heads::default(),
            handler: None,
            due: None,
            number: None,
            links: Vec::new(),
            credits: vec![Counted {
                subject: "user:host1".to_owned(),
                figure: kind.to_owned(),
                amount: 1,
            }],
            sketch: None,
            thumb: None,
        })
    }

    #[test]
    fn a_filter_narrows_by_what_it_names() {
        let all = || {
            vec![
                record("suggestion", "received", "３号楼电梯又停了"),
                record("suggestion", "answered", "路灯不亮"),
                record("activity", "submitted", "接待群众"),
            ]
        };
        let found = |filter: &Filter| {
            filter
                .of(&all())
                .iter()
                .map(|r| r.title.clone())
                .collect::<Vec<_>>()
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found(&Filter::default()).len(), 3);
        assert_eq!(
            found(&Filter {
                q: "电梯 3号".to_owned(),
                ..Filter::default()
            }),
            ["３号楼电梯又停了"]
        );
        assert_eq!(
            found(&Filter {
                kind: text("suggestion"),
                state: text("answered"),
                ..Filter::default()
            }),
            ["路灯不亮"]
        );
        let counted = |subject: &str| Filter {
            figure: text("activity"),
            subject: text(subject),
            ..Filter::default()
        };
        assert_eq!(found(&counted("person:甲,user:host1")), ["接待群众"]);
        assert!(found(&counted("user:host2")).is_empty());
        assert!(
            found(&Filter {
                from: Some(6),
                ..Filter::default()
            })
            .is_empty()
        );
        assert!(
            found(&Filter {
                owner: "host2".parse().ok(),
                ..Filter::default()
            })
            .is_empty()
        );
    }
}
