//! What is to be reached in a year: a figure, for whom, how much. The office sets them.

use super::reference::{IN_USE, retire_and_restore};
use super::register::WORK;
use super::{Audience, Columns, FIGURES, Field, Lifecycle, Part, Register, Shape, WHO};

const OFFICE: &[Part] = &[Part::Clerk, Part::Admin];

/// The register of targets.
pub(super) static TARGET: Register = Register {
    kind: "target",
    fields: &[
        Field::required("name", Shape::Line { max: 60 }, OFFICE),
        Field::required("figure", Shape::Choice(FIGURES), OFFICE),
        Field::required("who", Shape::Choice(WHO), OFFICE),
        Field::required("goal", Shape::Count { max: 1_000_000 }, OFFICE),
        Field::folded("year", Shape::Count { max: 9_999 }, OFFICE),
    ],
    title: "name",
    lifecycle: Lifecycle {
        steps: &retire_and_restore(OFFICE),
        ..IN_USE
    },
    create: OFFICE,
    audience: &[Audience::District],
    columns: Columns::Reference,
    ..WORK
};
