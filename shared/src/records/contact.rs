//! A resident's contact: the companion of a suggestion, in narrower channels than it, so that it can be kept from
//! other readers and erased for good without touching what was said.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Audience, Columns, Field, Lifecycle, Part, Place, Register, Shape};

const TAKERS: &[Part] = &[Part::Owner, Part::Host, Part::Clerk];

/// The register of contacts.
pub(super) static CONTACT: Register = Register {
    kind: "contact",
    place: Place::Station,
    fields: &[
        Field::asked("name", Shape::Line { max: 40 }, TAKERS),
        Field::asked("phone", Shape::Line { max: 40 }, TAKERS),
        Field::folded("remark", Shape::Line { max: 200 }, TAKERS),
    ],
    title: "name",
    lifecycle: Lifecycle {
        start: "kept",
        writable: &["kept"],
        ..DRAFT
    },
    create: &[Part::Host, Part::Attached, Part::Server],
    erase: &[Part::Clerk, Part::Admin],
    audience: &[Audience::Hosts],
    companion_of: &["suggestion"],
    columns: Columns::Companion,
    ..WORK
};
