//! Every decoder that meets the outside, fed with damaged bytes: none panics, none takes more than it may. What is damaged is
//! mostly sealed again (checksums, lengths), so that the damage gets past the door.
//!
//! Without coverage to guide it, it starts from whole messages. `LIANXIN_FUZZ_SECONDS` says how long; a moment, without it.

#![expect(clippy::unwrap_used, reason = "the seeds are ours")]

use std::time::{Duration, Instant};

use lianxin_shared::document::{Actor, Author, Document, actors, inspect, pack};
use lianxin_shared::id::{DeviceId, DocId, Epoch, Moment};
use lianxin_shared::protocol::{
    Cursor, Down, FrameReader, Hello, Outcome, PROTOCOL, Pull, Push, Receipt, Up, Welcome, encode_frame,
};
use lianxin_shared::records::{Envelope, Event, Value, Values};
use lianxin_shared::sync::{Comparison, Held, answer};

/// SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % n.max(1)
    }

    /// A few bytes changed, put in, taken out, or repeated from elsewhere.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len().max(1));
            match self.below(6) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
                2 => bytes.insert(at.min(bytes.len()), self.below(256) as u8),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                4 => bytes.truncate(at),
                _ => {
                    let length = self.below(24).min(bytes.len() - at.min(bytes.len()));
                    let piece = bytes[at.min(bytes.len())..][..length].to_vec();
                    let to = self.below(bytes.len() + 1);
                    drop(bytes.splice(to..to, piece));
                }
            }
        }
    }
}

/// How much a run tries at least, however slow the machine.
const FEWEST: u64 = 50;

/// Runs `try_one` on damaged copies of the seeds; prints how many were tried and how many still were taken.
fn fuzz(
    name: &str,
    seeds: &[Vec<u8>],
    mut seal: impl FnMut(&mut Vec<u8>),
    mut try_one: impl FnMut(&[u8]) -> bool,
) {
    let seconds = std::env::var("LIANXIN_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok());
    let long = seconds.map_or(Duration::from_millis(700), Duration::from_secs);
    let start = Instant::now();
    // Another beginning with each long run; the same with each short one.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mut chance = Chance(seconds.map_or(7, |_| now.map_or(7, |now| now.as_nanos() as u64)));
    let (mut tried, mut taken) = (0u64, 0u64);
    while start.elapsed() < long || tried < FEWEST {
        let mut bytes = seeds[chance.below(seeds.len())].clone();
        chance.damage(&mut bytes);
        if chance.below(4) > 0 {
            seal(&mut bytes);
        }
        let before = Instant::now();
        taken += u64::from(try_one(&bytes));
        assert!(
            before.elapsed() < Duration::from_secs(20),
            "{name}: too long over {bytes:02x?}"
        );
        tried += 1;
    }
    println!("{name}: {tried} tried, {taken} taken");
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
fn seal_frame(bytes: &mut [u8]) {
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
    fuzz(
        "frames of devices",
        &seeds,
        |bytes| seal_frame(bytes),
        |bytes| {
            let mut reader = FrameReader::default();
            reader.push(bytes);
            matches!(reader.next_frame::<Up>(), Ok(Some(_)))
        },
    );
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
    fuzz(
        "frames of servers",
        &seeds,
        |bytes| seal_frame(bytes),
        |bytes| {
            let mut reader = FrameReader::default();
            reader.push(bytes);
            let Ok(Some(messages)) = reader.next_frame::<Down>() else {
                return false;
            };
            for message in messages {
                if let Down::Pull(pull) = message {
                    let _ = Held::pulled(None, &pull);
                }
            }
            true
        },
    );
}

#[test]
fn changes() {
    let seeds = document().changes_since(&[]);
    fuzz("changes", &seeds, seal_chunk, |bytes| {
        let mut doc = document();
        inspect(bytes).is_ok() && doc.apply(&[bytes.to_vec()]).is_ok() && doc.record().is_ok()
    });
}

#[test]
fn packed_changes() {
    let mut doc = document();
    let seeds = [
        pack(&doc.changes_since(&[])).unwrap(),
        pack(&doc.changes_since(&[])[1..]).unwrap(),
    ];
    fuzz(
        "packed changes",
        &seeds,
        |_| {},
        |bytes| {
            let _ = actors(&[], bytes);
            let mut doc = document();
            let Ok(changes) = doc.unpack(bytes) else {
                return false;
            };
            doc.apply(&changes).is_ok()
        },
    );
}

#[test]
fn documents() {
    let seeds = [document().save()];
    fuzz("documents", &seeds, seal_chunk, |bytes| {
        let _ = actors(bytes, &[]);
        let Ok(mut doc) = Document::receive(bytes) else {
            return false;
        };
        let _ = (doc.changes(), doc.heads(), doc.record(), doc.history());
        true
    });
}

#[test]
fn what_a_device_holds() {
    let mut doc = document();
    let seeds = [Held::started(&mut doc).to_bytes()];
    fuzz(
        "what a device holds",
        &seeds,
        |_| {},
        |bytes| {
            let Ok(mut held) = Held::from_bytes(bytes) else {
                return false;
            };
            let _ = (
                held.document(),
                held.outgoing(DocId([1; 16])),
                held.accepted_state(),
            );
            held.doubt();
            true
        },
    );
}

#[test]
fn comparisons() {
    let states: Vec<_> = (0..100u8).map(|n| (DocId([n; 16]), document().heads())).collect();
    let (_, question) = Comparison::begin(&states).unwrap();
    let reply = answer(&states[..50], &question).unwrap();
    fuzz(
        "comparisons",
        &[question, reply],
        |_| {},
        |bytes| {
            let asked = answer(&states, bytes).is_ok();
            let (mut comparison, _) = Comparison::begin(&states).unwrap();
            comparison.hear(bytes).is_ok() || asked
        },
    );
}
