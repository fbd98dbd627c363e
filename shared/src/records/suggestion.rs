//! 社情民意: what residents say, collected at a station. Who said it is in the companion register `contact`.

use super::{Audience, Columns, Field, Lifecycle, Need, Object, Part, Place, Register, Shape, Step, Words};

const STATION: &[Part] = &[Part::Owner, Part::Host, Part::Member];
const STATION_AND_OFFICE: &[Part] = &[Part::Owner, Part::Host, Part::Member, Part::Clerk];
const OFFICE: &[Part] = &[Part::Clerk];

/// The register of suggestions.
pub(super) static SUGGESTION: Register = Register {
    kind: "suggestion",
    schema: 1,
    place: Place::Station,
    fields: &[
        Field {
            name: "body",
            shape: Shape::Prose { max: 20_000 },
            need: Need::Required,
            edit: STATION,
        },
        Field {
            name: "theme",
            shape: Shape::Reference("theme"),
            need: Need::Required,
            edit: STATION_AND_OFFICE,
        },
        Field {
            name: "location",
            shape: Shape::Line { max: 100 },
            need: Need::Asked,
            edit: STATION_AND_OFFICE,
        },
        Field {
            name: "consent",
            shape: Shape::Flag,
            need: Need::Asked,
            edit: STATION,
        },
    ],
    title: "body",
    theme: Some("theme"),
    when: None,
    lifecycle: Lifecycle {
        start: "draft",
        writable: &["draft", "received", "returned"],
        attention: &["returned"],
        answered: &["answered", "published", "rated", "declined"],
        steps: &[
            Step {
                act: "submit",
                from: &["draft", "returned"],
                to: "received",
                by: STATION,
                words: Words::None,
                object: Object::None,
            },
            Step {
                act: "accept",
                from: &["received"],
                to: "accepted",
                by: OFFICE,
                words: Words::Welcome,
                object: Object::None,
            },
            Step {
                act: "return",
                from: &["received", "accepted"],
                to: "returned",
                by: OFFICE,
                words: Words::Required,
                object: Object::None,
            },
            Step {
                act: "decline",
                from: &["received", "accepted"],
                to: "declined",
                by: OFFICE,
                words: Words::Required,
                object: Object::None,
            },
            Step {
                act: "merge",
                from: &["received", "accepted"],
                to: "merged",
                by: OFFICE,
                words: Words::Welcome,
                object: Object::Record,
            },
            Step {
                act: "assign",
                from: &["accepted", "assigned"],
                to: "assigned",
                by: OFFICE,
                words: Words::Welcome,
                object: Object::Handler,
            },
            Step {
                act: "answer",
                from: &["accepted", "assigned"],
                to: "answered",
                by: &[Part::Clerk, Part::Handler],
                words: Words::Required,
                object: Object::None,
            },
            Step {
                act: "publish",
                from: &["answered"],
                to: "published",
                by: OFFICE,
                words: Words::None,
                object: Object::None,
            },
            Step {
                act: "rate",
                from: &["answered", "published"],
                to: "rated",
                by: &[Part::Server],
                words: Words::Welcome,
                object: Object::None,
            },
        ],
    },
    create: STATION,
    audience: &[Audience::Station, Audience::Owner],
    companion_of: None,
    columns: Columns::Work,
};
