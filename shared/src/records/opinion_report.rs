//! 社情民意信息: the written information that a member files. The office grades its depth and weight, and says why.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Field, Lifecycle, Mark, Part, Register, Shape, Step};

const WRITERS: &[Part] = &[Part::Owner, Part::Party];
const OFFICE: &[Part] = &[Part::Clerk];
const FILED: &[&str] = &["submitted", "graded", "adopted", "kept", "closed"];

const fn credit(to: Credited) -> Credit {
    Credit {
        figure: "opinion_report",
        to,
        amount: Amount::One,
        states: FILED,
        only: None,
    }
}

/// The register of opinion reports.
pub(super) static OPINION_REPORT: Register = Register {
    kind: "opinion_report",
    fields: &[
        Field::required("subject", Shape::Line { max: 100 }, WRITERS),
        Field::required("situation", Shape::Prose { max: 20_000 }, WRITERS),
        Field::asked("analysis", Shape::Prose { max: 20_000 }, WRITERS),
        Field::required("recommendation", Shape::Prose { max: 20_000 }, WRITERS),
        Field::asked(
            "suggestions",
            Shape::References {
                kind: "suggestion",
                max: 100,
            },
            WRITERS,
        ),
        Field::folded("theme", Shape::Reference("theme"), WRITERS),
        Field::folded(
            "authors",
            Shape::References {
                kind: "person",
                max: 20,
            },
            WRITERS,
        ),
        Field::folded("group", Shape::Reference("group"), WRITERS),
    ],
    title: "subject",
    theme: Some("theme"),
    groups: &["group"],
    parties: &["authors"],
    lifecycle: Lifecycle {
        writable: &["draft", "submitted", "returned"],
        attention: &["returned"],
        answered: &["adopted", "kept", "closed"],
        closed: &["kept", "closed"],
        answers: &["outcome"],
        steps: &[
            Step::new("submit", &["draft", "returned"], "submitted", WRITERS),
            Step::new("return", &["submitted", "graded"], "returned", OFFICE).words_required(),
            Step::new("grade", &["submitted", "graded"], "graded", OFFICE)
                .words_required()
                .marks(&[
                    Mark {
                        name: "depth",
                        keys: &["deep", "fair", "thin"],
                    },
                    Mark {
                        name: "weight",
                        keys: &["heavy", "fair", "light"],
                    },
                ]),
            Step::new("adopt", &["graded"], "adopted", OFFICE).words_required(),
            Step::new("keep", &["graded"], "kept", OFFICE).words_required(),
            Step::new("outcome", &["adopted", "kept"], "closed", OFFICE).words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Member, Part::Leader, Part::Convener, Part::Clerk],
    audience: &[Audience::Owner, Audience::Parties, Audience::Groups],
    credits: &[
        credit(Credited::Owner),
        credit(Credited::People("authors")),
        credit(Credited::Groups("group")),
    ],
    ..WORK
};
