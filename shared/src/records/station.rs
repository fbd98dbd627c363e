//! Workstations, member homes and contact points: three kinds of one thing.

use super::reference::{IN_USE, retire_and_restore};
use super::register::WORK;
use super::{Audience, Columns, Field, Lifecycle, Part, Register, Shape};

const ADMIN: &[Part] = &[Part::Admin];

/// The register of stations.
pub(super) static STATION: Register = Register {
    kind: "station",
    fields: &[
        Field::required("name", Shape::Line { max: 60 }, ADMIN),
        Field::required(
            "type",
            Shape::Choice(&["workstation", "member_home", "contact_point"]),
            ADMIN,
        ),
        Field::asked("address", Shape::Line { max: 100 }, ADMIN),
        Field::asked("area", Shape::Line { max: 200 }, ADMIN),
        Field::asked("opening", Shape::Line { max: 100 }, ADMIN),
        Field::asked(
            "hosts",
            Shape::References {
                kind: "person",
                max: 50,
            },
            ADMIN,
        ),
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
