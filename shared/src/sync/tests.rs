//! Devices against a small server of one channel, over a line that is cut wherever chance wants it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::document::{Actor, Author, Document};
use crate::id::{DeviceId, DocId, Epoch, Moment};
use crate::protocol::{
    Cursor, DocResult, Down, FrameReader, Outcome, Pull, Receipt, Up, Welcome, encode_frame,
};
use crate::records::{Envelope, Event, Value, Values};
use crate::rules::{Refusal, RefusalCode};

const STATION: DocId = DocId([7; 16]);
const FORBIDDEN: &str = "不许";

/// One channel; every document is sent whole. It refuses what contains [`FORBIDDEN`].
struct Server {
    epoch: Epoch,
    seq: u64,
    docs: BTreeMap<DocId, (u64, Document)>,
}

impl Server {
    fn answer(&mut self, body: &[u8]) -> Vec<u8> {
        let channel = format!("station:{STATION}");
        let mut reader = FrameReader::default();
        reader.push(body);
        let mut frames = Vec::new();
        let mut cursor = 0;
        while let Some(messages) = reader.next_frame::<Up>().unwrap() {
            for message in messages {
                match message {
                    Up::Hello(hello) => {
                        if hello.epoch == Some(self.epoch) {
                            cursor = hello.cursors.get(&channel).copied().unwrap_or_default().seen;
                        }
                        let welcome = Welcome {
                            epoch: self.epoch,
                            channels: vec![channel.clone()],
                        };
                        frames.push(vec![Down::Welcome(welcome)]);
                    }
                    Up::Push(push) => {
                        let changes: Vec<_> = push.changes.iter().map(|c| c.to_vec()).collect();
                        let outcome = self.accept(push.doc, &changes);
                        frames.push(vec![Down::Result(DocResult {
                            doc: push.doc,
                            outcome,
                        })]);
                    }
                    Up::End => {}
                }
            }
        }
        let mut news: Vec<_> = self
            .docs
            .iter_mut()
            .filter(|(_, (seq, _))| *seq > cursor)
            .collect();
        news.sort_by_key(|(_, (seq, _))| *seq);
        for (id, (seq, doc)) in news {
            let receipt = Receipt {
                heads: doc.heads(),
                mac: Vec::new(),
            };
            let pull = Pull {
                doc: *id,
                snapshot: Some(doc.save().into()),
                changes: Vec::new(),
                receipt,
            };
            frames.push(vec![
                Down::Pull(pull),
                Down::Cursors(
                    [(
                        channel.clone(),
                        Cursor {
                            have: *seq,
                            seen: *seq,
                        },
                    )]
                    .into(),
                ),
            ]);
        }
        frames.push(vec![Down::End { more: false }]);
        frames.iter().flat_map(|frame| encode_frame(frame)).collect()
    }

    fn accept(&mut self, id: DocId, changes: &[Vec<u8>]) -> Outcome {
        let mut doc = self
            .docs
            .get(&id)
            .map_or_else(Document::empty, |(_, doc)| doc.clone());
        let refuse = |code| Outcome::Refused(Refusal::new(code));
        let Ok(fresh) = doc.apply(changes) else {
            return refuse(RefusalCode::DependencyMissing);
        };
        if doc.record().unwrap().text("body").contains(FORBIDDEN) {
            return refuse(RefusalCode::FieldInvalid);
        }
        let heads = doc.heads();
        if !fresh.is_empty() {
            self.seq += 1;
            self.docs.insert(id, (self.seq, doc));
        }
        Outcome::Accepted(Receipt {
            heads,
            mac: Vec::new(),
        })
    }
}

struct Tablet {
    author: Author,
    machine: Machine,
    held: BTreeMap<DocId, Held>,
    position: Position,
    forbidden: Vec<String>,
}

