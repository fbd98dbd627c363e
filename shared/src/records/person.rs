//! People by name: members (委员) and all who act in the app. What they may do is in their account.

use super::reference::{IN_USE, retire_and_restore};
use super::{Audience, Columns, Field, Lifecycle, Need, Part, Place, Register, Shape};

const ADMIN: &[Part] = &[Part::Admin];

/// The register of people.
pub(super) static PERSON: Register = Register {
    kind: "person",
    schema: 1,
    place: Place::District,
    fields: &[
        Field {
            name: "name",
            shape: Shape::Line { max: 40 },
            need: Need::Required,
            edit: ADMIN,
        },
        Field {
            name: "user",
            shape: Shape::Line { max: 32 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "sector",
            shape: Shape::Line { max: 40 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "committee",
            shape: Shape::Line { max: 40 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "workplace",
            shape: Shape::Line { max: 100 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "leader",
            shape: Shape::Flag,
            need: Need::Asked,
            edit: ADMIN,
        },
    ],
    title: "name",
    theme: None,
    when: None,
    lifecycle: Lifecycle {
        steps: &retire_and_restore(ADMIN),
        ..IN_USE
    },
    create: ADMIN,
    audience: &[Audience::District],
    companion_of: None,
    columns: Columns::Reference,
};
