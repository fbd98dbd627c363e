//! Documents at their limits: what just fits is taken, and one more is refused as too large. What counts is what a message
//! comes to, not the bytes that it travels in.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

use lianxin_server::app::App;
use lianxin_server::store::{Binding, Compaction, StoredDocument, Write, Written};
use lianxin_server::sync::{Answer, Changes, Submission};
use lianxin_shared::document::{Actor, Author, Document, inspect, pack};
use lianxin_shared::id::{DeviceId, DocId, Moment};
use lianxin_shared::records::{Envelope, Event, Value, Values};
use lianxin_shared::rules::{Principal, Role};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const BYTES: u64 = 4 * 1024 * 1024;
const OPERATIONS: u64 = 500_000;
const CHANGES: u64 = 50_000;
const CHANGES_AT_ONCE: usize = 2_000;

const STATION: DocId = DocId([7; 16]);
const DEVICE: DeviceId = DeviceId([1; 16]);

/// A server without lines, and a host who is at its door.
struct Ground {
    app: App,
    host: Principal,
    _data: TempDir,
}

/// What a document has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    bytes: u64,
    operations: u64,
    changes: u64,
}

const SMALL: Size = Size {
    bytes: 1_000,
    operations: 100,
    changes: 1,
};

impl Ground {
    async fn lay() -> Self {
        let data = tempfile::tempdir().unwrap();
        let host = Principal {
            hosts: [STATION].into(),
            ..Principal::new("host1".parse().unwrap(), [Role::Host])
        };
        Self {
            app: App::open(data.path()).await.unwrap(),
            host,
            _data: data,
        }
    }

    /// A document that has been accepted and has come to a size by now, without the labour of years that this takes.
    async fn standing(&self, n: u8, size: Size) -> Document {
        let mut document = suggestion(n, "楼道的灯坏了。");
        let write = Write {
            doc: DocId([n; 16]),
            base: 0,
            version: size.changes,
            changes: Vec::new(),
            heads: document.heads(),
            bytes: size.bytes,
            operations: size.operations,
            actors: Vec::new(),
            by: Binding {
                user: self.host.user.clone(),
                device: DEVICE,
            },
            channels: vec![format!("station:{STATION}")],
            row: None,
            compaction: Some(Compaction {
                version: size.changes,
                snapshot: document.save(),
            }),
            at: Moment(1_000),
        };
        let written = self.app.store.commit(vec![write]).await.unwrap();
        assert!(matches!(written[..], [Written::Done(_)]), "{written:?}");
        document
    }

    async fn stored(&self, n: u8) -> Option<StoredDocument> {
        let wants = vec![(DocId([n; 16]), Vec::new())];
        self.app.store.materials(wants).await.unwrap().remove(0).document
    }

    async fn size(&self, n: u8) -> Size {
        let stored = self.stored(n).await.unwrap();
        Size {
            bytes: stored.bytes,
            operations: stored.operations,
            changes: stored.version,
        }
    }

    /// What becomes of a submission: `accepted`, or the code of the refusal.
    async fn submit(&self, submission: Submission) -> String {
        let answers = self.app.door.accept(&self.host, DEVICE, vec![submission]);
        match answers.await.unwrap().remove(0) {
            Answer::Accepted { .. } => "accepted".to_owned(),
            Answer::Refused(refusal) => refusal.code.as_str().to_owned(),
            Answer::Busy => "busy".to_owned(),
        }
    }
}

fn author() -> Author {
    Author {
        user: "host1".parse().unwrap(),
        actor: Actor([5; 16]),
        at: Moment(1_790_000_000_000),
    }
}

fn suggestion(n: u8, location: &str) -> Document {
    let author = author();
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: DocId([n; 16]),
        station: Some(STATION),
        owner: author.user.clone(),
        created_at: author.at,
        attachments: Vec::new(),
    };
    let values: Values = [
        ("body".to_owned(), Value::from("楼道的灯坏了。")),
        ("theme".to_owned(), Value::Text(DocId([3; 16]).to_string())),
        ("location".to_owned(), Value::from(location)),
    ]
    .into();
    let submit = Event::new("submit", &author.user, author.at);
    Document::create(&envelope, &values, &[submit], &author).unwrap()
}

/// So many edits; the changes.
fn edits(document: &mut Document, count: usize) -> Vec<Vec<u8>> {
    let before = document.heads();
    for _ in 0..count {
        let base = document.heads();
        let is_first = document.record().unwrap().text("location") == "一号楼";
        let location = if is_first { "二号楼" } else { "一号楼" };
        let values = [("location".to_owned(), Value::from(location))];
        document.edit(&base, &values.into(), &[], &author()).unwrap();
    }
    document.changes_since(before.as_slice())
}

fn packed(n: u8, changes: Vec<u8>) -> Submission {
    Submission {
        doc: DocId([n; 16]),
        snapshot: Vec::new(),
        changes: Changes::Packed(changes),
        receipts: Vec::new(),
    }
}

fn whole(n: u8, document: &mut Document) -> Submission {
    Submission {
        snapshot: document.save(),
        ..packed(n, Vec::new())
    }
}

