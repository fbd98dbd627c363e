//! 社情民意: what residents say, collected at a station or sent through the public page. Who said it is in the companion
//! register `contact`.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{
    Amount, Audience, Credit, Credited, Field, Lifecycle, Mark, Object, Part, Place, Public, Register, Shape,
    Step,
};

const STATION: &[Part] = &[Part::Owner, Part::Host, Part::Attached];
const STATION_AND_OFFICE: &[Part] = &[Part::Owner, Part::Host, Part::Attached, Part::Clerk];
const OFFICE: &[Part] = &[Part::Clerk];
const STANDING: &[&str] = &[
    "received",
    "accepted",
    "assigned",
    "answered",
    "published",
    "rated",
    "reopened",
    "merged",
];

const fn credit(to: Credited) -> Credit {
    Credit {
        figure: "suggestion",
        to,
        amount: Amount::One,
        states: STANDING,
        only: None,
    }
}

/// The register of suggestions.
pub(super) static SUGGESTION: Register = Register {
    kind: "suggestion",
    place: Place::Station,
    fields: &[
        Field::required("body", Shape::Prose { max: 20_000 }, STATION),
        Field::required("theme", Shape::Reference("theme"), STATION_AND_OFFICE),
        Field::asked("location", Shape::Line { max: 100 }, STATION_AND_OFFICE),
        Field::asked("consent", Shape::Flag, STATION),
    ],
    title: "body",
    theme: Some("theme"),
    lifecycle: Lifecycle {
        writable: &["draft", "received", "returned"],
        attention: &["returned"],
        answered: &["answered", "published", "rated", "declined"],
        closed: &["answered", "published", "rated", "declined", "merged"],
        answers: &["answer"],
        setbacks: &["reopen"],
        releases: &["hand_back"],
        steps: &[
            Step::new(
                "submit",
                &["draft", "returned"],
                "received",
                &[Part::Owner, Part::Host, Part::Attached, Part::Server],
            ),
            Step::new("accept", &["received"], "accepted", OFFICE).words_welcome(),
            Step::new("return", &["received", "accepted"], "returned", OFFICE).words_required(),
            Step::new("decline", &["received", "accepted"], "declined", OFFICE).words_required(),
            Step::new("merge", &["received", "accepted"], "merged", OFFICE)
                .words_welcome()
                .to(Object::Record),
            Step::new("unmerge", &["merged"], "accepted", OFFICE).words_welcome(),
            Step::new(
                "assign",
                &["accepted", "assigned", "reopened"],
                "assigned",
                OFFICE,
            )
            .words_welcome()
            .to(Object::Handler),
            Step::staying(
                "remind",
                &["assigned", "reopened"],
                &[Part::Clerk, Part::Supervisor],
            )
            .words_required(),
            Step::new(
                "answer",
                &["accepted", "assigned", "reopened"],
                "answered",
                &[Part::Clerk, Part::Handler],
            )
            .words_required(),
            Step::new(
                "hand_back",
                &["assigned", "reopened"],
                "accepted",
                &[Part::Handler],
            )
            .words_required(),
            // Whoever was merged into another hears its answer.
            Step::new("answer", &["merged"], "answered", &[Part::Server]).words_required(),
            Step::new("publish", &["answered"], "published", OFFICE),
            Step::new("rate", &["answered", "published"], "rated", &[Part::Server])
                .words_welcome()
                .marks(&[Mark {
                    name: "satisfaction",
                    keys: &["satisfied", "partly", "unsatisfied"],
                }]),
            Step::new(
                "reopen",
                &["answered", "published", "rated"],
                "reopened",
                &[Part::Clerk, Part::Supervisor],
            )
            .words_required(),
        ],
        ..DRAFT
    },
    create: &[Part::Host, Part::Attached, Part::Server],
    erase: &[Part::Clerk, Part::Admin],
    audience: &[Audience::Station, Audience::Owner, Audience::Handler],
    credits: &[credit(Credited::Owner), credit(Credited::Station)],
    public: Some(Public {
        states: &["published", "rated"],
        fields: &["body", "theme", "location"],
        acts: &["answer"],
        consent: Some("consent"),
        held_back: &[],
    }),
    ..WORK
};
