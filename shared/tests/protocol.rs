//! `docs/protocol.md` is what it says: its fixtures are what this crate writes and reads.
#![expect(clippy::unwrap_used, reason = "a fixture that is not there fails the test")]

use lianxin_shared::document::{Actor, Author, Document, hash, pack};
use lianxin_shared::handover::{self, Opener, Signer, parcel};
use lianxin_shared::id::{DeviceId, DocId, Epoch, Heads, Moment};
use lianxin_shared::protocol::{
    Cursor, Down, FrameReader, Hello, Outcome, PROTOCOL, Pull, Push, Up, Welcome, encode_frame,
};
use lianxin_shared::records::{Envelope, Event, Value, Values};
use lianxin_shared::rules::{Refusal, RefusalCode};
use lianxin_shared::sync::{Fingerprint, item};

const PAPER: &str = include_str!("../../docs/protocol.md");

/// The bytes of a fenced block `hex NAME` of the paper; whatever is after `#` in a line is a remark.
fn fixture(name: &str) -> Vec<u8> {
    let fence = format!("```hex {name}\n");
    assert!(PAPER.contains(&fence), "no fixture {name}");
    let start = PAPER.find(&fence).unwrap() + fence.len();
    let block = &PAPER[start..][..PAPER[start..].find("```").unwrap()];
    let digits = block.lines().map(|line| line.split('#').next().unwrap());
    let digits: String = digits.flat_map(str::split_whitespace).collect();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn read<T: for<'b> minicbor::Decode<'b, ()>>(name: &str) -> Vec<T> {
    let mut reader = FrameReader::default();
    reader.push(&fixture(name));
    let messages = reader.next_frame().unwrap().unwrap();
    assert!(!reader.is_within_frame());
    messages
}

/// A record with one edit by somebody else.
fn document() -> Document {
    let author = |user: &str, actor, at| Author {
        user: user.parse().unwrap(),
        actor: Actor([actor; 16]),
        at: Moment(at),
    };
    let who = author("host1", 0x11, 1_790_000_000_000);
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: DocId([0xd0; 16]),
        station: Some(DocId([0x57; 16])),
        owner: who.user.clone(),
        created_at: who.at,
        attachments: Vec::new(),
    };
    let values: Values = [("body".to_owned(), Value::from("灯坏了"))].into();
    let submit = Event::new("submit", &who.user, who.at);
    let mut document = Document::create(&envelope, &values, &[submit], &who).unwrap();
    let base = document.heads();
    let values = [("body".to_owned(), Value::from("路灯坏了"))].into();
    let other = author("host2", 0x22, 1_790_000_060_000);
    document.edit(&base, &values, &[], &other).unwrap();
    document
}

fn hello() -> Up {
    Up::Hello(Hello {
        protocol: PROTOCOL,
        device: DeviceId([0xde; 16]),
        epoch: Some(Epoch([0xe0; 16])),
        cursors: [("district".to_owned(), Cursor { have: 7, seen: 9 })].into(),
        budget: 65_536,
    })
}

#[test]
fn a_hello_is_as_the_paper_has_it() {
    assert_eq!(read::<Up>("hello"), [hello(), Up::End]);
}

#[test]
fn a_push_is_as_the_paper_has_it() {
    let mut document = document();
    let last = document.changes_since(&[]).pop().unwrap();
    let push = Push {
        doc: DocId([0xd0; 16]),
        snapshot: None,
        changes: fixture("packed").into(),
        receipts: Vec::new(),
    };
    assert_eq!(read::<Up>("push"), [Up::Push(push)]);
    assert_eq!(pack(std::slice::from_ref(&last)).unwrap(), fixture("packed"));
    assert_eq!(last, fixture("change"));
    let before: Heads = [hash(&document.changes_since(&[])[0]).unwrap()]
        .into_iter()
        .collect();
    let mut there = document.at(&before).unwrap();
    assert_eq!(there.unpack(&fixture("packed")).unwrap(), [last]);
}

