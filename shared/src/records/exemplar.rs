//! 典型: an exemplary member or an innovation in the work, with which of the eight images (八种形象) it shows.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{Audience, Field, Lifecycle, Part, Public, Register, Shape, Step};

const NOMINATORS: &[Part] = &[Part::Owner, Part::Clerk];
const OFFICE: &[Part] = &[Part::Clerk];

/// The register of exemplars.
pub(super) static EXEMPLAR: Register = Register {
    kind: "exemplar",
    fields: &[
        Field::required("type", Shape::Choice(&["member", "innovation"]), NOMINATORS),
        Field::required("subject", Shape::Line { max: 100 }, NOMINATORS),
        Field::asked("person", Shape::Reference("person"), NOMINATORS),
        Field::required(
            "images",
            Shape::Choices(&[
                "learning",
                "residents",
                "work",
                "frugality",
                "whole",
                "democracy",
                "fairness",
                "reform",
            ]),
            NOMINATORS,
        ),
        Field::required("story", Shape::Prose { max: 20_000 }, NOMINATORS),
    ],
    title: "subject",
    lifecycle: Lifecycle {
        writable: &["draft", "nominated"],
        answered: &["published", "declined"],
        closed: &["published", "declined"],
        steps: &[
            Step::new("nominate", &["draft"], "nominated", NOMINATORS),
            Step::new("review", &["nominated"], "reviewed", OFFICE).words_required(),
            Step::new("decline", &["nominated", "reviewed"], "declined", OFFICE).words_required(),
            Step::new("publish", &["reviewed"], "published", OFFICE).words_welcome(),
        ],
        ..DRAFT
    },
    create: &[
        Part::Member,
        Part::Leader,
        Part::Convener,
        Part::Host,
        Part::Clerk,
    ],
    audience: &[Audience::Owner, Audience::Published],
    public: Some(Public {
        states: &["published"],
        fields: &["type", "subject", "person", "images", "story"],
        acts: &["publish"],
        consent: None,
        held_back: &[],
    }),
    ..WORK
};
