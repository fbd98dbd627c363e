//! How many records there are.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How many records a list has.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(super) struct Counts {
    /// By kind.
    #[serde(default)]
    pub(super) by_kind: BTreeMap<String, usize>,
    /// All.
    #[serde(default)]
    pub(super) total: usize,
}
