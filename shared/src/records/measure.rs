//! 整改措施: one numbered measure of a rectification task, with its own progress.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Audience, Field, Lifecycle, Part, Public, Register, Shape, Step};

const OFFICE: &[Part] = &[Part::Clerk];
const DOERS: &[Part] = &[Part::Group, Part::Convener, Part::Clerk];

/// The register of measures.
pub(super) static MEASURE: Register = Register {
    kind: "measure",
    fields: &[
        Field::required("task", Shape::Reference("rectification"), OFFICE),
        Field::required("rank", Shape::Count { max: 1_000 }, OFFICE),
        Field::required("body", Shape::Prose { max: 5_000 }, OFFICE),
        Field::asked(
            "departments",
            Shape::References {
                kind: "group",
                max: 20,
            },
            OFFICE,
        ),
    ],
    title: "body",
    groups: &["departments"],
    lifecycle: Lifecycle {
        writable: &["draft", "open"],
        answered: &["done"],
        closed: &["done"],
        answers: &["report", "finish"],
        setbacks: &["reopen"],
        steps: &[
            Step::new("open", &["draft"], "open", OFFICE),
            Step::new("begin", &["open"], "under_way", DOERS).words_welcome(),
            Step::staying("report", &["open", "under_way"], DOERS).words_required(),
            Step::new("finish", &["open", "under_way"], "done", DOERS).words_required(),
            Step::new("reopen", &["done"], "under_way", &[Part::Clerk, Part::Supervisor]).words_required(),
        ],
        ..DRAFT
    },
    create: OFFICE,
    audience: &[Audience::Owner, Audience::Groups, Audience::Published],
    public: Some(Public {
        states: &["open", "under_way", "done"],
        fields: &["task", "rank", "body", "departments"],
        acts: &["begin", "report", "finish"],
        consent: None,
        held_back: &[],
    }),
    ..WORK
};
