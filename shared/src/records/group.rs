//! Sector groups (界别活动小组), special committees (专门委员会), supervision groups (民主监督小组), departments, and the parties and
//! organisations that are asked beforehand.

use super::reference::{IN_USE, retire_and_restore};
use super::register::WORK;
use super::{Audience, Columns, Field, Lifecycle, Part, Register, Shape};

const ADMIN: &[Part] = &[Part::Admin];

/// The register of groups.
pub(super) static GROUP: Register = Register {
    kind: "group",
    fields: &[
        Field::required("name", Shape::Line { max: 60 }, ADMIN),
        Field::required(
            "type",
            Shape::Choice(&["sector", "committee", "supervision", "department", "party"]),
            ADMIN,
        ),
        Field::asked(
            "subject",
            Shape::Choice(&["budget", "governance", "urban"]),
            ADMIN,
        ),
        Field::asked("convener", Shape::Reference("person"), ADMIN),
        Field::asked(
            "members",
            Shape::References {
                kind: "person",
                max: 500,
            },
            ADMIN,
        ),
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
