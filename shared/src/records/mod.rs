//! The registers. Each is declared in a file of its own and listed once, in [`REGISTERS`]: its form, list,
//! validation, projection, export columns and labels all follow from the declaration.
//!
//! To add a register: write its file, add its line below, add its words to both catalogues.

mod activity;
mod contact;
mod event;
mod lifecycle;
mod person;
mod record;
mod reference;
mod register;
mod station;
mod suggestion;
mod theme;
mod value;

pub use event::Event;
pub(crate) use event::Stored as StoredEvent;
pub use lifecycle::{Lifecycle, Object, Status, Step, Words};
pub use record::{Envelope, Record};
pub use register::{Audience, Columns, Field, Need, Part, Place, Register, Shape};
pub use value::{Value, Values};

/// Every register, in the order in which the app shows them.
pub static REGISTERS: &[&Register] = &[
    &activity::ACTIVITY,
    &suggestion::SUGGESTION,
    &contact::CONTACT,
    &station::STATION,
    &person::PERSON,
    &theme::THEME,
];

/// The register of a kind, if there is one.
pub fn register(kind: &str) -> Option<&'static Register> {
    REGISTERS.iter().copied().find(|register| register.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What a declaration can get wrong without the compiler noticing.
    #[test]
    fn every_declaration_is_whole() {
        for register in REGISTERS {
            let kind = register.kind;
            let names: BTreeSet<_> = register.fields.iter().map(|f| f.name).collect();
            assert_eq!(
                names.len(),
                register.fields.len(),
                "{kind}: a field's name is used twice"
            );
            assert!(
                names.contains(register.title),
                "{kind}: no field `{}`",
                register.title
            );
            assert!(register.theme.is_none_or(|t| names.contains(t)), "{kind}: theme");
            assert!(register.when.is_none_or(|t| names.contains(t)), "{kind}: when");
            let states: BTreeSet<_> = register.lifecycle.states().collect();
            for step in register.lifecycle.steps {
                assert!(
                    step.from.iter().all(|s| states.contains(s)),
                    "{kind}: {}",
                    step.act
                );
                assert!(!step.by.is_empty(), "{kind}: nobody may {}", step.act);
            }
            for field in register.fields {
                assert!(
                    !Envelope::KEYS.contains(&field.name),
                    "{kind}: `{}` is the envelope's",
                    field.name
                );
                if let Shape::Reference(other) | Shape::References { kind: other, .. } = field.shape {
                    assert!(
                        super::register(other).is_some(),
                        "{kind}: {} points nowhere",
                        field.name
                    );
                }
            }
            assert!(
                std::ptr::eq(super::register(kind).unwrap(), *register),
                "{kind} is listed twice"
            );
        }
    }
}
