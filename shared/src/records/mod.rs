//! The registers. Each is declared in a file of its own and listed once, in [`REGISTERS`]: its form, list,
//! validation, projection, export columns and labels all follow from the declaration.
//!
//! To add a register: write its file, add its line below, add its words to both catalogues.

mod activity;
mod attachment;
mod comment;
mod commitment;
mod consultation;
mod contact;
mod district;
mod event;
mod exemplar;
mod group;
mod help_case;
mod lifecycle;
mod measure;
mod opinion_report;
mod person;
mod proposal;
mod record;
mod rectification;
mod reference;
mod register;
mod research;
mod station;
mod suggestion;
mod supervision;
mod target;
mod theme;
mod value;
mod visit;

pub(crate) use attachment::Stored as StoredAttachment;
pub use attachment::{Attachment, File, JPEG, PDF, Position};
pub use district::quiet_days;
pub use event::Event;
pub(crate) use event::Stored as StoredEvent;
pub use lifecycle::{Lifecycle, Mark, Object, Status, Step, Words};
pub use record::{Envelope, MAX_HEADLINE, Record, headline};
pub use register::{
    Amount, Audience, Columns, Credit, Credited, Due, Field, Need, Part, Place, Public, Register, Shape,
};
pub use value::{Value, Values};

/// Every register, in the order in which the app shows them.
pub static REGISTERS: &[&Register] = &[
    &suggestion::SUGGESTION,
    &activity::ACTIVITY,
    &opinion_report::OPINION_REPORT,
    &visit::VISIT,
    &help_case::HELP_CASE,
    &research::RESEARCH,
    &proposal::PROPOSAL,
    &supervision::SUPERVISION,
    &consultation::CONSULTATION,
    &commitment::COMMITMENT,
    &exemplar::EXEMPLAR,
    &rectification::RECTIFICATION,
    &measure::MEASURE,
    &comment::COMMENT,
    &contact::CONTACT,
    &station::STATION,
    &person::PERSON,
    &group::GROUP,
    &theme::THEME,
    &target::TARGET,
    &district::DISTRICT,
];

/// Those for whom there can be targets, in the order in which they are shown.
pub const WHO: &[&str] = &[
    "leader",
    "member",
    "sector",
    "committee",
    "supervision",
    "station",
];

/// The figure that somebody was visited. It is the visitor's doing: of nobody's own work it says anything.
pub const VISITED: &str = "visited";

/// Every figure that records count towards. Targets are set on them.
pub const FIGURES: &[&str] = &[
    "activity",
    "reached",
    "suggestion",
    "opinion_report",
    "visit",
    "visited",
    "help_case",
    "help_solved",
    "research",
    "inspection",
    "research_days",
    "proposal",
    "supervision",
    "consultation",
    "commitment",
    "commitment_kept",
];

/// The register of a kind, if there is one.
pub fn register(kind: &str) -> Option<&'static Register> {
    REGISTERS.iter().copied().find(|register| register.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DocId, Moment};
    use std::collections::BTreeSet;

    /// What a declaration can get wrong without the compiler noticing.
    #[test]
    fn a_headline_is_a_first_line_and_short() {
        assert_eq!(headline(" \n三号楼停水。\n两天了。"), "三号楼停水。");
        assert_eq!(headline(""), "");
        let just = "水".repeat(MAX_HEADLINE);
        assert_eq!(headline(&just), just);
        let long = headline(&format!("{just}。")).into_owned();
        assert_eq!(long.chars().count(), MAX_HEADLINE);
        assert!(long.ends_with("水…"), "{long}");
    }

    #[test]
    fn a_name_is_whole_and_what_somebody_said_is_not() {
        let long = "整".repeat(200);
        let titled = |kind: &str, field: &str| {
            let envelope = Envelope {
                schema: 1,
                kind: kind.to_owned(),
                id: DocId([1; 16]),
                station: None,
                owner: "clerk1".parse().unwrap(),
                created_at: Moment(1),
                attachments: Vec::new(),
            };
            let record = Record {
                envelope,
                values: [(field.to_owned(), Value::from(&*long))].into(),
                timeline: Vec::new(),
                unknown: Vec::new(),
            };
            record.title().chars().count()
        };
        assert_eq!(titled("rectification", "subject"), 200);
        assert_eq!(titled("suggestion", "body"), MAX_HEADLINE);
    }

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
            for list in [register.groups, register.parties] {
                assert!(
                    list.iter().all(|f| names.contains(f)),
                    "{kind}: groups or parties"
                );
            }
            assert!(
                register.due.is_none_or(|due| names.contains(due.field)),
                "{kind}: due"
            );
            let states: BTreeSet<_> = register.lifecycle.states().collect();
            let met = register.due.map_or(&[][..], |due| due.met);
            assert!(met.iter().all(|s| states.contains(s)), "{kind}: due");
            let lifecycle = &register.lifecycle;
            for list in [
                lifecycle.writable,
                lifecycle.attention,
                lifecycle.answered,
                lifecycle.closed,
            ] {
                assert!(list.iter().all(|s| states.contains(s)), "{kind}: {list:?}");
            }
            for list in [lifecycle.answers, lifecycle.setbacks] {
                let is_act = |act: &&str| lifecycle.steps.iter().any(|step| step.act == *act);
                assert!(list.iter().all(is_act), "{kind}: {list:?}");
            }
            for credit in register.credits {
                assert!(FIGURES.contains(&credit.figure), "{kind}: {}", credit.figure);
                assert!(
                    credit.states.iter().all(|s| states.contains(s)),
                    "{kind}: {}",
                    credit.figure
                );
                if let Credited::People(field) | Credited::Groups(field) = credit.to {
                    assert!(names.contains(field), "{kind}: {field}");
                }
                if let Amount::Number(field) | Amount::Entries(field) = credit.amount {
                    assert!(names.contains(field), "{kind}: {field}");
                }
            }
            if let Some(public) = register.public {
                assert!(public.states.iter().all(|s| states.contains(s)), "{kind}: public");
                assert!(public.fields.iter().all(|f| names.contains(f)), "{kind}: public");
                assert!(public.consent.is_none_or(|f| names.contains(f)), "{kind}: public");
                let whole_or_not = |s: &&str| states.contains(s) && !public.states.contains(s);
                assert!(public.held_back.iter().all(whole_or_not), "{kind}: public");
            }
            for step in register.lifecycle.steps {
                assert!(
                    step.from.iter().all(|s| states.contains(s)),
                    "{kind}: {}",
                    step.act
                );
                assert!(!step.by.is_empty(), "{kind}: nobody may {}", step.act);
                assert!(
                    step.needs.iter().all(|f| names.contains(f)),
                    "{kind}: {}",
                    step.act
                );
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
