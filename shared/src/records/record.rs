//! A record: the envelope that all have in common, its fields' values, its timeline.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Attachment, Due, Event, File, Register, Shape, Status, Value, Values, register};
use crate::id::{DocId, Moment, UserId};

/// The most characters of a [`headline`].
pub const MAX_HEADLINE: usize = 80;

/// What names a text in a list: its first line, cut where it goes on for more than [`MAX_HEADLINE`] characters. Residents speak
/// without lines, and a list that carried all they said would be as large as the records.
pub fn headline(text: &str) -> Cow<'_, str> {
    let line = text.trim_start().lines().next().unwrap_or_default();
    // The last character makes room for the sign that there is more.
    let mut ends = line.char_indices().map(|(at, _)| at).skip(MAX_HEADLINE - 1);
    match (ends.next(), ends.next()) {
        (Some(end), Some(_)) => Cow::Owned(format!("{}…", &line[..end])),
        _ => Cow::Borrowed(line),
    }
}

/// What every record carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The version of the fields it was written with.
    pub schema: u64,
    /// Its register's kind.
    pub kind: String,
    /// Its document's id.
    pub id: DocId,
    /// The station it belongs to.
    pub station: Option<DocId>,
    /// Who started it.
    pub owner: UserId,
    /// When, by the owner's clock.
    pub created_at: Moment,
    /// What hangs on it, each file once.
    pub attachments: Vec<Attachment>,
}

impl Envelope {
    /// The root keys that are not fields.
    pub const KEYS: &'static [&'static str] = &[
        "schema",
        "kind",
        "id",
        "station",
        "owner",
        "created_at",
        "attachments",
        "timeline",
    ];

    /// Whether it says the same as another, but for what hangs on the record.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let Self {
            schema,
            kind,
            id,
            station,
            owner,
            created_at,
            attachments: _,
        } = self;
        *schema == other.schema
            && *kind == other.kind
            && *id == other.id
            && *station == other.station
            && *owner == other.owner
            && *created_at == other.created_at
    }
}

/// A record as read from its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The envelope.
    pub envelope: Envelope,
    /// The fields' values. Empty ones are absent.
    pub values: Values,
    /// What happened to it, in order.
    pub timeline: Vec<Event>,
    /// Root keys that this version knows nothing of. They stay in the document.
    pub unknown: Vec<String>,
}

impl Record {
    /// Its register. Nothing for a kind that this version does not know.
    pub fn register(&self) -> Option<&'static Register> {
        register(&self.envelope.kind)
    }

    /// Where it stands. Nothing for a kind that this version does not know.
    pub fn status(&self) -> Option<Status> {
        self.register()
            .map(|register| register.lifecycle.status(&self.timeline))
    }

    /// The files that it names, each with its media type.
    pub fn files(&self) -> impl Iterator<Item = (File, &str)> {
        self.envelope.attachments.iter().flat_map(Attachment::files)
    }

    /// The words in a field; empty where there are none.
    pub fn text(&self, field: &str) -> &str {
        self.values.get(field).and_then(Value::text).unwrap_or_default()
    }

    /// What names it in a list: its title field where that is a line, which is its name and whole; the [`headline`] of prose.
    pub fn title(&self) -> Cow<'_, str> {
        let register = self.register();
        let text = self.text(register.map_or("", |register| register.title));
        if register.is_some_and(Register::is_named_by_a_line) {
            Cow::Borrowed(text.trim_start())
        } else {
            headline(text)
        }
    }

    /// Its theme's id, if it has one.
    pub fn theme(&self) -> Option<DocId> {
        self.register()?
            .theme
            .and_then(|field| self.text(field).parse().ok())
    }

    /// When it took place, or else was started.
    pub fn when(&self) -> Moment {
        self.register()
            .and_then(|register| register.when)
            .and_then(|field| self.values.get(field))
            .and_then(Value::number)
            .map_or(self.envelope.created_at, Moment)
    }

    /// By when it is to be done: as a step says, or else its own field. Nothing once that is met.
    pub fn due(&self) -> Option<Moment> {
        let status = self.status()?;
        let own = self.register()?.due;
        let is_met = |due: &Due| {
            let applies = due.only.is_none_or(|(field, key)| self.text(field) == key);
            applies && due.met.contains(&status.state)
        };
        let by_field = own
            .filter(|due| !is_met(due))
            .and_then(|due| self.values.get(due.field)?.number())
            .map(Moment);
        status.due.or(by_field)
    }

    /// Whether something is still expected of somebody.
    pub fn is_open(&self) -> bool {
        let status = self.register().zip(self.status());
        status.is_some_and(|(register, status)| !register.lifecycle.closed.contains(&status.state))
    }

    /// The records of a kind that some fields name. Plain names among them are no records.
    pub fn named(&self, fields: &[&str]) -> BTreeSet<DocId> {
        let texts = |field: &&str| match self.values.get(*field) {
            Some(Value::Text(text)) => vec![text.clone()],
            Some(Value::List(list)) => list.clone(),
            _ => Vec::new(),
        };
        fields
            .iter()
            .flat_map(texts)
            .filter_map(|text| text.parse().ok())
            .collect()
    }

    /// Whether its content is public as it stands.
    pub fn is_public(&self) -> bool {
        let Some((register, status)) = self.register().zip(self.status()) else {
            return false;
        };
        register.public.is_some_and(|public| {
            let agreed = |flag| self.values.get(flag) == Some(&Value::Flag(true));
            public.states.contains(&status.state) && public.consent.is_none_or(agreed)
        })
    }

    /// Everything in it that a search looks through: its words and the words of its timeline. Keys and ids are no words.
    pub fn searchable(&self) -> String {
        let fields = self.register().map_or(&[][..], |register| register.fields);
        let prose = fields
            .iter()
            .filter(|f| matches!(f.shape, Shape::Prose { .. } | Shape::Line { .. }));
        let texts = prose
            .map(|field| self.text(field.name))
            .filter(|text| !text.is_empty());
        let words = self.timeline.iter().filter_map(|event| event.words.as_deref());
        texts.chain(words).collect::<Vec<_>>().join(
            "
",
        )
    }
}
