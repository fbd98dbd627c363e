//! What a register declares.

use super::Lifecycle;

/// The declaration of one register.
#[derive(Debug)]
pub struct Register {
    /// The kind's name, as in the envelope and in addresses.
    pub kind: &'static str,
    /// The version of the fields, written into new records.
    pub schema: u64,
    /// Whether a record belongs to a station.
    pub place: Place,
    /// The fields in the order in which a person speaks.
    pub fields: &'static [Field],
    /// The field whose first line names a record in lists.
    pub title: &'static str,
    /// The field that holds the theme, if records have one.
    pub theme: Option<&'static str>,
    /// The field that says when it took place; where there is none, a record's date is its creation.
    pub when: Option<&'static str>,
    /// The states and the steps between them.
    pub lifecycle: Lifecycle,
    /// Who may start a record.
    pub create: &'static [Part],
    /// Who holds it: the channels it is in.
    pub audience: &'static [Audience],
    /// The kind of the documents that this one accompanies: its id is theirs by `DocId::companion`.
    pub companion_of: Option<&'static str>,
    /// Where records appear in the app: [`Columns`].
    pub columns: Columns,
}

impl Register {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The register's companion register, if it has one.
    pub fn companion(&self) -> Option<&'static Register> {
        super::REGISTERS
            .iter()
            .copied()
            .find(|other| other.companion_of == Some(self.kind))
    }
}

/// Whether a record belongs to a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It does: `station` must be set, and only people of that station start one.
    Station,
    /// It belongs to the district.
    District,
}

/// What kind of list a register appears in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// Work: in the lists of records and in the office's inbox.
    Work,
    /// Part of another record: shown with it, never alone.
    Companion,
    /// Reference data: stations, people, themes; read everywhere, listed under people and places.
    Reference,
}

/// One field.
#[derive(Debug)]
pub struct Field {
    /// The key in the document. Its label's message is `field-KIND-NAME`, a hint's `field-KIND-NAME-hint`.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it must be there before the record moves on.
    pub need: Need,
    /// Who may write it.
    pub edit: &'static [Part],
}

/// Whether a field must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Before the record leaves its draft.
    Required,
    /// Optional, but asked for: shown at once.
    Asked,
    /// Optional and folded away.
    Folded,
}

/// What a field holds, and within which bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Several lines; two people's edits merge character by character. `max` in characters.
    Prose {
        /// The most characters.
        max: usize,
    },
    /// One line. `max` in characters.
    Line {
        /// The most characters.
        max: usize,
    },
    /// One of these keys. The label's message is `choice-KIND-NAME-KEY`.
    Choice(&'static [&'static str]),
    /// The id of a record of this kind.
    Reference(&'static str),
    /// Ids of records of this kind, and plain names for who has no record.
    References {
        /// The kind referred to.
        kind: &'static str,
        /// The most entries.
        max: usize,
    },
    /// A whole number from 0 to `max`.
    Count {
        /// The largest number.
        max: i64,
    },
    /// A moment: milliseconds since 1970 UTC.
    Moment,
    /// Yes or no; absent is no.
    Flag,
}

/// What a person is to a record. Permissions are given to parts, never to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Who started it.
    Owner,
    /// A host of its station.
    Host,
    /// A member attached to its station.
    Member,
    /// The department it is assigned to.
    Handler,
    /// The office.
    Clerk,
    /// Who watches over the work.
    Supervisor,
    /// Who administers accounts, stations and lists.
    Admin,
    /// The server itself, where one decider is needed.
    Server,
}

/// A channel that a record is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Its owner's own.
    Owner,
    /// Its station's: hosts and attached members.
    Station,
    /// Its station's hosts only.
    Hosts,
    /// Everybody who signs in.
    District,
}
