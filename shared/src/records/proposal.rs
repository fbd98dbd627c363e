//! 提案: proposed, filed, handled, followed up. The number that files it is the server's to give.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{
    Amount, Audience, Credit, Credited, Field, Lifecycle, Mark, Object, Part, Register, Shape, Step,
};

const PROPOSERS: &[Part] = &[Part::Owner, Part::Party];
const OFFICE: &[Part] = &[Part::Clerk];
/// What was merged is dealt with in another, and is its proposers' all the same.
const FILED: &[&str] = &[
    "filed", "merged", "assigned", "answered", "judged", "reopened", "closed",
];

const fn credit(to: Credited) -> Credit {
    Credit {
        figure: "proposal",
        to,
        amount: Amount::One,
        states: FILED,
        only: None,
    }
}

/// The register of proposals.
pub(super) static PROPOSAL: Register = Register {
    kind: "proposal",
    fields: &[
        Field::required("subject", Shape::Line { max: 100 }, PROPOSERS),
        Field::required("type", Shape::Choice(&["annual", "everyday"]), PROPOSERS),
        Field::required("reason", Shape::Prose { max: 20_000 }, PROPOSERS),
        Field::required("recommendation", Shape::Prose { max: 20_000 }, PROPOSERS),
        Field::asked(
            "proposers",
            Shape::References {
                kind: "person",
                max: 50,
            },
            PROPOSERS,
        ),
        Field::folded("group", Shape::Reference("group"), PROPOSERS),
        Field::folded("theme", Shape::Reference("theme"), PROPOSERS),
        Field::asked(
            "reports",
            Shape::References {
                kind: "opinion_report",
                max: 50,
            },
            PROPOSERS,
        ),
        Field::asked(
            "suggestions",
            Shape::References {
                kind: "suggestion",
                max: 100,
            },
            PROPOSERS,
        ),
        Field::folded(
            "research",
            Shape::References {
                kind: "research",
                max: 20,
            },
            PROPOSERS,
        ),
        Field::folded(
            "co_handlers",
            Shape::References {
                kind: "group",
                max: 20,
            },
            OFFICE,
        ),
    ],
    title: "subject",
    theme: Some("theme"),
    groups: &["group", "co_handlers"],
    parties: &["proposers"],
    lifecycle: Lifecycle {
        writable: &["draft", "submitted", "returned"],
        attention: &["returned", "answered"],
        answered: &["judged", "closed", "not_filed"],
        closed: &["closed", "not_filed", "merged", "withdrawn"],
        answers: &["answer"],
        setbacks: &["reopen"],
        releases: &["hand_back"],
        steps: &[
            Step::new("submit", &["draft", "returned"], "submitted", PROPOSERS),
            Step::new(
                "withdraw",
                &["submitted", "returned", "examined"],
                "withdrawn",
                PROPOSERS,
            )
            .words_required(),
            Step::new("return", &["submitted", "examined"], "returned", OFFICE).words_required(),
            Step::new("examine", &["submitted"], "examined", OFFICE)
                .words_welcome()
                .marks(&[Mark {
                    name: "quality",
                    keys: &["good", "fair", "weak"],
                }]),
            Step::new("file", &["examined"], "filing", OFFICE).words_welcome(),
            Step::new("number", &["filing"], "filed", &[Part::Server]).to(Object::Number),
            Step::new("not_file", &["examined"], "not_filed", OFFICE).words_required(),
            Step::new("merge", &["examined", "filed"], "merged", OFFICE)
                .words_welcome()
                .to(Object::Record),
            // It is filed anew, under the number that it had if it had one.
            Step::new("unmerge", &["merged"], "examined", OFFICE).words_welcome(),
            Step::new("assign", &["filed", "assigned", "reopened"], "assigned", OFFICE)
                .words_welcome()
                .to(Object::Handler),
            Step::staying(
                "contribute",
                &["assigned", "reopened"],
                &[Part::Group, Part::Handler],
            )
            .words_required(),
            Step::staying(
                "remind",
                &["assigned", "reopened"],
                &[Part::Clerk, Part::Supervisor],
            )
            .words_required(),
            Step::new(
                "answer",
                &["assigned", "reopened"],
                "answered",
                &[Part::Handler, Part::Clerk],
            )
            .words_required(),
            Step::new("hand_back", &["assigned", "reopened"], "filed", &[Part::Handler]).words_required(),
            // Whoever was merged into another hears its answer, and judges it.
            Step::new("answer", &["merged"], "answered", &[Part::Server]).words_required(),
            Step::new("judge", &["answered"], "judged", PROPOSERS)
                .words_welcome()
                .marks(&[Mark {
                    name: "satisfaction",
                    keys: &["satisfied", "partly", "unsatisfied"],
                }]),
            Step::new(
                "reopen",
                &["answered", "judged"],
                "reopened",
                &[Part::Clerk, Part::Supervisor],
            )
            .words_required(),
            Step::new("close", &["judged"], "closed", OFFICE).words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Member, Part::Leader, Part::Convener],
    audience: &[
        Audience::Owner,
        Audience::Parties,
        Audience::Groups,
        Audience::Handler,
    ],
    credits: &[
        credit(Credited::Owner),
        credit(Credited::People("proposers")),
        credit(Credited::Groups("group")),
    ],
    ..WORK
};
