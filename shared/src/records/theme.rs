//! What suggestions are about. The plan names ten themes; the office edits the list.

use super::reference::{IN_USE, retire_and_restore};
use super::register::WORK;
use super::{Audience, Columns, Field, Lifecycle, Part, Register, Shape};

const ADMIN: &[Part] = &[Part::Clerk, Part::Admin];

/// The register of themes.
pub(super) static THEME: Register = Register {
    kind: "theme",
    fields: &[
        Field::required("name", Shape::Line { max: 40 }, ADMIN),
        Field::asked("name_en", Shape::Line { max: 60 }, ADMIN),
        Field::folded("rank", Shape::Count { max: 1_000 }, ADMIN),
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
