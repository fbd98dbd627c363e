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
        ] {
            *value = value.take().filter(|value| !value.is_empty());
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
        ] {
            let filter = Filter::of(query);
            assert!(
                filter.is_open() || filter == Filter::of("kind=activity"),
                "{query}"
            );
        }
    }
}
