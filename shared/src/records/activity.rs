//! 活动: what members do at a station.

use super::{Audience, Columns, Field, Lifecycle, Need, Object, Part, Place, Register, Shape, Step, Words};

const STATION: &[Part] = &[Part::Owner, Part::Host, Part::Member];

/// The register of activities.
pub(super) static ACTIVITY: Register = Register {
    kind: "activity",
    schema: 1,
    place: Place::Station,
    fields: &[
        Field {
            name: "type",
            shape: Shape::Choice(&[
                "reception",
                "outreach",
                "briefing",
                "exemplars",
                "relief",
                "study",
                "group",
                "enterprise",
            ]),
            need: Need::Required,
            edit: STATION,
        },
        Field {
            name: "subject",
            shape: Shape::Line { max: 100 },
            need: Need::Required,
            edit: STATION,
        },
        Field {
            name: "held_at",
            shape: Shape::Moment,
            need: Need::Required,
            edit: STATION,
        },
        Field {
            name: "venue",
            shape: Shape::Line { max: 100 },
            need: Need::Asked,
            edit: STATION,
        },
        Field {
            name: "participants",
            shape: Shape::References {
                kind: "person",
                max: 200,
            },
            need: Need::Asked,
            edit: STATION,
        },
        Field {
            name: "reached",
            shape: Shape::Count { max: 1_000_000 },
            need: Need::Asked,
            edit: STATION,
        },
        Field {
            name: "outcome",
            shape: Shape::Prose { max: 20_000 },
            need: Need::Asked,
            edit: STATION,
        },
    ],
    title: "subject",
    theme: None,
    when: Some("held_at"),
    lifecycle: Lifecycle {
        start: "draft",
        writable: &["draft", "submitted", "returned"],
        attention: &["returned"],
        answered: &["confirmed"],
        steps: &[
            Step {
                act: "submit",
                from: &["draft", "returned"],
                to: "submitted",
                by: STATION,
                words: Words::None,
                object: Object::None,
            },
            Step {
                act: "confirm",
                from: &["submitted"],
                to: "confirmed",
                by: &[Part::Clerk],
                words: Words::Welcome,
                object: Object::None,
            },
            Step {
                act: "return",
                from: &["submitted", "confirmed"],
                to: "returned",
                by: &[Part::Clerk],
                words: Words::Required,
                object: Object::None,
            },
        ],
    },
    create: STATION,
    audience: &[Audience::Station, Audience::Owner],
    companion_of: None,
    columns: Columns::Work,
};
