//! Which records the list shows. It lives in the address alone, so that going back, reloading and handing on the address
//! show the same list.

use lianxin_shared::id::DocId;
use lianxin_shared::records::{Columns, REGISTERS, Register, register};
use serde::{Deserialize, Serialize};
use yew_router::query::{FromQuery, ToQuery};

/// Which records the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// Words to be found in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) q: Option<String>,
    /// Their kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    /// Their station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) station: Option<DocId>,
    /// Their state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
    /// Their theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) theme: Option<DocId>,
    /// Whom they are assigned to; `-` for nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) handler: Option<String>,
    /// Who assigned them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assigner: Option<String>,
    /// Who started them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
    /// What they need: one of [`CARES`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) care: Option<String>,
    /// The figure that they count for, of `subject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) figure: Option<String>,
    /// Whose figure, as `person:ID`; several with commas between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    /// In which order: one of [`ORDERS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order: Option<String>,
    /// From this day on, as `2026-11-24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    /// Up to and with this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<String>,
}

impl Filter {
    /// Reads the query of an address. One that makes no sense filters nothing.
    pub(super) fn of(query: &str) -> Self {
        Self::from_query(query.trim_start_matches('?'))
            .unwrap_or_default()
            .without_blanks()
    }

    /// The query of an address; empty without a filter. The server's list takes the same names.
    pub(super) fn query(&self) -> String {
        self.to_query().map(String::from).unwrap_or_default()
    }

    /// The same within another, narrower one. Where nothing was asked for: what is open, and what is due first of it.
    pub(super) fn within(self, other: &Self) -> Self {
        if other.is_open() {
            return self;
        }
        let asked = if self.is_open() || self == *other {
            Self {
                care: Some("open".to_owned()),
                order: Some("due".to_owned()),
                ..self
            }
        } else {
            self
        };
        Self {
            handler: other.handler.clone(),
            ..asked
        }
    }

    /// Whether everything is shown.
    pub(super) fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether more than words and kind is asked for.
    pub(super) fn is_narrow(&self) -> bool {
        let rest = Self {
            q: None,
            kind: None,
            ..self.clone()
        };
        !rest.is_open()
    }

    /// The same with empty values taken for none, and without a state that the kind does not know.
    pub(super) fn without_blanks(mut self) -> Self {
        for value in [
            &mut self.q,
            &mut self.kind,
            &mut self.state,
            &mut self.from,
            &mut self.to,
            &mut self.handler,
            &mut self.assigner,
            &mut self.owner,
            &mut self.care,
            &mut self.figure,
            &mut self.subject,
            &mut self.order,
        ] {
            *value = value.take().filter(|value| !value.is_empty());
        }
        // A figure is always somebody's.
        if self.figure.is_none() || self.subject.is_none() {
            (self.figure, self.subject) = (None, None);
        }
        let states = self.states();
        self.state = self
            .state
            .take()
            .filter(|state| states.iter().any(|(_, s)| s == state));
        self
    }

    /// The states to filter by, each with a kind that has it; of the chosen kind alone if there is one.
    pub(super) fn states(&self) -> Vec<(&'static Register, &'static str)> {
        let kinds: Vec<_> = match &self.kind {
            Some(kind) => register(kind).into_iter().collect(),
            None => work().collect(),
        };
        let mut states: Vec<(&Register, &str)> = Vec::new();
        for register in kinds {
            // What has not left its draft has not reached the office.
            for state in register.lifecycle.states().skip(1) {
                if !states.iter().any(|(_, other)| *other == state) {
                    states.push((register, state));
                }
            }
        }
        states
    }
}

/// What a list can be asked for besides a state: something is expected still or no more, late, without a day by which it is
/// due, without a step for long, answered in general words, found wanting.
pub(super) const CARES: &[&str] = &[
    "open", "overdue", "undated", "stalled", "general", "wanting", "closed",
];

/// The orders of a list. Without one a search shows the best hits first, and everything else the latest.
pub(super) const ORDERS: &[&str] = &["received", "due", "words"];

/// The name for nobody, which no user has.
pub(super) const NOBODY: &str = "-";

/// The registers of work, which the inbox is about.
pub(super) fn work() -> impl Iterator<Item = &'static Register> {
    REGISTERS
        .iter()
        .copied()
        .filter(|register| register.columns == Columns::Work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_comes_back_from_its_address() {
        let filter = Filter {
            q: Some("电梯 & 停车".to_owned()),
            kind: Some("suggestion".to_owned()),
            station: Some(DocId([3; 16])),
            state: Some("received".to_owned()),
            from: Some("2026-11-01".to_owned()),
            ..Filter::default()
        };
        assert_eq!(Filter::of(&format!("?{}", filter.query())), filter);
        assert_eq!(Filter::default().query(), "");
    }

    #[test]
    fn an_address_that_makes_no_sense_filters_nothing() {
        for query in [
            "",
            "?",
            "?station=nowhere",
            "?q=&kind=",
            "?kind=activity&state=merged",
            "?figure=visit",
        ] {
            let filter = Filter::of(query);
            assert!(
                filter.is_open() || filter == Filter::of("kind=activity"),
                "{query}"
            );
        }
    }
}
