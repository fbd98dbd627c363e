//! 承诺: what a member promises for the year, and whether it was kept. Once published the promise stands; the evidence is in the
//! words by which it is said to be kept. Confirmed, it still says which of the two it was: a kept promise ends `confirmed`, one
//! that was not kept `closed`.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Due, Field, Lifecycle, Part, Public, Register, Shape, Step};

const OWN: &[Part] = &[Part::Owner];
const PUBLIC: &[&str] = &[
    "published",
    "kept",
    "not_kept",
    "questioned",
    "confirmed",
    "closed",
];

/// The register of commitments.
pub(super) static COMMITMENT: Register = Register {
    kind: "commitment",
    fields: &[
        Field::required("promise", Shape::Prose { max: 2_000 }, OWN),
        Field::required("by_when", Shape::Moment, OWN),
        Field::asked("person", Shape::Reference("person"), OWN),
    ],
    title: "promise",
    due: Some(Due {
        field: "by_when",
        // Whether it was kept is said: that it is confirmed is the office's to do.
        met: &["kept", "not_kept"],
        only: None,
    }),
    lifecycle: Lifecycle {
        attention: &["questioned"],
        answered: &["confirmed", "closed"],
        closed: &["confirmed", "closed"],
        answers: &["keep", "miss"],
        setbacks: &["question"],
        steps: &[
            Step::new("publish", &["draft"], "published", OWN),
            Step::new("keep", &["published", "questioned"], "kept", OWN).words_required(),
            Step::new("miss", &["published", "questioned"], "not_kept", OWN).words_required(),
            Step::new(
                "question",
                &["kept"],
                "questioned",
                &[Part::Clerk, Part::Supervisor],
            )
            .words_required(),
            Step::new("confirm", &["kept"], "confirmed", &[Part::Clerk]).words_welcome(),
            Step::new("confirm", &["not_kept"], "closed", &[Part::Clerk]).words_welcome(),
        ],
        ..DRAFT
    },
    create: &[Part::Member],
    audience: &[Audience::Owner, Audience::Published],
    credits: &[
        Credit {
            figure: "commitment",
            to: Credited::Owner,
            amount: Amount::One,
            states: PUBLIC,
            only: None,
        },
        Credit {
            figure: "commitment_kept",
            to: Credited::Owner,
            amount: Amount::One,
            states: &["kept", "confirmed"],
            only: None,
        },
    ],
    public: Some(Public {
        states: PUBLIC,
        fields: &["promise", "by_when", "person"],
        acts: &["keep", "miss"],
        consent: None,
        held_back: &[],
    }),
    ..WORK
};
