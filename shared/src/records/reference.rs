//! What stations, people and themes have in common: they are in use until they are retired, and can be taken back.

use super::lifecycle::DRAFT;
use super::{Lifecycle, Part, Step};

/// The lifecycle of what is referred to. Its steps come from [`retire_and_restore`].
pub(super) const IN_USE: Lifecycle = Lifecycle {
    start: "active",
    writable: &["active"],
    closed: &["active", "retired"],
    ..DRAFT
};

/// Out of use and back, by these parts. What was retired stays where records name it.
pub(super) const fn retire_and_restore(by: &'static [Part]) -> [Step; 2] {
    [
        Step::new("retire", &["active"], "retired", by).words_welcome(),
        Step::new("restore", &["retired"], "active", by).words_welcome(),
    ]
}
