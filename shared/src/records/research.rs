//! 调研 and 视察: what was found out at the grassroots, and what is recommended.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Amount, Audience, Credit, Credited, Field, Lifecycle, Part, Register, Shape, Step};

const RESEARCHERS: &[Part] = &[Part::Owner, Part::Party, Part::Convener];
const OFFICE: &[Part] = &[Part::Clerk];
const REPORTED: &[&str] = &["reported", "adopted", "not_adopted"];

const fn credit(
    figure: &'static str,
    to: Credited,
    amount: Amount,
    choice: Option<(&'static str, &'static str)>,
) -> Credit {
    Credit {
        figure,
        to,
        amount,
        states: REPORTED,
        only: choice,
    }
}

const RESEARCH_ONLY: Option<(&str, &str)> = Some(("type", "research"));
const INSPECTION_ONLY: Option<(&str, &str)> = Some(("type", "inspection"));

/// The register of research and inspections.
pub(super) static RESEARCH: Register = Register {
    kind: "research",
    fields: &[
        Field::required("type", Shape::Choice(&["research", "inspection"]), RESEARCHERS),
        Field::required("topic", Shape::Line { max: 100 }, RESEARCHERS),
        Field::required("held_at", Shape::Moment, RESEARCHERS),
        Field::asked("days", Shape::Count { max: 366 }, RESEARCHERS),
        Field::asked("place", Shape::Line { max: 100 }, RESEARCHERS),
        Field::asked(
            "researchers",
            Shape::References {
                kind: "person",
                max: 50,
            },
            RESEARCHERS,
        ),
        Field::asked("heard", Shape::Count { max: 100_000 }, RESEARCHERS),
        Field::asked("findings", Shape::Prose { max: 20_000 }, RESEARCHERS),
        Field::asked("recommendations", Shape::Prose { max: 20_000 }, RESEARCHERS),
        Field::folded("group", Shape::Reference("group"), RESEARCHERS),
        Field::folded("theme", Shape::Reference("theme"), RESEARCHERS),
        Field::folded(
            "suggestions",
            Shape::References {
                kind: "suggestion",
                max: 100,
            },
            RESEARCHERS,
        ),
    ],
    title: "topic",
    theme: Some("theme"),
    when: Some("held_at"),
    groups: &["group"],
    parties: &["researchers"],
    lifecycle: Lifecycle {
        writable: &["draft", "planned", "under_way", "reported"],
        answered: &["adopted", "not_adopted"],
        closed: &["adopted", "not_adopted", "cancelled"],
        answers: &["adopt", "not_adopt"],
        steps: &[
            Step::new(
                "report",
                &["draft", "planned", "under_way"],
                "reported",
                RESEARCHERS,
            )
            .needs(&["days", "findings", "recommendations"]),
            Step::new("plan", &["draft"], "planned", RESEARCHERS),
            Step::new("begin", &["draft", "planned"], "under_way", RESEARCHERS),
            Step::new("cancel", &["planned", "under_way"], "cancelled", RESEARCHERS).words_required(),
            Step::new("adopt", &["reported"], "adopted", OFFICE).words_required(),
            Step::new("not_adopt", &["reported"], "not_adopted", OFFICE).words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Member, Part::Leader, Part::Convener, Part::Clerk],
    audience: &[Audience::Owner, Audience::Parties, Audience::Groups],
    credits: &[
        credit("research_days", Credited::Owner, Amount::Number("days"), None),
        credit(
            "research_days",
            Credited::People("researchers"),
            Amount::Number("days"),
            None,
        ),
        credit("research", Credited::Owner, Amount::One, RESEARCH_ONLY),
        credit(
            "research",
            Credited::People("researchers"),
            Amount::One,
            RESEARCH_ONLY,
        ),
        credit("research", Credited::Groups("group"), Amount::One, RESEARCH_ONLY),
        credit("inspection", Credited::Owner, Amount::One, INSPECTION_ONLY),
        credit(
            "inspection",
            Credited::People("researchers"),
            Amount::One,
            INSPECTION_ONLY,
        ),
        credit(
            "inspection",
            Credited::Groups("group"),
            Amount::One,
            INSPECTION_ONLY,
        ),
    ],
    ..WORK
};
