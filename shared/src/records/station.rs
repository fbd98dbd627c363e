//! Workstations, member homes and contact points: three kinds of one thing.

use super::reference::{IN_USE, retire_and_restore};
use super::{Audience, Columns, Field, Lifecycle, Need, Part, Place, Register, Shape};

const ADMIN: &[Part] = &[Part::Admin];

/// The register of stations.
pub(super) static STATION: Register = Register {
    kind: "station",
    schema: 1,
    place: Place::District,
    fields: &[
        Field {
            name: "name",
            shape: Shape::Line { max: 60 },
            need: Need::Required,
            edit: ADMIN,
        },
        Field {
            name: "type",
            shape: Shape::Choice(&["workstation", "member_home", "contact_point"]),
            need: Need::Required,
            edit: ADMIN,
        },
        Field {
            name: "address",
            shape: Shape::Line { max: 100 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "area",
            shape: Shape::Line { max: 200 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "opening",
            shape: Shape::Line { max: 100 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "hosts",
            shape: Shape::References {
                kind: "person",
                max: 50,
            },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "members",
            shape: Shape::References {
                kind: "person",
                max: 500,
            },
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
