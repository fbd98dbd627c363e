//! What lists and search need of a document.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{Held, HeldError};
use crate::id::{DocId, FileHash, Heads, Moment, UserId};
use crate::records::{Columns, Record, Register, Values, register};
use crate::rules::{Refusal, channels_of, credits_of, links_of};
use crate::search;
use crate::standing::Standing;
use crate::twins::Sketch;

/// A record in a list. It lies beside the document, so that nothing is loaded for lists and search.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Summary {
    /// The document.
    #[n(0)]
    pub doc: DocId,
    /// Its register's kind.
    #[n(1)]
    pub kind: String,
    /// Its station.
    #[n(2)]
    pub station: Option<DocId>,
    /// Who started it.
    #[n(3)]
    pub owner: UserId,
    /// When it was started.
    #[n(4)]
    pub created_at: Moment,
    /// When it took place.
    #[n(5)]
    pub when: Moment,
    /// The state that its timeline folds to.
    #[n(6)]
    pub state: String,
    /// Since when.
    #[n(7)]
    pub since: Option<Moment>,
    /// The words of the last step that had any.
    #[n(8)]
    pub words: Option<String>,
    /// What names it.
    #[n(9)]
    pub title: String,
    /// Its theme.
    #[n(10)]
    pub theme: Option<DocId>,
    /// Its words, as search wants them: see [`search::normalize`].
    #[n(11)]
    pub search: String,
    /// All values of reference data; nothing of other records.
    #[n(12)]
    pub reference: Values,
    /// The channels it is in, by name.
    #[n(13)]
    pub channels: Vec<String>,
    /// Whether there is something in it that the server was not yet seen to have.
    #[n(14)]
    pub unsent: bool,
    /// Why the server did not take the last of it.
    #[n(15)]
    pub refusal: Option<Refusal>,
    /// The state that the server last said it has of it; the state before any change if it never did.
    #[n(16)]
    pub accepted: Heads,
    /// Whom it is assigned to.
    #[n(17)]
    #[cbor(default)]
    pub handler: Option<UserId>,
    /// By when it is to be done; nothing once that is met.
    #[n(18)]
    #[cbor(default)]
    pub due: Option<Moment>,
    /// Its number in the district's books.
    #[n(19)]
    #[cbor(default)]
    pub number: Option<String>,
    /// The other work that it names.
    #[n(20)]
    #[cbor(default)]
    pub links: Vec<Named>,
    /// What it counts for.
    #[n(21)]
    #[cbor(default)]
    pub credits: Vec<Counted>,
    /// Its [`Sketch`] as bytes, if it is of a register that residents speak through; nothing of others.
    #[n(22)]
    #[cbor(default)]
    pub sketch: Option<ByteVec>,
    /// The small one of its first picture.
    #[n(23)]
    #[cbor(default)]
    pub thumb: Option<FileHash>,
}

/// Other work that a record names; kept as text, since a newer version may know more fields.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Named {
    /// The field that names it: see [`Link::field`](crate::rules::Link::field).
    #[n(0)]
    pub field: String,
    /// The other record.
    #[n(1)]
    pub to: DocId,
}

/// What a record counts for, for somebody: a [`Share`](crate::rules::Share) kept as text.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Counted {
    /// Who is credited: a [`Subject`](crate::rules::Subject) by its name.
    #[n(0)]
    pub subject: String,
    /// Of what.
    #[n(1)]
    pub figure: String,
    /// How much.
    #[n(2)]
    pub amount: i64,
}

impl Summary {
    /// The summary of a held document.
    pub fn of(doc: DocId, held: &Held) -> Result<Self, HeldError> {
        Ok(Self::of_record(doc, &held.document()?.record()?, held))
    }

    pub(super) fn of_record(doc: DocId, record: &Record, held: &Held) -> Self {
        let register = record.register();
        let status = record.status();
        let is_reference = register.is_some_and(|register| register.columns == Columns::Reference);
        Self {
            doc,
            kind: record.envelope.kind.clone(),
            station: record.envelope.station,
            owner: record.envelope.owner.clone(),
            created_at: record.envelope.created_at,
            when: record.when(),
            state: status
                .as_ref()
                .map_or_else(String::new, |status| status.state.to_owned()),
            since: status.as_ref().and_then(|status| status.since),
            words: status.as_ref().and_then(|status| status.words.clone()),
            title: record.title().into_owned(),
            theme: record.theme(),
            search: search::normalize(&record.searchable()),
            reference: if is_reference {
                record.values.clone()
            } else {
                Values::new()
            },
            channels: channels_of(record).iter().map(ToString::to_string).collect(),
            unsent: held.unsent,
            refusal: held.refused.as_ref().map(|refused| refused.refusal.clone()),
            accepted: held.accepted_heads(),
            due: record.due(),
            links: named(record),
            credits: counted(record),
            sketch: register
                .filter(|register| register.companion().is_some())
                .map(|register| Sketch::of(record.text(register.title)).to_bytes().into()),
            handler: status.as_ref().and_then(|status| status.handler.clone()),
            number: status.and_then(|status| status.number),
            thumb: thumb(record),
        }
    }

