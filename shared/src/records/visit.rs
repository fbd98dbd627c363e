//! 走访: a leader visits a member or a member's unit. Each practical problem heard becomes a `help_case`.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Field, Lifecycle, Part, Register, Shape, Step};

const VISITORS: &[Part] = &[Part::Owner, Part::Party];
const HELD: &[&str] = &["done", "closed"];

const fn credit(figure: &'static str, to: Credited, amount: Amount) -> Credit {
    Credit {
        figure,
        to,
        amount,
        states: HELD,
        only: None,
    }
}

/// The register of visits.
pub(super) static VISIT: Register = Register {
    kind: "visit",
    fields: &[
        Field::required("subject", Shape::Line { max: 100 }, VISITORS),
        Field::required(
            "visited",
            Shape::References {
                kind: "person",
                max: 50,
            },
            VISITORS,
        ),
        Field::required("held_at", Shape::Moment, VISITORS),
        Field::asked(
            "visitors",
            Shape::References {
                kind: "person",
                max: 20,
            },
            VISITORS,
        ),
        Field::asked("place", Shape::Line { max: 100 }, VISITORS),
        Field::asked(
            "aspects",
            Shape::Choices(&["thoughts", "work", "study", "life", "duties"]),
            VISITORS,
        ),
        Field::asked("heard", Shape::Prose { max: 20_000 }, VISITORS),
    ],
    title: "subject",
    when: Some("held_at"),
    parties: &["visitors"],
    lifecycle: Lifecycle {
        writable: &["draft", "planned", "done"],
        answered: &["closed"],
        closed: &["closed", "cancelled"],
        steps: &[
            Step::new("hold", &["draft", "planned"], "done", VISITORS).needs(&["heard"]),
            Step::new("plan", &["draft"], "planned", VISITORS),
            Step::new("cancel", &["planned"], "cancelled", VISITORS).words_required(),
            Step::new(
                "close",
                &["done"],
                "closed",
                &[Part::Owner, Part::Party, Part::Clerk],
            )
            .words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Leader, Part::Clerk],
    audience: &[Audience::Owner, Audience::Parties],
    credits: &[
        credit("visit", Credited::Owner, Amount::Entries("visited")),
        credit("visit", Credited::People("visitors"), Amount::Entries("visited")),
        credit("visited", Credited::People("visited"), Amount::One),
    ],
    ..WORK
};
