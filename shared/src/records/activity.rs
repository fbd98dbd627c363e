//! 活动: what members do at a station.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Field, Lifecycle, Part, Place, Register, Shape, Step};

const STATION: &[Part] = &[Part::Owner, Part::Host, Part::Attached];
const COUNTS: &[&str] = &["submitted", "confirmed"];

const fn credit(figure: &'static str, to: Credited, amount: Amount) -> Credit {
    let only = None;
    Credit {
        figure,
        to,
        amount,
        states: COUNTS,
        only,
    }
}

/// The register of activities.
pub(super) static ACTIVITY: Register = Register {
    kind: "activity",
    place: Place::Station,
    fields: &[
        Field::required(
            "type",
            Shape::Choice(&[
                "reception",
                "outreach",
                "briefing",
                "exemplars",
                "relief",
                "study",
                "group",
                "enterprise",
            ]),
            STATION,
        ),
        Field::required("subject", Shape::Line { max: 100 }, STATION),
        Field::required("held_at", Shape::Moment, STATION),
        Field::asked("venue", Shape::Line { max: 100 }, STATION),
        Field::asked(
            "participants",
            Shape::References {
                kind: "person",
                max: 200,
            },
            STATION,
        ),
        Field::asked("reached", Shape::Count { max: 1_000_000 }, STATION),
        Field::asked("outcome", Shape::Prose { max: 20_000 }, STATION),
        Field::folded("group", Shape::Reference("group"), STATION),
    ],
    title: "subject",
    when: Some("held_at"),
    groups: &["group"],
    parties: &["participants"],
    lifecycle: Lifecycle {
        writable: &["draft", "submitted", "returned"],
        attention: &["returned"],
        answered: &["confirmed"],
        closed: &["confirmed"],
        steps: &[
            Step::new("submit", &["draft", "returned"], "submitted", STATION),
            Step::new("confirm", &["submitted"], "confirmed", &[Part::Clerk]).words_welcome(),
            Step::new("return", &["submitted", "confirmed"], "returned", &[Part::Clerk]).words_required(),
        ],
        ..DRAFT
    },
    create: STATION,
    audience: &[
        Audience::Station,
        Audience::Owner,
        Audience::Parties,
        Audience::Groups,
    ],
    credits: &[
        credit("activity", Credited::Owner, Amount::One),
        credit("activity", Credited::People("participants"), Amount::One),
        credit("activity", Credited::Groups("group"), Amount::One),
        credit("activity", Credited::Station, Amount::One),
        credit("reached", Credited::Station, Amount::Number("reached")),
    ],
    ..WORK
};