impl Tablet {
    fn new(n: u8) -> Self {
        let user = format!("host{n}").parse().unwrap();
        Self {
            author: Author {
                user,
                actor: Actor([n; 16]),
                at: Moment(0),
            },
            machine: Machine::new(DeviceId([n; 16]), Position::default()),
            held: BTreeMap::new(),
            position: Position::default(),
            forbidden: Vec::new(),
        }
    }

    fn write(&mut self, doc: u8, words: &str) {
        let id = DocId([doc; 16]);
        self.author.at.0 += 1;
        if words.contains(FORBIDDEN) {
            self.forbidden.push(words.to_owned());
        }
        match self.held.get_mut(&id) {
            Some(held) => {
                let mut document = held.document().unwrap();
                let body = document.record().unwrap().text("body").to_owned() + words;
                let base = document.heads();
                document
                    .edit(
                        &base,
                        &[("body".to_owned(), Value::Text(body))].into(),
                        &[],
                        &self.author,
                    )
                    .unwrap();
                held.edited(&mut document);
            }
            None => {
                // Two tablets never start the same document; each has its own range of ids.
                let envelope = Envelope {
                    schema: 1,
                    kind: "suggestion".to_owned(),
                    id,
                    station: Some(STATION),
                    owner: self.author.user.clone(),
                    created_at: self.author.at,
                    attachments: Vec::new(),
                };
                let values: Values = [("body".to_owned(), Value::from(words))].into();
                let submit = Event::new("submit", &self.author.user, self.author.at);
                let mut document = Document::create(&envelope, &values, &[submit], &self.author).unwrap();
                self.held.insert(id, Held::started(&mut document));
            }
        }
    }

    /// One waking, over a line that is cut before byte `up` of the request or `down` of the answer. Storing fails once if
    /// `full`. The tablet is then started anew from what it stored.
    fn exchange(&mut self, server: &mut Server, up: usize, down: usize, mut full: bool) {
        let mut inputs = std::collections::VecDeque::from([Input::Wake]);
        while let Some(input) = inputs.pop_front() {
            for output in self.machine.handle(input) {
                match output {
                    Output::Collect { .. } => {
                        let work = self
                            .held
                            .iter()
                            .filter_map(|(id, held)| held.outgoing(*id).unwrap())
                            .collect();
                        inputs.push_back(Input::Collected { work, more: false });
                    }
                    Output::Exchange(body) if up < body.len() => inputs.push_back(Input::Cut),
                    Output::Exchange(body) => {
                        let answer = server.answer(&body);
                        let whole = down >= answer.len();
                        for chunk in answer[..down.min(answer.len())].chunks(100) {
                            inputs.push_back(Input::Chunk(chunk.to_vec()));
                        }
                        inputs.push_back(if whole { Input::Ended } else { Input::Cut });
                    }
                    Output::Commit(_) if std::mem::take(&mut full) => inputs.push_front(Input::CommitFailed),
                    Output::Commit(batch) => {
                        let applied = batch.apply(self.held.clone());
                        if !batch.refused.is_empty() {
                            self.author.actor.0[1] += 1;
                        }
                        for (id, held, _) in applied.put {
                            self.held.insert(id, held);
                        }
                        assert!(applied.remove.is_empty());
                        self.position = batch.position;
                        inputs.push_back(Input::Committed { gap: applied.gap });
                    }
                    Output::Retry { .. } | Output::Rest => {}
                }
            }
        }
        self.machine = Machine::new(DeviceId(self.author.actor.0), self.position.clone());
    }

    fn bodies(&self) -> BTreeMap<DocId, String> {
        let accepted = self.held.iter().filter(|(_, held)| held.receipt.is_some());
        accepted
            .map(|(id, h)| {
                (
                    *id,
                    h.document().unwrap().record().unwrap().text("body").to_owned(),
                )
            })
            .collect()
    }
}

#[derive(Debug, Clone)]
enum Happening {
    Write {
        tablet: usize,
        doc: u8,
        words: String,
    },
    Exchange {
        tablet: usize,
        up: usize,
        down: usize,
        full: bool,
    },
    Restore,
}