#[tokio::test]
async fn what_just_fits_is_taken_and_one_more_is_not() {
    let ground = Ground::lay().await;
    // How much an edit adds follows from the document and not from what it has come to.
    let change = edits(&mut suggestion(1, "楼道的灯坏了。"), 1).remove(0);
    let more = Size {
        bytes: change.len() as u64,
        operations: inspect(&change).unwrap().operations,
        changes: 1,
    };
    let full = [
        Size {
            bytes: BYTES - more.bytes,
            ..SMALL
        },
        Size {
            operations: OPERATIONS - more.operations,
            ..SMALL
        },
        Size {
            changes: CHANGES - 1,
            ..SMALL
        },
    ];
    for (n, fits) in (1..).zip(full) {
        let mut document = ground.standing(n, fits).await;
        let change = pack(&edits(&mut document, 1)).unwrap();
        assert_eq!(ground.submit(packed(n, change)).await, "accepted", "{fits:?}");
        let grown = Size {
            bytes: fits.bytes + more.bytes,
            operations: fits.operations + more.operations,
            changes: fits.changes + 1,
        };
        assert_eq!(ground.size(n).await, grown);
        let change = pack(&edits(&mut document, 1)).unwrap();
        assert_eq!(ground.submit(packed(n, change)).await, "too-large", "{grown:?}");
        assert_eq!(ground.size(n).await, grown, "something of it was kept");
    }
    let over = [
        Size {
            bytes: BYTES - more.bytes + 1,
            ..SMALL
        },
        Size {
            operations: OPERATIONS - more.operations + 1,
            ..SMALL
        },
    ];
    for (n, over) in (11..).zip(over) {
        let change = pack(&edits(&mut ground.standing(n, over).await, 1)).unwrap();
        assert_eq!(ground.submit(packed(n, change)).await, "too-large", "{over:?}");
    }
}

#[tokio::test]
async fn so_many_changes_are_taken_at_once_and_no_more() {
    let ground = Ground::lay().await;
    let mut document = ground.standing(1, SMALL).await;
    let mut changes = edits(&mut document, CHANGES_AT_ONCE + 1);
    assert_eq!(
        ground.submit(packed(1, pack(&changes).unwrap())).await,
        "too-large"
    );
    let last = changes.pop().unwrap();
    assert_eq!(
        ground.submit(packed(1, pack(&changes).unwrap())).await,
        "accepted"
    );
    assert_eq!(ground.submit(packed(1, pack(&[last]).unwrap())).await, "accepted");
    assert_eq!(
        ground.size(1).await.changes,
        SMALL.changes + changes.len() as u64 + 1
    );
}

#[tokio::test]
async fn a_new_document_at_the_limit_is_judged_and_one_above_it_is_not() {
    let ground = Ground::lay().await;
    let overhead = suggestion(1, &"x".repeat(4_000_000)).save().len() - 4_000_000;
    let room = BYTES as usize - overhead;
    for (length, code) in [(room, "field-invalid"), (room + 1, "too-large")] {
        let mut document = suggestion(1, &"x".repeat(length));
        assert_eq!(document.save().len(), overhead + length);
        assert_eq!(ground.submit(whole(1, &mut document)).await, code);
        assert_eq!(ground.stored(1).await, None);
    }
}

#[tokio::test]
async fn a_few_bytes_that_stand_for_very_much_are_too_large() {
    let ground = Ground::lay().await;
    for (n, operations) in [(1, OPERATIONS + 1), (2, 1 << 40)] {
        let content = repeating(operations);
        assert!(content.len() < 100);
        let chunk = Submission::of_chunks(DocId([n; 16]), vec![chunk(&content)]);
        assert_eq!(ground.submit(chunk).await, "too-large");
        // Packed, it names nothing that it builds on, as here.
        let list = [vec![content.len() as u8], content].concat();
        assert_eq!(ground.submit(packed(n, list)).await, "too-large");
        assert_eq!(ground.stored(n).await, None);
    }
    // Each of these is small enough; together they are not, and none of them is read.
    let content = repeating(90_000);
    let list = [vec![content.len() as u8], content].concat().repeat(16);
    assert!(list.len() < 1_000);
    assert_eq!(ground.submit(packed(4, list)).await, "too-large");
    // The same below the limit is read, and is no record.
    let chunk = Submission::of_chunks(DocId([3; 16]), vec![chunk(&repeating(1_000))]);
    assert_eq!(ground.submit(chunk).await, "corrupt");
}

/// The content of a change that says so many times to set one key to nothing, in runs
/// (<https://automerge.org/automerge-binary-format-spec/>).
fn repeating(operations: u64) -> Vec<u8> {
    let run = |value: &[u8]| [signed(operations), value.to_vec()].concat();
    let columns = [
        (0x15, run(&[1, b'a'])),
        (0x34, unsigned(operations)),
        (0x42, run(&[1])),
        (0x56, run(&[0])),
        (0x70, run(&[0])),
    ];
    // No dependency; the actor; sequence and first operation 1; no time, no message, no other actor.
    let mut content = vec![0, 16];
    content.extend([5; 16]);
    content.extend([1, 1, 0, 0, 0, columns.len() as u8]);
    for (kind, column) in &columns {
        content.extend([*kind, column.len() as u8]);
    }
    columns.iter().for_each(|(_, column)| content.extend(column));
    content
}

fn chunk(content: &[u8]) -> Vec<u8> {
    let hashed = [vec![1], unsigned(content.len() as u64), content.to_vec()].concat();
    let sum = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83], &sum[..4], &hashed].concat()
}

/// LEB128.
fn unsigned(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// The same of a signed number above zero: one more group of seven bits, so that the sign is plain.
fn signed(value: u64) -> Vec<u8> {
    let mut bytes = unsigned(value);
    *bytes.last_mut().unwrap() |= 0x80;
    bytes.push(0);
    bytes
}