    /// What finds those that speak of the same; nothing if it is not looked for among its kind.
    pub fn sketch(&self) -> Option<Sketch> {
        Sketch::from_bytes(self.sketch.as_ref()?).ok()
    }

    /// Whether all is in it that this version looks for. If not, an older version made it: its document gives it anew.
    pub fn is_current(&self) -> bool {
        let is_compared = register(&self.kind).and_then(Register::companion).is_some();
        !is_compared || self.sketch().is_some()
    }

    /// Whether something is still expected of somebody.
    pub fn is_open(&self) -> bool {
        let lifecycle = register(&self.kind).map(|register| &register.lifecycle);
        lifecycle.is_some_and(|lifecycle| !lifecycle.closed.contains(&self.state.as_str()))
    }

    /// Where the user's work stands. `on_its_way` says whether an exchange carries it right now.
    pub fn standing(&self, on_its_way: bool) -> Standing {
        let lifecycle = register(&self.kind).map(|register| &register.lifecycle);
        let state = self.state.as_str();
        match lifecycle {
            _ if self.refusal.is_some() => Standing::NeedsAttention,
            _ if self.unsent && on_its_way => Standing::OnItsWay,
            _ if self.unsent => Standing::OnTablet,
            Some(lifecycle) if lifecycle.attention.contains(&state) => Standing::NeedsAttention,
            Some(lifecycle) if lifecycle.duty(state).is_some() => Standing::WaitsForOffice,
            Some(lifecycle) if lifecycle.answered.contains(&state) => Standing::Answered,
            _ => Standing::Received,
        }
    }
}

fn thumb(record: &Record) -> Option<FileHash> {
    let mut thumbs = record.envelope.attachments.iter().filter_map(|all| all.thumb);
    thumbs.next().map(|file| file.hash)
}

fn named(record: &Record) -> Vec<Named> {
    let links = links_of(record).into_iter();
    links
        .map(|link| Named {
            field: link.field.to_owned(),
            to: link.to,
        })
        .collect()
}

fn counted(record: &Record) -> Vec<Counted> {
    let shares = credits_of(record).into_iter();
    shares
        .map(|share| Counted {
            subject: share.subject.to_string(),
            figure: share.figure.to_owned(),
            amount: share.amount,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Actor, Author, Document};
    use crate::records::{Envelope, Value};
    use crate::twins::LIKELY;

    fn summary(kind: &str, values: &Values) -> Summary {
        let author = Author {
            user: "host1".parse().unwrap(),
            actor: Actor([1; 16]),
            at: Moment(1),
        };
        let envelope = Envelope {
            schema: 1,
            kind: kind.to_owned(),
            id: DocId([2; 16]),
            station: Some(DocId([3; 16])),
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let mut document = Document::create(&envelope, values, &[], &author).unwrap();
        Summary::of(envelope.id, &Held::started(&mut document)).unwrap()
    }

    #[test]
    fn what_an_older_version_made_is_read_and_known_for_it() {
        let values = [("body".to_owned(), Value::from("三号楼的电梯停了\n二十天"))];
        let now = summary("suggestion", &values.into());
        assert!(now.is_current());
        let whole = Sketch::of("三号楼的电梯停了，二十天");
        assert!(now.sketch().unwrap().likeness(&whole) >= LIKELY);

        // Without its last fields it is as it was written before there were any.
        let old = Summary {
            sketch: None,
            ..now.clone()
        };
        let read: Summary = minicbor::decode(&minicbor::to_vec(&old).unwrap()).unwrap();
        assert_eq!(read, old);
        assert!(!read.is_current());
        let mut other_way = now.sketch().unwrap().to_bytes();
        other_way[0] += 1;
        let other_way = Summary {
            sketch: Some(other_way.into()),
            ..now
        };
        assert!(!other_way.is_current());
        assert!(summary("activity", &Values::new()).is_current());
    }
}