#[test]
fn an_answer_is_as_the_paper_has_it() {
    let welcome = Welcome {
        epoch: Epoch([0xe0; 16]),
        channels: vec!["district".to_owned(), "user:host1".to_owned()],
    };
    let accepted = Outcome::Accepted {
        heads: None,
        mac: vec![0xac; 16].into(),
    };
    let pull = Pull {
        doc: DocId([0xd0; 16]),
        snapshot: None,
        changes: fixture("packed").into(),
        heads: None,
        mac: vec![0xac; 16].into(),
    };
    let cursors = [("district".to_owned(), Cursor { have: 10, seen: 10 })].into();
    let expected = [
        Down::Welcome(welcome),
        Down::Result(accepted),
        Down::Result(Outcome::Refused(Refusal::about(
            RefusalCode::FieldInvalid,
            "body",
        ))),
        Down::Pull(pull),
        Down::Cursors(cursors),
        Down::End {
            more: false,
            fingerprint: Some(fingerprint()),
        },
    ];
    assert_eq!(read::<Down>("answer"), expected);
}

/// Of the one document in the district; of the user there is none.
fn fingerprint() -> Fingerprint {
    Fingerprint::over([
        Fingerprint::of(DocId([0xd0; 16]), &document().heads()),
        Fingerprint::default(),
    ])
}

#[test]
fn an_item_is_as_the_paper_has_it() {
    let item = item(DocId([0xd0; 16]), &document().heads());
    assert_eq!(item.as_slice(), fixture("item"));
}

#[test]
fn a_fingerprint_is_as_the_paper_has_it() {
    assert_eq!(fingerprint().bytes().as_slice(), fixture("fingerprint"));
}

/// Prints the fixtures anew: `cargo test -p lianxin-shared --test protocol -- --ignored --nocapture`.
#[test]
#[ignore = "prints what goes into the paper"]
fn print() {
    let hex = |name: &str, bytes: &[u8]| {
        println!("```hex {name}");
        for line in bytes.chunks(32) {
            println!(
                "{}",
                line.iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            );
        }
        println!("```\n");
    };
    let mut document = document();
    let last = document.changes_since(&[]).pop().unwrap();
    let packed = pack(std::slice::from_ref(&last)).unwrap();
    hex("hello", &encode_frame(&[hello(), Up::End]));
    hex("change", &last);
    hex("packed", &packed);
    let doc = DocId([0xd0; 16]);
    let push = Push {
        doc,
        snapshot: None,
        changes: packed.clone().into(),
        receipts: Vec::new(),
    };
    hex("push", &encode_frame(&[Up::Push(push)]));
    let accepted = Outcome::Accepted {
        heads: None,
        mac: vec![0xac; 16].into(),
    };
    let pull = Pull {
        doc,
        snapshot: None,
        changes: packed.into(),
        heads: None,
        mac: vec![0xac; 16].into(),
    };
    let answer = [
        Down::Welcome(Welcome {
            epoch: Epoch([0xe0; 16]),
            channels: vec!["district".to_owned(), "user:host1".to_owned()],
        }),
        Down::Result(accepted),
        Down::Result(Outcome::Refused(Refusal::about(
            RefusalCode::FieldInvalid,
            "body",
        ))),
        Down::Pull(pull),
        Down::Cursors([("district".to_owned(), Cursor { have: 10, seen: 10 })].into()),
        Down::End {
            more: false,
            fingerprint: Some(fingerprint()),
        },
    ];
    hex("answer", &encode_frame(&answer));
    hex("fingerprint", &fingerprint().bytes());
    hex("item", &item(doc, &document.heads()));
}

#[test]
fn an_envelope_is_as_the_paper_has_it() {
    let push = Push {
        doc: DocId([0xd0; 16]),
        snapshot: None,
        changes: Vec::new().into(),
        receipts: Vec::new(),
    };
    let (signer, opener) = (Signer::of(&[1; 32]), Opener::of(&[2; 32]));
    let sealed = handover::Envelope::seal(vec![push.clone()], 1, &signer, &opener.key(), [3; 32]).unwrap();
    let bytes = parcel::write(&[sealed]);
    let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<_> = digits.chunks(32).map(|line| line.join(" ")).collect();
    assert_eq!(fixture("envelope"), bytes, "{}", lines.join("\n"));
    let read = parcel::read(&fixture("envelope")).unwrap();
    assert_eq!(read[0].open(&opener), Ok(vec![push]));
}
