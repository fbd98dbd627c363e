//! 整改台账: the ledger of what is to be put right. It closes only on effect: on evidence, and by the supervisor. Its numbered
//! measures are records of their own (`measure`), each with its own progress.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Audience, Due, Field, Lifecycle, Mark, Object, Part, Public, Register, Shape, Step};

const OFFICE: &[Part] = &[Part::Clerk];
const DOERS: &[Part] = &[Part::Group, Part::Convener, Part::Handler, Part::Clerk];
const PUBLIC: &[&str] = &["open", "planned", "under_way", "claimed", "verified", "sent_back"];

/// The register of rectification tasks.
pub(super) static RECTIFICATION: Register = Register {
    kind: "rectification",
    fields: &[
        Field::required("part", Shape::Choice(&["near", "long"]), OFFICE),
        Field::required("subject", Shape::Line { max: 200 }, OFFICE),
        Field::asked("rank", Shape::Count { max: 1_000 }, OFFICE),
        Field::required("problems", Shape::Prose { max: 20_000 }, OFFICE),
        Field::required("goal", Shape::Prose { max: 20_000 }, OFFICE),
        Field::asked(
            "leaders",
            Shape::References {
                kind: "person",
                max: 20,
            },
            OFFICE,
        ),
        Field::required(
            "departments",
            Shape::References {
                kind: "group",
                max: 20,
            },
            OFFICE,
        ),
        Field::asked(
            "heads",
            Shape::References {
                kind: "person",
                max: 20,
            },
            OFFICE,
        ),
        Field::asked(
            "cooperating",
            Shape::References {
                kind: "group",
                max: 50,
            },
            OFFICE,
        ),
        Field::required("deadline", Shape::Moment, OFFICE),
        Field::required("deadline_of", Shape::Choice(&["work", "plan"]), OFFICE),
        Field::asked("evidence", Shape::Prose { max: 20_000 }, DOERS),
    ],
    title: "subject",
    due: Some(Due {
        field: "deadline",
        // Where the deadline is the plan's, it is met once there is one.
        met: &["planned", "under_way", "claimed", "verified", "sent_back"],
        only: Some(("deadline_of", "plan")),
    }),
    groups: &["departments", "cooperating"],
    parties: &["leaders", "heads"],
    lifecycle: Lifecycle {
        writable: &["draft", "open", "planned", "under_way", "sent_back"],
        attention: &["sent_back"],
        answered: &["verified"],
        closed: &["verified"],
        answers: &["report", "claim"],
        setbacks: &["send_back"],
        steps: &[
            Step::new("open", &["draft"], "open", OFFICE),
            Step::staying("assign", &["open", "planned", "under_way", "sent_back"], OFFICE)
                .words_welcome()
                .to(Object::Handler),
            Step::new("plan", &["open"], "planned", DOERS).words_required(),
            Step::new("begin", &["open", "planned", "sent_back"], "under_way", DOERS).words_welcome(),
            Step::staying("report", &["open", "planned", "under_way", "sent_back"], DOERS).words_required(),
            Step::staying(
                "note",
                &["open", "planned", "under_way", "claimed", "sent_back"],
                &[Part::Supervisor],
            )
            .words_required()
            .marks(&[
                Mark {
                    name: "grade",
                    keys: &["point_out", "criticise", "correct"],
                },
                Mark {
                    name: "fault",
                    keys: &["not_specific", "weak_action", "aimless_rules"],
                },
            ]),
            Step::new("claim", &["under_way", "sent_back"], "claimed", DOERS)
                .words_required()
                .needs(&["evidence"]),
            Step::new("verify", &["claimed"], "verified", &[Part::Supervisor]).words_required(),
            Step::new("send_back", &["claimed"], "sent_back", &[Part::Supervisor]).words_required(),
        ],
        ..DRAFT
    },
    create: OFFICE,
    audience: &[
        Audience::Owner,
        Audience::Groups,
        Audience::Parties,
        Audience::Handler,
        Audience::Published,
    ],
    public: Some(Public {
        states: PUBLIC,
        fields: &[
            "part",
            "subject",
            "rank",
            "problems",
            "goal",
            "leaders",
            "departments",
            "heads",
            "cooperating",
            "deadline",
            "deadline_of",
            "evidence",
        ],
        acts: &["plan", "begin", "report", "claim", "verify", "send_back"],
        consent: None,
        held_back: &[],
    }),
    ..WORK
};
