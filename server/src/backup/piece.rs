//! How a piece of a dump is written down: CBOR by number. A reader skips fields that it does not know, so that they are only
//! ever added, at the end and optional; another meaning is another number.

use lianxin_shared::document::hash;
use lianxin_shared::handover::DeviceKey;
use lianxin_shared::id::{DeviceId, DocId, Epoch, Heads, Moment, UserId};
use lianxin_shared::rules::Refusal;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::projection;
use crate::store::{
    Account, Act, Actor, Binding, Change, Contact, Content, Deed, Entry, Kept, KeptDocument, Life, Mark,
    Quarantined, Registered, Second, Session, Step, StoredDocument, TokenHash, Tombstone, Withdrawal,
};
use crate::sync::open;

/// A piece as it is written down.
#[derive(Encode, Decode)]
pub(super) enum Piece {
    /// Who the database is: epoch and receipt key.
    #[n(0)]
    Life(#[n(0)] Epoch, #[n(1)] ByteVec),
    #[n(1)]
    Account {
        /// The principal, in JSON as stores keep it.
        #[n(0)]
        principal: String,
        #[n(1)]
        name: String,
        #[n(2)]
        password: String,
        #[n(3)]
        language: Option<String>,
        #[n(4)]
        disabled: bool,
        #[n(5)]
        created_at: Moment,
    },
    #[n(2)]
    Session {
        #[n(0)]
        token: ByteVec,
        #[n(1)]
        user: UserId,
        #[n(2)]
        created_at: Moment,
        #[n(3)]
        expires_at: Moment,
        #[n(4)]
        contact: Option<Contacted>,
    },
    #[n(3)]
    Actor {
        #[n(0)]
        actor: ByteVec,
        #[n(1)]
        user: UserId,
        #[n(2)]
        device: DeviceId,
        #[n(3)]
        bound_at: Moment,
    },
    #[n(4)]
    Channel(#[n(0)] String, #[n(1)] u64),
    #[n(5)]
    Document(#[n(0)] Box<Document>),
    #[n(6)]
    Number(#[n(0)] String, #[n(1)] u64, #[n(2)] DocId),
    #[n(7)]
    Tombstone(#[n(0)] DocId, #[n(1)] Moment, #[n(2)] Vec<Place>),
    #[n(8)]
    Quarantined {
        #[n(0)]
        doc: DocId,
        #[n(1)]
        user: UserId,
        #[n(2)]
        device: DeviceId,
        #[n(3)]
        refusal: Refusal,
        #[n(4)]
        changes: Vec<ByteVec>,
        #[n(5)]
        at: Moment,
    },
    #[n(9)]
    Act {
        #[n(0)]
        at: Moment,
        #[n(1)]
        by: UserId,
        #[n(2)]
        deed: String,
        #[n(3)]
        about: String,
        #[n(4)]
        kind: Option<String>,
        #[n(5)]
        words: String,
    },
    /// The name of a file that hangs on records. Its content lies beside the chunks.
    #[n(10)]
    File(#[n(0)] String),
    /// What an account proves besides its password.
    #[n(11)]
    Second {
        #[n(0)]
        user: UserId,
        #[n(1)]
        secret: ByteVec,
        #[n(2)]
        step: u64,
        #[n(3)]
        recovery: Vec<ByteVec>,
    },
    /// A sign-in that was withdrawn.
    #[n(12)]
    Withdrawn {
        #[n(0)]
        token: ByteVec,
        #[n(1)]
        user: UserId,
        #[n(2)]
        at: Moment,
        #[n(3)]
        told_at: Option<Moment>,
    },
    /// A code that takes a device in: its hash, whose it is, until when.
    #[n(13)]
    Code(#[n(0)] ByteVec, #[n(1)] UserId, #[n(2)] Moment),
    /// A device's key.
    #[n(14)]
    Device {
        #[n(0)]
        key: DeviceKey,
        #[n(1)]
        user: UserId,
        #[n(2)]
        device: DeviceId,
        #[n(3)]
        session: ByteVec,
        #[n(4)]
        withdrawn: bool,
    },
}

/// When a session was last used, and how.
#[derive(Encode, Decode)]
pub(super) struct Contacted {
    #[n(0)]
    at: Moment,
    #[n(1)]
    device: String,
    #[n(2)]
    place: String,
    #[n(3)]
    client: String,
}

/// A document. Its row is not written down but for its place in lists: all else follows from the document.
#[derive(Encode, Decode)]
pub(super) struct Document {
    #[n(0)]
    doc: DocId,
    #[n(1)]
    version: u64,
    #[n(2)]
    bytes: u64,
    #[n(3)]
    operations: u64,
    #[n(4)]
    heads: Heads,
    #[n(5)]
    snapshot: Option<ByteVec>,
    #[n(6)]
    changes: Vec<ByteVec>,
    #[n(7)]
    received_at: Moment,
    #[n(8)]
    changed_at: Moment,
    #[n(9)]
    entries: Vec<Place>,
    #[n(10)]
    mark: Option<Listed>,
}

/// An entry without its document.
#[derive(Encode, Decode)]
pub(super) struct Place {
    #[n(0)]
    channel: String,
    #[n(1)]
    seq: u64,
    #[n(2)]
    present: bool,
    #[n(3)]
    floor: u64,
    #[n(4)]
    steps: Vec<Step>,
}

/// A place in lists.
#[derive(Encode, Decode)]
pub(super) struct Listed {
    #[n(0)]
    rank: i64,
    #[n(1)]
    received_at: Moment,
    #[n(2)]
    number: i64,
}

/// What is wrong with a piece.
pub(super) struct Unreadable;

impl Piece {
    /// As it is written down.
    pub(super) fn of(kept: Kept) -> Result<Self, Unreadable> {
        Ok(match kept {
            Kept::Life(life) => Self::Life(life.epoch, life.receipt_key.to_vec().into()),
            Kept::Account(account) => Self::Account {
                principal: serde_json::to_string(&account.principal).map_err(|_| Unreadable)?,
                name: account.name,
                password: account.password,
                language: account.language,
                disabled: account.disabled,
                created_at: account.created_at,
            },
            Kept::Session(session) => Self::Session {
                token: session.token.0.to_vec().into(),
                user: session.user,
                created_at: session.created_at,
                expires_at: session.expires_at,
                contact: Some(Contacted {
                    at: session.contact.at,
                    device: session.contact.device,
                    place: session.contact.place,
                    client: session.contact.client,
                }),
            },
            Kept::Second(user, second) => Self::Second {
                user,
                secret: second.secret.into(),
                step: second.step,
                recovery: second
                    .recovery
                    .into_iter()
                    .map(|hash| hash.to_vec().into())
                    .collect(),
            },
            Kept::Withdrawn(token, user, withdrawal) => Self::Withdrawn {
                token: token.0.to_vec().into(),
                user,
                at: withdrawal.at,
                told_at: withdrawal.told_at,
            },
            Kept::Code(code, user, expires_at) => Self::Code(code.0.to_vec().into(), user, expires_at),
            Kept::Device(device) => Self::Device {
                key: device.key,
                user: device.by.user,
                device: device.by.device,
                session: device.session.0.to_vec().into(),
                withdrawn: device.withdrawn,
            },
            Kept::Actor(actor) => Self::Actor {
                actor: actor.actor.into(),
                user: actor.by.user,
                device: actor.by.device,
                bound_at: actor.bound_at,
            },
            Kept::Channel(name, seq) => Self::Channel(name, seq),
            Kept::Document(document) => Self::Document(Box::new(Document::of(*document))),
            Kept::Number(series, number, doc) => Self::Number(series, number, doc),
            Kept::Tombstone(tombstone) => {
                let entries = tombstone.entries.into_iter().map(Place::of);
                Self::Tombstone(tombstone.doc, tombstone.at, entries.collect())
            }
            Kept::Quarantined(quarantined) => Self::Quarantined {
                doc: quarantined.doc,
                user: quarantined.by.user,
                device: quarantined.by.device,
                refusal: quarantined.refusal,
                changes: quarantined.changes.into_iter().map(Into::into).collect(),
                at: quarantined.at,
            },
            Kept::Act(act) => Self::Act {
                at: act.at,
                by: act.by,
                deed: act.deed.as_str().to_owned(),
                about: act.about,
                kind: act.kind,
                words: act.words,
            },
        })
    }

    /// As a store takes it; nothing for a file.
    pub(super) fn kept(self) -> Result<Option<Kept>, Unreadable> {
        Ok(Some(match self {
            Self::Life(epoch, key) => Kept::Life(Life {
                epoch,
                receipt_key: array(key)?,
            }),
            Self::Account {
                principal,
                name,
                password,
                language,
                disabled,
                created_at,
            } => Kept::Account(Account {
                principal: serde_json::from_str(&principal).map_err(|_| Unreadable)?,
                name,
                password,
                language,
                disabled,
                created_at,
            }),
            Self::Session {
                token,
                user,
                created_at,
                expires_at,
                contact,
            } => Kept::Session(Session {
                token: TokenHash(array(token)?),
                user,
                created_at,
                expires_at,
                contact: match contact {
                    Some(contact) => Contact {
                        at: contact.at,
                        device: contact.device,
                        place: contact.place,
                        client: contact.client,
                    },
                    None => Contact {
                        at: created_at,
                        ..Contact::default()
                    },
                },
            }),
            Self::Second {
                user,
                secret,
                step,
                recovery,
            } => Kept::Second(
                user,
                Second {
                    secret: secret.into(),
                    step,
                    recovery: recovery.into_iter().map(array).collect::<Result<_, _>>()?,
                },
            ),
            Self::Withdrawn {
                token,
                user,
                at,
                told_at,
            } => Kept::Withdrawn(TokenHash(array(token)?), user, Withdrawal { at, told_at }),
            Self::Code(code, user, expires_at) => Kept::Code(TokenHash(array(code)?), user, expires_at),
            Self::Device {
                key,
                user,
                device,
                session,
                withdrawn,
            } => Kept::Device(Registered {
                key,
                by: Binding { user, device },
                session: TokenHash(array(session)?),
                withdrawn,
            }),
            Self::Actor {
                actor,
                user,
                device,
                bound_at,
            } => Kept::Actor(Actor {
                actor: actor.into(),
                by: Binding { user, device },
                bound_at,
            }),
            Self::Channel(name, seq) => Kept::Channel(name, seq),
            Self::Document(document) => Kept::Document(Box::new(document.kept()?)),
            Self::Number(series, number, doc) => Kept::Number(series, number, doc),
            Self::Tombstone(doc, at, entries) => Kept::Tombstone(Tombstone {
                doc,
                at,
                entries: entries.into_iter().map(|place| place.entry(doc)).collect(),
            }),
            Self::Quarantined {
                doc,
                user,
                device,
                refusal,
                changes,
                at,
            } => Kept::Quarantined(Quarantined {
                doc,
                by: Binding { user, device },
                refusal,
                changes: changes.into_iter().map(Into::into).collect(),
                at,
            }),
            Self::Act {
                at,
                by,
                deed,
                about,
                kind,
                words,
            } => Kept::Act(Act {
                at,
                by,
                deed: *Deed::ALL
                    .iter()
                    .find(|known| known.as_str() == deed)
                    .ok_or(Unreadable)?,
                about,
                kind,
                words,
            }),
            Self::File(_) => return Ok(None),
        }))
    }
}

impl Document {
    fn of(kept: KeptDocument) -> Self {
        let changes = kept.stored.content.changes.into_iter();
        Self {
            doc: kept.doc,
            version: kept.stored.version,
            bytes: kept.stored.bytes,
            operations: kept.stored.operations,
            heads: kept.stored.content.heads,
            snapshot: kept.stored.content.snapshot.map(Into::into),
            // Their names follow from them.
            changes: changes.map(|change| change.bytes.into()).collect(),
            received_at: kept.received_at,
            changed_at: kept.changed_at,
            entries: kept.entries.into_iter().map(Place::of).collect(),
            mark: kept.row.map(|(mark, _)| Listed {
                rank: mark.rank,
                received_at: mark.received_at,
                number: mark.number,
            }),
        }
    }

    fn kept(self) -> Result<KeptDocument, Unreadable> {
        let change = |bytes: ByteVec| {
            let bytes: Vec<u8> = bytes.into();
            let hash = hash(&bytes).map_err(|_| Unreadable)?;
            Ok(Change { hash, bytes })
        };
        let content = Content {
            heads: self.heads,
            snapshot: self.snapshot.map(Into::into),
            changes: self.changes.into_iter().map(change).collect::<Result<_, _>>()?,
        };
        let row = self.mark.and_then(|listed| {
            let mark = Mark {
                rank: listed.rank,
                received_at: listed.received_at,
                number: listed.number,
            };
            match open(&content).and_then(|document| document.record()) {
                Ok(record) => Some((mark, projection::row(&record)?)),
                Err(error) => {
                    // Kept as it is, but in no list.
                    tracing::error!(doc = %self.doc, %error, "backup.unreadable");
                    None
                }
            }
        });
        let doc = self.doc;
        Ok(KeptDocument {
            doc,
            stored: StoredDocument {
                version: self.version,
                bytes: self.bytes,
                operations: self.operations,
                content,
            },
            received_at: self.received_at,
            changed_at: self.changed_at,
            entries: self.entries.into_iter().map(|place| place.entry(doc)).collect(),
            row,
        })
    }
}

impl Place {
    fn of(entry: Entry) -> Self {
        Self {
            channel: entry.channel,
            seq: entry.seq,
            present: entry.present,
            floor: entry.floor,
            steps: entry.steps,
        }
    }

    fn entry(self, doc: DocId) -> Entry {
        Entry {
            channel: self.channel,
            doc,
            seq: self.seq,
            present: self.present,
            floor: self.floor,
            steps: self.steps,
        }
    }
}

fn array(bytes: ByteVec) -> Result<[u8; 32], Unreadable> {
    Vec::from(bytes).try_into().map_err(|_| Unreadable)
}
