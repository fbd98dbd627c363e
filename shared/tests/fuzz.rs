//! Every decoder that meets the outside, fed with damaged bytes: none panics, none takes more than it may. What is damaged is
//! mostly sealed again (checksums, lengths), so that the damage gets past the door.
//!
//! As tests they try what chance brings, for a moment. `cargo xtask fuzz` has libFuzzer choose the damage by what it reaches in
//! the code, for as long as one likes.

#![expect(clippy::unwrap_used, reason = "the seeds are ours")]

use std::time::{Duration, Instant};

use bolero::{TypeGenerator, check, produce};
use lianxin_shared::document::{Actor, Author, Document, Peer, actors, inspect, pack};
use lianxin_shared::id::{DeviceId, DocId, Epoch, Moment};
use lianxin_shared::protocol::{
    Cursor, Down, FrameReader, Hello, Outcome, PROTOCOL, Pull, Push, Receipt, Up, Welcome, encode_frame,
};
use lianxin_shared::records::{Envelope, Event, Value, Values};
use lianxin_shared::sync::{Comparison, Held, answer};

/// How long a decoder may take over one message, unoptimised and on a machine at other work.
const LONG: Duration = Duration::from_secs(20);

/// One thing done to a message. Places are counted around: each is within it.
#[derive(Debug, TypeGenerator)]
enum Damage {
    Flip { at: u16, bits: u8 },
    Set { at: u16, to: Limit },
    Insert { at: u16, byte: u8 },
    Remove { at: u16 },
    Cut { at: u16 },
    Repeat { from: u16, length: u8, to: u16 },
}

/// The bytes at which encodings change their meaning.
#[derive(Debug, Clone, Copy, TypeGenerator)]
enum Limit {
    Zero = 0,
    One = 1,
    Most = 0x7f,
    Least = 0x80,
    All = 0xff,
}

/// A message that was damaged on its way.
#[derive(Debug, TypeGenerator)]
struct Damaged {
    /// Which.
    seed: u8,
    #[generator(produce::<Vec<Damage>>().with().len(1..=6_usize))]
    damage: Vec<Damage>,
    /// Whether whoever did it made it fit again.
    is_sealed: bool,
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: u16| usize::from(at) % bytes.len().max(1);
        match *self {
            Self::Flip { at, bits } => {
                let at = place(at);
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
            }
            Self::Set { at, to } => {
                let at = place(at);
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = to as u8);
            }
            Self::Insert { at, byte } => bytes.insert(place(at), byte),
            Self::Remove { at } => {
                let at = place(at);
                if at < bytes.len() {
                    bytes.remove(at);
                }
            }
            Self::Cut { at } => bytes.truncate(place(at)),
            Self::Repeat { from, length, to } => {
                let (from, to) = (place(from), place(to));
                let piece: Vec<_> = bytes.iter().copied().skip(from).take(length.into()).collect();
                drop(bytes.splice(to..to, piece));
            }
        }
    }
}

impl Damaged {
    /// Has it decoded.
    fn go(&self, seeds: &[Vec<u8>], seal: impl Fn(&mut Vec<u8>), decode: impl FnOnce(&[u8])) {
        let mut bytes = seeds[usize::from(self.seed) % seeds.len()].clone();
        self.damage.iter().for_each(|damage| damage.apply(&mut bytes));
        if self.is_sealed {
            seal(&mut bytes);
        }
        let begun = Instant::now();
        decode(&bytes);
        assert!(begun.elapsed() < LONG, "too long over {bytes:02x?}");
    }
}

fn document() -> Document {
    let author = |user: &str, actor| Author {
        user: user.parse().unwrap(),
        actor: Actor([actor; 16]),
        at: Moment(1_790_000_000_000),
    };
    let who = author("host1", 1);
    let envelope = Envelope {
        schema: 1,
        kind: "suggestion".to_owned(),
        id: DocId([1; 16]),
        station: Some(DocId([2; 16])),
        owner: who.user.clone(),
        created_at: who.at,
        attachments: Vec::new(),
    };
    let values: Values = [("body".to_owned(), Value::from("楼道的灯坏了，老人夜里不敢出门。"))].into();
    let submit = Event::new("submit", &who.user, who.at);
    let mut document = Document::create(&envelope, &values, &[submit], &who).unwrap();
    let base = document.heads();
    for (user, actor, words) in [
        ("host1", 1, "五号楼楼道的灯坏了。"),
        ("host2", 2, "楼道的灯坏了三天。"),
    ] {
        let values = [("body".to_owned(), Value::from(words))].into();
        document.edit(&base, &values, &[], &author(user, actor)).unwrap();
    }
    document
}

/// A frame's length and checksum made to fit its payload again.
#[expect(clippy::ptr_arg, reason = "a chunk grows")]
fn seal_frame(bytes: &mut Vec<u8>) {
    if bytes.len() > 9 {
        let (length, check) = ((bytes.len() - 9) as u32, crc32fast::hash(&bytes[9..]));
        bytes[..4].copy_from_slice(&length.to_be_bytes());
        bytes[4..8].copy_from_slice(&check.to_be_bytes());
    }
}

/// A chunk's length and checksum made to fit its content again.
fn seal_chunk(bytes: &mut Vec<u8>) {
    use sha2::{Digest, Sha256};
    let Some(end) = bytes.iter().skip(9).position(|byte| byte & 0x80 == 0) else {
        return;
    };
    let content = bytes.split_off(9 + end + 1);
    bytes.truncate(9);
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(content);
    let digest = Sha256::digest(&bytes[8..]);
    bytes[4..8].copy_from_slice(&digest[..4]);
}

