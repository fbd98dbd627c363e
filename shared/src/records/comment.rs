//! 评议: what somebody without an account says of a rectification task on the public page. It is shown or withheld with a
//! reason; never dropped.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Field, Lifecycle, Part, Public, Register, Shape, Step};

const SERVER: &[Part] = &[Part::Server];
const OFFICE: &[Part] = &[Part::Clerk];

/// The register of public comments.
pub(super) static COMMENT: Register = Register {
    kind: "comment",
    fields: &[
        Field::required("task", Shape::Reference("rectification"), SERVER),
        Field::required(
            "aspect",
            Shape::Choice(&["measures", "process", "effect"]),
            SERVER,
        ),
        Field::required("body", Shape::Prose { max: 2_000 }, SERVER),
        Field::asked("rating", Shape::Count { max: 5 }, SERVER),
    ],
    title: "body",
    lifecycle: Lifecycle {
        answered: &["shown", "withheld"],
        closed: &["shown", "withheld"],
        steps: &[
            Step::new("submit", &["draft"], "received", SERVER),
            Step::new("show", &["received", "withheld"], "shown", OFFICE).words_welcome(),
            Step::new("withhold", &["received", "shown"], "withheld", OFFICE).words_required(),
        ],
        ..DRAFT
    },
    create: SERVER,
    public: Some(Public {
        states: &["shown"],
        fields: &["task", "aspect", "body", "rating"],
        acts: &["show"],
        consent: None,
        held_back: &["received", "withheld"],
    }),
    ..WORK
};
