//! What stations, people and themes have in common: they are in use until they are retired, and can be taken back.

use super::{Lifecycle, Object, Part, Step, Words};

/// The lifecycle of what is referred to. Its steps come from [`retire_and_restore`].
pub(super) const IN_USE: Lifecycle = Lifecycle {
    start: "active",
    writable: &["active"],
    attention: &[],
    answered: &[],
    steps: &[],
};

/// Out of use and back, by these parts. What was retired stays where records name it.
pub(super) const fn retire_and_restore(by: &'static [Part]) -> [Step; 2] {
    [
        Step {
            act: "retire",
            from: &["active"],
            to: "retired",
            by,
            words: Words::Welcome,
            object: Object::None,
        },
        Step {
            act: "restore",
            from: &["retired"],
            to: "active",
            by,
            words: Words::Welcome,
            object: Object::None,
        },
    ]
}
