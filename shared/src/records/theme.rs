//! What suggestions are about. The plan names ten themes; the office edits the list.

use super::reference::{IN_USE, retire_and_restore};
use super::{Audience, Columns, Field, Lifecycle, Need, Part, Place, Register, Shape};

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
        steps: &retire_and_restore(ADMIN),
        ..IN_USE
    },
    create: ADMIN,
    audience: &[Audience::District],
    companion_of: None,
    columns: Columns::Reference,
};
