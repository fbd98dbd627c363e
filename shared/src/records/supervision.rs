//! 民主监督: what a supervision group looked at, what it found and criticised, and the reply.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Field, Lifecycle, Object, Part, Register, Shape, Step};

const SUPERVISORS: &[Part] = &[Part::Owner, Part::Group, Part::Convener];
/// What only hears a report counts for nothing: there must be findings.
const WITH_FINDINGS: &[&str] = &["sent", "replied", "followed_up"];

/// The register of democratic supervision.
pub(super) static SUPERVISION: Register = Register {
    kind: "supervision",
    fields: &[
        Field::required("group", Shape::Reference("group"), SUPERVISORS),
        Field::required("topic", Shape::Line { max: 100 }, SUPERVISORS),
        Field::required("held_at", Shape::Moment, SUPERVISORS),
        Field::asked(
            "participants",
            Shape::References {
                kind: "person",
                max: 100,
            },
            SUPERVISORS,
        ),
        Field::asked("looked_at", Shape::Prose { max: 20_000 }, SUPERVISORS),
        Field::asked("findings", Shape::Prose { max: 20_000 }, SUPERVISORS),
        Field::asked("criticism", Shape::Prose { max: 20_000 }, SUPERVISORS),
        Field::asked(
            "departments",
            Shape::References {
                kind: "group",
                max: 20,
            },
            SUPERVISORS,
        ),
    ],
    title: "topic",
    when: Some("held_at"),
    groups: &["group", "departments"],
    parties: &["participants"],
    lifecycle: Lifecycle {
        writable: &["draft", "planned", "held"],
        attention: &["replied"],
        answered: &["followed_up"],
        closed: &["followed_up", "cancelled"],
        answers: &["reply"],
        setbacks: &["insist"],
        steps: &[
            Step::new("hold", &["draft", "planned"], "held", SUPERVISORS).needs(&["looked_at"]),
            Step::new("plan", &["draft"], "planned", SUPERVISORS),
            Step::new("cancel", &["planned"], "cancelled", SUPERVISORS).words_required(),
            Step::new(
                "send",
                &["held"],
                "sent",
                &[Part::Owner, Part::Group, Part::Convener, Part::Clerk],
            )
            .words_welcome()
            .needs(&["findings", "departments"]),
            Step::staying("assign", &["sent"], &[Part::Clerk])
                .words_welcome()
                .to(Object::Handler),
            Step::staying("remind", &["sent"], &[Part::Clerk, Part::Supervisor]).words_required(),
            Step::new("reply", &["sent"], "replied", &[Part::Handler, Part::Clerk]).words_required(),
            Step::new(
                "insist",
                &["replied"],
                "sent",
                &[Part::Owner, Part::Convener, Part::Supervisor],
            )
            .words_required(),
            Step::new("follow_up", &["replied"], "followed_up", SUPERVISORS).words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Group, Part::Convener, Part::Clerk],
    audience: &[
        Audience::Owner,
        Audience::Groups,
        Audience::Parties,
        Audience::Handler,
    ],
    credits: &[
        Credit {
            figure: "supervision",
            to: Credited::Groups("group"),
            amount: Amount::One,
            states: WITH_FINDINGS,
            only: None,
        },
        Credit {
            figure: "supervision",
            to: Credited::People("participants"),
            amount: Amount::One,
            states: WITH_FINDINGS,
            only: None,
        },
    ],
    ..WORK
};
