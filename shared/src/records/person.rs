//! People by name: members (委员) and all who act in the app. What they may do is in their account.

use super::reference::{IN_USE, retire_and_restore};
use super::register::WORK;
use super::{Audience, Columns, Field, Lifecycle, Part, Register, Shape};

const ADMIN: &[Part] = &[Part::Admin];

/// The register of people.
pub(super) static PERSON: Register = Register {
    kind: "person",
    fields: &[
        Field::required("name", Shape::Line { max: 40 }, ADMIN),
        Field::asked("user", Shape::Line { max: 32 }, ADMIN),
        Field::asked("sector", Shape::Line { max: 40 }, ADMIN),
        Field::asked("committee", Shape::Line { max: 40 }, ADMIN),
        Field::asked("workplace", Shape::Line { max: 100 }, ADMIN),
        Field::asked("leader", Shape::Flag, ADMIN),
    ],
    title: "name",
    lifecycle: Lifecycle {
        steps: &retire_and_restore(ADMIN),
        ..IN_USE
    },
    create: ADMIN,
    audience: &[Audience::District],
    columns: Columns::Reference,
    ..WORK
};
