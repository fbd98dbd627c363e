//! What suggestions are about. The plan names ten themes; the office edits the list.

use super::{Audience, Columns, Field, Lifecycle, Need, Object, Part, Place, Register, Shape, Step, Words};

const ADMIN: &[Part] = &[Part::Clerk, Part::Admin];

/// The register of themes.
pub(super) static THEME: Register = Register {
    kind: "theme",
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
            name: "name_en",
            shape: Shape::Line { max: 60 },
            need: Need::Asked,
            edit: ADMIN,
        },
        Field {
            name: "rank",
            shape: Shape::Count { max: 1_000 },
            need: Need::Folded,
            edit: ADMIN,
        },
    ],
    title: "name",
    theme: None,
    when: None,
    lifecycle: Lifecycle {
        start: "active",
        writable: &["active"],
        attention: &[],
        answered: &[],
        steps: &[
            Step {
                act: "retire",
                from: &["active"],
                to: "retired",
                by: ADMIN,
                words: Words::Welcome,
                object: Object::None,
            },
            Step {
                act: "restore",
                from: &["retired"],
                to: "active",
                by: ADMIN,
                words: Words::Welcome,
                object: Object::None,
            },
        ],
    },
    create: ADMIN,
    audience: &[Audience::District],
    companion_of: None,
    columns: Columns::Reference,
};