/// Nothing vouches for these bytes.
fn as_it_is(_: &mut Vec<u8>) {}

fn receipt(document: &mut Document) -> Receipt {
    Receipt {
        heads: document.heads(),
        mac: vec![3; 16].into(),
    }
}

#[test]
fn frames_of_devices() {
    let mut doc = document();
    let hello = Hello {
        protocol: PROTOCOL,
        device: DeviceId([1; 16]),
        epoch: Some(Epoch([2; 16])),
        cursors: [("district".to_owned(), Cursor { have: 3, seen: 4 })].into(),
        budget: 1_000,
    };
    let push = Push {
        doc: DocId([1; 16]),
        snapshot: Some(doc.save().into()),
        changes: pack(&doc.changes_since(&[])).unwrap().into(),
        receipts: vec![receipt(&mut doc)],
    };
    let (_, question) = Comparison::begin(&[(DocId([1; 16]), doc.heads())]).unwrap();
    let seeds = [
        encode_frame(&[Up::Hello(hello), Up::End]),
        encode_frame(&[Up::Push(push)]),
        encode_frame(&[Up::Compare(question.into()), Up::Want(vec![DocId([1; 16])])]),
    ];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, seal_frame, |bytes| {
            let mut reader = FrameReader::default();
            reader.push(bytes);
            drop(reader.next_frame::<Up>());
        });
    });
}

#[test]
fn frames_of_servers() {
    let mut doc = document();
    let pull = Pull {
        doc: DocId([1; 16]),
        snapshot: Some(doc.save().into()),
        changes: pack(&doc.changes_since(&[])).unwrap().into(),
        heads: Some(doc.heads()),
        mac: vec![3; 16].into(),
    };
    let welcome = Welcome {
        epoch: Epoch([2; 16]),
        channels: vec!["district".to_owned()],
    };
    let accepted = Outcome::Accepted {
        heads: Some(doc.heads()),
        mac: vec![3; 16].into(),
    };
    let seeds = [
        encode_frame(&[
            Down::Welcome(welcome),
            Down::Result(accepted),
            Down::End {
                more: true,
                fingerprint: Some([0xf1; 16].into()),
            },
        ]),
        encode_frame(&[Down::Pull(pull)]),
    ];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, seal_frame, |bytes| {
            let mut reader = FrameReader::default();
            reader.push(bytes);
            for message in reader.next_frame::<Down>().ok().flatten().into_iter().flatten() {
                if let Down::Pull(pull) = message {
                    drop(Held::pulled(None, &pull));
                }
            }
        });
    });
}

#[test]
fn changes() {
    let seeds = document().changes_since(&[]);
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, seal_chunk, |bytes| {
            let mut doc = document();
            if inspect(bytes).is_ok() && doc.apply(&[bytes.to_vec()]).is_ok() {
                drop(doc.record());
            }
        });
    });
}

#[test]
fn packed_changes() {
    let mut doc = document();
    let seeds = [
        pack(&doc.changes_since(&[])).unwrap(),
        pack(&doc.changes_since(&[])[1..]).unwrap(),
    ];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, as_it_is, |bytes| {
            drop(actors(&[], bytes));
            let mut doc = document();
            drop(doc.unpack(bytes).and_then(|changes| doc.apply(&changes)));
        });
    });
}

#[test]
fn documents() {
    let seeds = [document().save()];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, seal_chunk, |bytes| {
            drop(actors(bytes, &[]));
            if let Ok(mut doc) = Document::receive(bytes) {
                drop((doc.changes(), doc.heads(), doc.record(), doc.history()));
            }
        });
    });
}

#[test]
fn what_a_device_holds() {
    let mut doc = document();
    let seeds = [Held::started(&mut doc).to_bytes()];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, as_it_is, |bytes| {
            if let Ok(mut held) = Held::from_bytes(bytes) {
                drop((held.document(), held.outgoing(DocId([1; 16]))));
                drop(held.accepted_state());
                held.doubt();
            }
        });
    });
}

#[test]
fn comparisons() {
    let states: Vec<_> = (0..100u8).map(|n| (DocId([n; 16]), document().heads())).collect();
    let (_, question) = Comparison::begin(&states).unwrap();
    let reply = answer(&states[..50], &question).unwrap();
    let seeds = [question, reply];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, as_it_is, |bytes| {
            drop(answer(&states, bytes));
            let (mut comparison, _) = Comparison::begin(&states).unwrap();
            drop(comparison.hear(bytes));
        });
    });
}

#[test]
fn messages_of_other_clients() {
    // What automerge's own protocol says about a document that the other does not have, and about one that it has in part.
    let mut doc = document();
    let (mut knows_nothing, mut knows_some) = (Peer::default(), Peer::default());
    let mut part = Document::empty();
    part.apply(&doc.changes_since(&[])[..1]).unwrap();
    let asks = knows_some.generate(&mut part).unwrap();
    let mut peer = Peer::default();
    peer.receive(&mut doc, &asks).unwrap();
    let seeds = [
        knows_nothing.generate(&mut doc).unwrap(),
        asks,
        peer.generate(&mut doc).unwrap(),
    ];
    check!().with_type::<Damaged>().for_each(|damaged| {
        damaged.go(&seeds, as_it_is, |bytes| {
            let (mut doc, mut peer) = (document(), Peer::default());
            if peer.receive(&mut doc, bytes).is_ok() {
                drop((doc.record(), peer.generate(&mut doc)));
            }
        });
    });
}
