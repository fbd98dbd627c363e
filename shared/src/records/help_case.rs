//! 帮办: a practical problem taken on for a resident, a member, a unit or an enterprise. Confirmed by whoever asked, one that
//! was solved ends `confirmed`, one that could not be `closed`.

use super::lifecycle::DRAFT;
use super::register::WORK;
use super::{
    Amount, Audience, Credit, Credited, Due, Field, Lifecycle, Object, Part, Place, Register, Shape, Step,
};

const TAKERS: &[Part] = &[Part::Owner, Part::Host, Part::Clerk];
const DOERS: &[Part] = &[Part::Owner, Part::Host, Part::Handler, Part::Clerk];

const ASKERS: &[Part] = &[Part::Party, Part::Owner, Part::Host];
const TAKEN_ON: &[&str] = &[
    "open",
    "in_hand",
    "reopened",
    "solved",
    "unsolvable",
    "confirmed",
    "closed",
];

const fn credit(figure: &'static str, to: Credited, states: &'static [&'static str]) -> Credit {
    Credit {
        figure,
        to,
        amount: Amount::One,
        states,
        only: None,
    }
}

/// The register of help cases.
pub(super) static HELP_CASE: Register = Register {
    kind: "help_case",
    place: Place::Either,
    fields: &[
        Field::required("subject", Shape::Line { max: 100 }, TAKERS),
        Field::required(
            "for_whom",
            Shape::Choice(&["resident", "member", "unit", "enterprise"]),
            TAKERS,
        ),
        Field::required("problem", Shape::Prose { max: 20_000 }, TAKERS),
        Field::asked(
            "asker",
            Shape::References {
                kind: "person",
                max: 5,
            },
            TAKERS,
        ),
        Field::asked("due", Shape::Moment, TAKERS),
        Field::folded("visit", Shape::Reference("visit"), TAKERS),
        Field::folded("suggestion", Shape::Reference("suggestion"), TAKERS),
    ],
    title: "subject",
    due: Some(Due {
        field: "due",
        met: &[],
        only: None,
    }),
    parties: &["asker"],
    lifecycle: Lifecycle {
        writable: &["draft", "open", "in_hand"],
        attention: &["reopened"],
        answered: &["solved", "unsolvable", "confirmed", "closed"],
        closed: &["confirmed", "closed"],
        answers: &["solve", "give_up"],
        setbacks: &["reopen"],
        releases: &["hand_back"],
        steps: &[
            Step::new("open", &["draft"], "open", TAKERS),
            Step::new(
                "assign",
                &["open", "in_hand", "reopened"],
                "in_hand",
                &[Part::Clerk],
            )
            .words_welcome()
            .to(Object::Handler),
            Step::new("take_on", &["open", "reopened"], "in_hand", DOERS).words_welcome(),
            Step::staying("report", &["in_hand"], DOERS).words_required(),
            Step::new("solve", &["open", "in_hand"], "solved", DOERS).words_required(),
            Step::new("give_up", &["open", "in_hand"], "unsolvable", DOERS).words_required(),
            Step::new("hand_back", &["in_hand"], "open", &[Part::Handler]).words_required(),
            // Whoever asked may have no account: then the one who took it down says it in their words.
            Step::new("confirm", &["solved"], "confirmed", ASKERS).words_required(),
            Step::new("confirm", &["unsolvable"], "closed", ASKERS).words_required(),
            Step::new(
                "reopen",
                &["solved", "unsolvable"],
                "reopened",
                &[Part::Party, Part::Owner, Part::Host, Part::Supervisor],
            )
            .words_required(),
        ],
        ..DRAFT
    },
    create: &[
        Part::Host,
        Part::Attached,
        Part::Member,
        Part::Leader,
        Part::Clerk,
    ],
    audience: &[
        Audience::Owner,
        Audience::Hosts,
        Audience::Parties,
        Audience::Handler,
    ],
    credits: &[
        credit("help_case", Credited::Owner, TAKEN_ON),
        credit("help_solved", Credited::Owner, &["solved", "confirmed"]),
        credit("help_case", Credited::Station, TAKEN_ON),
    ],
    ..WORK
};