fn happening() -> impl Strategy<Value = Happening> {
    let words = prop_oneof![9 => "[a-z]{1,8}", 1 => Just(FORBIDDEN.to_owned())];
    let cut = prop_oneof![Just(usize::MAX), 0..3_000usize];
    prop_oneof![
        6 => (0..2usize, 0..4u8, words).prop_map(|(tablet, doc, words)| Happening::Write { tablet, doc, words }),
        4 => (0..2usize, cut.clone(), cut, prop::bool::weighted(0.1))
            .prop_map(|(tablet, up, down, full)| Happening::Exchange { tablet, up, down, full }),
        1 => Just(Happening::Restore),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_all_end_equal_and_nothing_is_lost(story in prop::collection::vec(happening(), 0..40)) {
        let mut server = Server { epoch: Epoch([0; 16]), seq: 0, docs: BTreeMap::new() };
        let mut tablets = [Tablet::new(1), Tablet::new(2)];
        for happening in story {
            match happening {
                Happening::Write { tablet, doc, words } => {
                    // A document that the tablet does not have yet is a new one of its own range.
                    let own = 10 * (tablet as u8 + 1) + doc;
                    let other = 10 * (2 - tablet as u8) + doc;
                    let known = tablets[tablet].held.contains_key(&DocId([other; 16]));
                    tablets[tablet].write(if known { other } else { own }, &words);
                }
                Happening::Exchange { tablet, up, down, full } => {
                    tablets[tablet].exchange(&mut server, up, down, full);
                }
                // Another life of the database with the same content: cursors mean nothing in it.
                Happening::Restore => server.epoch.0[0] = server.epoch.0[0].wrapping_add(1),
            }
        }
        for _ in 0..3 {
            for tablet in &mut tablets {
                tablet.exchange(&mut server, usize::MAX, usize::MAX, false);
            }
        }
        let bodies: BTreeMap<_, _> =
            server.docs.iter().map(|(id, (_, doc))| (*id, doc.record().unwrap().text("body").to_owned())).collect();
        for tablet in &tablets {
            prop_assert_eq!(&tablet.bodies(), &bodies);
            prop_assert!(tablet.held.values().all(|held| !held.unsent));
            let refused = tablet.held.values().filter_map(|held| held.refused.as_ref());
            let kept: usize = refused
                .map(|r| r.document().unwrap().record().unwrap().text("body").matches(FORBIDDEN).count())
                .sum();
            prop_assert!(kept >= tablet.forbidden.len(), "{kept} of {} refused texts kept", tablet.forbidden.len());
        }
    }
}

#[test]
fn an_unchanged_device_asks_once_and_rests() {
    let mut server = Server {
        epoch: Epoch([0; 16]),
        seq: 0,
        docs: BTreeMap::new(),
    };
    let mut tablet = Tablet::new(1);
    tablet.write(1, "楼道的灯坏了");
    tablet.exchange(&mut server, usize::MAX, usize::MAX, false);
    let mut machine = Machine::new(DeviceId([1; 16]), tablet.position.clone());
    assert_eq!(machine.handle(Input::Wake).len(), 1);
    let Some(Output::Exchange(body)) = machine
        .handle(Input::Collected {
            work: vec![],
            more: false,
        })
        .pop()
    else {
        panic!("no exchange");
    };
    let answer = server.answer(&body);
    assert!(
        body.len() < 300 && answer.len() < 300,
        "{} up, {} down",
        body.len(),
        answer.len()
    );
    let commits = machine.handle(Input::Chunk(answer));
    machine.handle(Input::Ended);
    let mut last = Vec::new();
    for _ in commits {
        last = machine.handle(Input::Committed { gap: false });
    }
    assert_eq!(last, [Output::Rest]);
    assert_eq!(machine.line(), Line::On);
}
