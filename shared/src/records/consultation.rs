//! 协商: the yearly plan and its events, of eight types. An important matter is put to others beforehand, and shows what
//! they said, before it goes on.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Field, Lifecycle, Part, Public, Register, Shape, Step};

const PROPOSERS: &[Part] = &[Part::Owner, Part::Clerk];
const OFFICE: &[Part] = &[Part::Clerk];

/// The register of consultations.
pub(super) static CONSULTATION: Register = Register {
    kind: "consultation",
    fields: &[
        Field::required(
            "type",
            Shape::Choice(&[
                "plenary",
                "standing",
                "chairs",
                "counterpart",
                "sector",
                "proposals",
                "opinions",
                "parties",
            ]),
            PROPOSERS,
        ),
        Field::required("topic", Shape::Line { max: 100 }, PROPOSERS),
        Field::required("why", Shape::Prose { max: 5_000 }, PROPOSERS),
        Field::required("held_at", Shape::Moment, PROPOSERS),
        Field::asked(
            "asked",
            Shape::References {
                kind: "group",
                max: 50,
            },
            PROPOSERS,
        ),
        Field::asked("opinions", Shape::Prose { max: 20_000 }, PROPOSERS),
        Field::asked(
            "participants",
            Shape::References {
                kind: "person",
                max: 500,
            },
            PROPOSERS,
        ),
        Field::asked("agreed", Shape::Prose { max: 20_000 }, PROPOSERS),
        Field::folded("group", Shape::Reference("group"), PROPOSERS),
        Field::folded(
            "reports",
            Shape::References {
                kind: "opinion_report",
                max: 50,
            },
            PROPOSERS,
        ),
        Field::folded(
            "suggestions",
            Shape::References {
                kind: "suggestion",
                max: 100,
            },
            PROPOSERS,
        ),
    ],
    title: "topic",
    when: Some("held_at"),
    groups: &["asked", "group"],
    parties: &["participants"],
    lifecycle: Lifecycle {
        writable: &["draft", "proposed"],
        answered: &["planned", "held", "sent", "applied", "declined"],
        closed: &["applied", "declined", "cancelled"],
        answers: &["apply"],
        steps: &[
            Step::new("propose", &["draft"], "proposed", PROPOSERS),
            Step::staying("opine", &["proposed", "planned"], &[Part::Group, Part::Convener]).words_required(),
            // 事先征求意见: whom it was put to, and what they said, is there before it goes on.
            Step::new("plan", &["proposed"], "planned", OFFICE)
                .words_welcome()
                .needs(&["asked", "opinions"]),
            Step::new("decline", &["proposed"], "declined", OFFICE).words_required(),
            Step::new("hold", &["planned"], "held", OFFICE).words_welcome(),
            Step::new("cancel", &["planned"], "cancelled", OFFICE).words_required(),
            Step::new("send", &["held"], "sent", OFFICE)
                .words_welcome()
                .needs(&["agreed"]),
            Step::new("apply", &["sent"], "applied", OFFICE).words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Member, Part::Leader, Part::Convener, Part::Clerk],
    audience: &[
        Audience::Owner,
        Audience::Groups,
        Audience::Parties,
        Audience::Published,
    ],
    credits: &[Credit {
        figure: "consultation",
        to: Credited::People("participants"),
        amount: Amount::One,
        states: &["held", "sent", "applied"],
        only: None,
    }],
    public: Some(Public {
        states: &["planned", "held", "sent", "applied", "cancelled"],
        fields: &["type", "topic", "why", "held_at", "agreed"],
        acts: &["apply", "cancel"],
        consent: None,
        held_back: &[],
    }),
    ..WORK
};
