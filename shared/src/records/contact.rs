//! A resident's contact: the companion of a suggestion, in narrower channels than it, so that it can be kept from
//! other readers and erased for good without touching what was said.

use super::{Audience, Columns, Field, Lifecycle, Need, Part, Place, Register, Shape};

const TAKERS: &[Part] = &[Part::Owner, Part::Host, Part::Clerk];

/// The register of contacts.
pub(super) static CONTACT: Register = Register {
    kind: "contact",
    schema: 1,
    place: Place::Station,
    fields: &[
        Field {
            name: "name",
            shape: Shape::Line { max: 40 },
            need: Need::Asked,
            edit: TAKERS,
        },
        Field {
            name: "phone",
            shape: Shape::Line { max: 40 },
            need: Need::Asked,
            edit: TAKERS,
        },
        Field {
            name: "remark",
            shape: Shape::Line { max: 200 },
            need: Need::Folded,
            edit: TAKERS,
        },
    ],
    title: "name",
    theme: None,
    when: None,
    lifecycle: Lifecycle {
        start: "kept",
        writable: &["kept"],
        attention: &[],
        answered: &[],
        steps: &[],
    },
    create: &[Part::Owner, Part::Host, Part::Member],
    audience: &[Audience::Hosts],
    companion_of: Some("suggestion"),
    columns: Columns::Companion,
};
