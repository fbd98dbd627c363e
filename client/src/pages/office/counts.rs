//! How many records there are, and how many of them wait for the office.

use std::collections::BTreeMap;

use lianxin_shared::records::Part;
use serde::Deserialize;

use super::filter::work;

/// How many records there are.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(super) struct Counts {
    /// By kind.
    #[serde(default)]
    pub(super) by_kind: BTreeMap<String, usize>,
    /// By state.
    #[serde(default)]
    pub(super) by_state: BTreeMap<String, usize>,
    /// All.
    #[serde(default)]
    pub(super) total: usize,
}

impl Counts {
    /// How many records wait for the office.
    pub(super) fn waiting(&self) -> usize {
        waiting_states()
            .iter()
            .filter_map(|state| self.by_state.get(*state))
            .sum()
    }
}

/// The states that wait for the office: it can lead on from them, and its answer does not stand yet.
fn waiting_states() -> Vec<&'static str> {
    let mut states = Vec::new();
    for register in work() {
        let lifecycle = &register.lifecycle;
        let by_clerk = lifecycle
            .steps
            .iter()
            .filter(|step| step.by.contains(&Part::Clerk));
        for state in by_clerk.flat_map(|step| step.from) {
            if !lifecycle.answered.contains(state) && !states.contains(state) {
                states.push(*state);
            }
        }
    }
    states
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_waits_for_the_office_is_what_it_can_act_on() {
        let states = super::waiting_states();
        for state in ["submitted", "received", "accepted", "assigned"] {
            assert!(states.contains(&state), "{state}");
        }
        for state in ["draft", "returned", "answered", "confirmed", "declined"] {
            assert!(!states.contains(&state), "{state}");
        }
    }
}
