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
    /// What says by when it is to be done, where no step does.
    pub due: Option<Due>,
    /// The fields that name groups: their members are [`Part::Group`] to the record, their conveners [`Part::Convener`].
    pub groups: &'static [&'static str],
    /// The fields that name people who take part: they are [`Part::Party`] to the record.
    pub parties: &'static [&'static str],
    /// The states and the steps between them.
    pub lifecycle: Lifecycle,
    /// Who may start a record.
    pub create: &'static [Part],
    /// Who may remove a record for good, whatever else they may read of it.
    pub erase: &'static [Part],
    /// Who holds it: the channels it is in.
    pub audience: &'static [Audience],
    /// The kinds of the documents that this one accompanies: its id is theirs by `DocId::companion`.
    pub companion_of: &'static [&'static str],
    /// Where records appear in the app: [`Columns`].
    pub columns: Columns,
    /// What a record counts for, towards the yearly targets.
    pub credits: &'static [Credit],
    /// What of a record everybody may read, without an account.
    pub public: Option<Public>,
}

/// What most registers have in common, to be completed: work of the district, that counts for nothing and is not public.
pub(super) const WORK: Register = Register {
    kind: "",
    schema: 1,
    place: Place::District,
    fields: &[],
    title: "",
    theme: None,
    when: None,
    due: None,
    groups: &[],
    parties: &[],
    lifecycle: super::lifecycle::DRAFT,
    create: &[],
    erase: &[Part::Admin],
    audience: &[],
    companion_of: &[],
    columns: Columns::Work,
    credits: &[],
    public: None,
};

impl Register {
    /// Whether what names a record is a line, which is never cut, and not the beginning of what somebody said.
    pub fn is_named_by_a_line(&self) -> bool {
        let field = self.field(self.title);
        field.is_some_and(|field| matches!(field.shape, Shape::Line { .. }))
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The register's companion register, if it has one.
    pub fn companion(&self) -> Option<&'static Register> {
        super::REGISTERS
            .iter()
            .copied()
            .find(|other| other.companion_of.contains(&self.kind))
    }
}

/// By when a record is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// The field with the moment.
    pub field: &'static str,
    /// The states in which it is met already.
    pub met: &'static [&'static str],
    /// It is met by these states only where a field holds this choice.
    pub only: Option<(&'static str, &'static str)>,
}

/// What a record counts for, once it stands where it counts. No figure is ever typed in: each is the sum of these.
#[derive(Debug, Clone, Copy)]
pub struct Credit {
    /// The figure, one of [`FIGURES`](super::FIGURES). Its label's message is `choice-target-figure-NAME`.
    pub figure: &'static str,
    /// Who is credited.
    pub to: Credited,
    /// With how much.
    pub amount: Amount,
    /// In which states it counts.
    pub states: &'static [&'static str],
    /// Only where this field holds this choice.
    pub only: Option<(&'static str, &'static str)>,
}

/// Who is credited with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credited {
    /// Who started it.
    Owner,
    /// The people in this field.
    People(&'static str),
    /// The groups in this field.
    Groups(&'static str),
    /// Its station.
    Station,
}

/// With how much a record is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// As one.
    One,
    /// With the number in this field.
    Number(&'static str),
    /// With how many entries this field has.
    Entries(&'static str),
}

/// What of a record is public.
#[derive(Debug, Clone, Copy)]
pub struct Public {
    /// In which states.
    pub states: &'static [&'static str],
    /// Which fields. Never one that can hold a resident's contact.
    pub fields: &'static [&'static str],
    /// The steps whose words are public too.
    pub acts: &'static [&'static str],
    /// The flag without which it is not.
    pub consent: Option<&'static str>,
    /// The states in which no more is public than that it is there, to what work it belongs, and why it is not shown: so
    /// nothing that was sent in is dropped in silence.
    pub held_back: &'static [&'static str],
}

/// Whether a record belongs to a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It does: `station` must be set, and only people of that station start one.
    Station,
    /// It belongs to the district.
    District,
    /// It may belong to a station.
    Either,
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

impl Field {
    /// One that must be filled.
    pub(super) const fn required(name: &'static str, shape: Shape, edit: &'static [Part]) -> Self {
        let need = Need::Required;
        Self {
            name,
            shape,
            need,
            edit,
        }
    }

    /// One that is asked for.
    pub(super) const fn asked(name: &'static str, shape: Shape, edit: &'static [Part]) -> Self {
        let need = Need::Asked;
        Self {
            name,
            shape,
            need,
            edit,
        }
    }

    /// One that is folded away.
    pub(super) const fn folded(name: &'static str, shape: Shape, edit: &'static [Part]) -> Self {
        let need = Need::Folded;
        Self {
            name,
            shape,
            need,
            edit,
        }
    }
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
    /// Any of these keys, labelled like a choice's.
    Choices(&'static [&'static str]),
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
    Attached,
    /// A member, of whatever station.
    Member,
    /// A leader of the party group.
    Leader,
    /// Somebody of a group that the record names.
    Group,
    /// The convener of a group that the record names.
    Convener,
    /// Somebody whom the record names as taking part.
    Party,
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
    /// Everybody who signs in, once it is public.
    Published,
    /// The groups that it names.
    Groups,
    /// The people whom it names as taking part.
    Parties,
    /// Whom it is assigned to.
    Handler,
}
