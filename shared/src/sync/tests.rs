//! Devices against a small server of one channel, over a line that is cut wherever chance wants it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::document::{Actor, Author, Document};
use crate::id::{DeviceId, DocId, Epoch, Moment};
use crate::protocol::{Cursor, Down, FrameReader, Outcome, Pull, Push, Up, Welcome, encode_frame};
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
        let mut frames = vec![vec![Down::Welcome(Welcome {
            epoch: self.epoch,
            channels: vec![channel.clone()],
        })]];
        let mut cursor = 0;
        let mut pulls = true;
        while let Some(messages) = reader.next_frame::<Up>().unwrap() {
            for message in messages {
                match message {
                    Up::Hello(hello) if hello.epoch.is_some_and(|epoch| epoch != self.epoch) => {
                        frames.push(vec![Down::End {
                            more: true,
                            fingerprint: None,
                        }]);
                        return frames.iter().flat_map(|frame| encode_frame(frame)).collect();
                    }
                    Up::Hello(hello) => {
                        pulls = hello.budget > 0;
                        if hello.epoch == Some(self.epoch) {
                            cursor = hello.cursors.get(&channel).copied().unwrap_or_default().seen;
                        }
                    }
                    Up::Push(push) => {
                        let outcome = self.accept(&push);
                        frames.push(vec![Down::Result(outcome)]);
                    }
                    Up::Compare(question) => {
                        let states = self.docs.iter_mut().map(|(id, (_, doc))| (*id, doc.heads()));
                        let states: Vec<_> = states.collect();
                        let cursors = [(channel.clone(), at(self.seq))].into();
                        let answer = answer(&states, &question).unwrap().into();
                        frames.push(vec![Down::Compared { answer, cursors }]);
                    }
                    Up::Want(docs) => {
                        for id in docs {
                            let doc = self.docs.get_mut(&id).map(|(_, doc)| doc);
                            frames.push(vec![doc.map_or(
                                Down::Left {
                                    doc: id,
                                    erased: false,
                                },
                                |doc| Down::Pull(pull(id, doc)),
                            )]);
                        }
                    }
                    Up::End => {}
                }
            }
        }
        let news = self.docs.iter_mut();
        let mut news: Vec<_> = news.filter(|(_, (seq, _))| pulls && *seq > cursor).collect();
        news.sort_by_key(|(_, (seq, _))| *seq);
        for (id, (seq, doc)) in news {
            let cursors = [(channel.clone(), at(*seq))].into();
            frames.push(vec![Down::Pull(pull(*id, doc)), Down::Cursors(cursors)]);
        }
        let mut fingerprint = Fingerprint::default();
        for (id, (_, doc)) in &mut self.docs {
            fingerprint.turn(Fingerprint::of(*id, &doc.heads()));
        }
        let fingerprint = pulls.then(|| Fingerprint::over([fingerprint]));
        frames.push(vec![Down::End {
            more: false,
            fingerprint,
        }]);
        frames.iter().flat_map(|frame| encode_frame(frame)).collect()
    }

    fn restore(&mut self, lost: usize) {
        self.epoch.0[0] = self.epoch.0[0].wrapping_add(1);
        let mut docs: Vec<_> = self.docs.iter().map(|(id, (seq, _))| (*seq, *id)).collect();
        docs.sort_unstable();
        for (seq, id) in docs.into_iter().rev().take(lost) {
            self.docs.remove(&id);
            self.seq = seq - 1;
        }
    }

    fn accept(&mut self, push: &Push) -> Outcome {
        let mut doc = self
            .docs
            .get(&push.doc)
            .map_or_else(Document::empty, |(_, doc)| doc.clone());
        let before = doc.heads();
        let refuse = |code| Outcome::Refused(Refusal::new(code));
        if let Some(snapshot) = &push.snapshot {
            let changes = Document::receive(snapshot).unwrap().changes_since(&[]);
            doc.apply(&changes).unwrap();
        }
        let Ok(changes) = doc.unpack(&push.changes) else {
            return refuse(RefusalCode::DependencyMissing);
        };
        doc.apply(&changes).unwrap();
        if doc.record().unwrap().text("body").contains(FORBIDDEN) {
            return refuse(RefusalCode::FieldInvalid);
        }
        let heads = doc.heads();
        if heads != before {
            self.seq += 1;
            self.docs.insert(push.doc, (self.seq, doc));
        }
        Outcome::Accepted {
            heads: Some(heads),
            mac: Vec::new().into(),
        }
    }
}

fn at(seq: u64) -> Cursor {
    Cursor { have: seq, seen: seq }
}

fn pull(doc: DocId, document: &mut Document) -> Pull {
    Pull {
        doc,
        snapshot: Some(document.save().into()),
        changes: Vec::new().into(),
        heads: None,
        mac: Vec::new().into(),
    }
}

struct Tablet {
    author: Author,
    machine: Machine,
    held: BTreeMap<DocId, (Held, Summary)>,
    position: Position,
    forbidden: Vec<String>,
    /// How often everything was compared.
    checks: usize,
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
            machine: Machine::new(DeviceId([n; 16]), Position::default(), Holdings::default()),
            held: BTreeMap::new(),
            position: Position::default(),
            forbidden: Vec::new(),
            checks: 0,
        }
    }

    fn write(&mut self, doc: u8, words: &str) {
        let id = DocId([doc; 16]);
        self.author.at.0 += 1;
        if words.contains(FORBIDDEN) {
            self.forbidden.push(words.to_owned());
        }
        match self.held.get_mut(&id) {
            Some((held, summary)) => {
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
                *summary = Summary::of(id, held).unwrap();
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
                let held = Held::started(&mut document);
                let summary = Summary::of(id, &held).unwrap();
                self.held.insert(id, (held, summary));
            }
        }
    }

    /// One waking, over a line that is cut before byte `up` of the request or `down` of the answer. The disk is full
    /// for the batch of number `full`. Where it does, or the line is cut, the app may go on or be started anew from what is stored.
    fn exchange(&mut self, server: &mut Server, up: usize, down: usize, full: usize, anew: bool) {
        let mut inputs = std::collections::VecDeque::from([Input::Wake]);
        let mut batches = 0..;
        while let Some(input) = inputs.pop_front() {
            for output in self.machine.handle(input) {
                match output {
                    Output::Collect { .. } => {
                        let work = self
                            .held
                            .iter()
                            .filter_map(|(id, (held, _))| held.outgoing(*id).unwrap())
                            .collect();
                        inputs.push_back(Input::Collected { work, more: false });
                    }
                    Output::Survey => {
                        self.checks += 1;
                        let held = self.held.iter();
                        let states =
                            held.filter_map(|(id, (held, _))| Some((*id, held.accepted_state().unwrap()?)));
                        inputs.push_back(Input::Surveyed(states.collect()));
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
                    Output::Commit(_) if batches.next() == Some(full) => {
                        inputs.push_front(Input::CommitFailed);
                    }
                    Output::Commit(batch) => {
                        let applied = batch.apply(self.held.clone());
                        if !batch.refused.is_empty() {
                            self.author.actor.0[1] += 1;
                        }
                        for (id, held, summary) in applied.put {
                            self.held.insert(id, (held, summary));
                        }
                        assert!(applied.remove.is_empty());
                        self.position = batch.position;
                        inputs.push_back(Input::Committed {
                            gap: applied.gap,
                            turned: applied.turned,
                        });
                    }
                    Output::Retry(_) | Output::Rest => {}
                }
            }
        }
        if anew {
            self.restart();
        }
    }

    /// Loses a document that is just as the server has it; one of the other's, since nobody starts the same one twice.
    fn lose(&mut self, n: usize, server: &Server) {
        let mut whole = self.held.iter().filter(|(id, (held, summary))| {
            let is_settled = !held.unsent && held.refused.is_none();
            is_settled && summary.owner != self.author.user && server.docs.contains_key(id)
        });
        if let Some(id) = whole.nth(n).map(|(id, _)| *id) {
            self.held.remove(&id);
            self.restart();
        }
    }

    /// Starts the app anew from what is stored.
    fn restart(&mut self) {
        let holdings = Holdings::of(self.held.values().map(|(_, summary)| summary));
        self.machine = Machine::new(DeviceId(self.author.actor.0), self.position.clone(), holdings);
    }

    fn bodies(&self) -> BTreeMap<DocId, String> {
        let accepted = self.held.iter().filter(|(_, (held, _))| held.receipt.is_some());
        accepted
            .map(|(id, (h, _))| {
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
        full: usize,
        anew: bool,
    },
    Restore {
        lost: usize,
    },
    /// The tablet loses a document that the server has, and the app is started anew.
    Lose {
        tablet: usize,
        doc: usize,
    },
}

/// Restores heal whatever went wrong before, so most stories have none.
fn story() -> impl Strategy<Value = Vec<Happening>> {
    let restores = prop_oneof![3 => Just(0), 1 => Just(1)];
    restores.prop_flat_map(|restores| prop::collection::vec(happening(restores), 0..40))
}

fn happening(restores: u32) -> impl Strategy<Value = Happening> {
    let words = prop_oneof![9 => "[a-z]{1,8}", 1 => Just(FORBIDDEN.to_owned())];
    let cut = prop_oneof![Just(usize::MAX), 0..3_000usize];
    prop_oneof![
        6 => (0..2usize, 0..4u8, words).prop_map(|(tablet, doc, words)| Happening::Write { tablet, doc, words }),
        4 => (0..2usize, cut.clone(), cut, prop_oneof![3 => Just(usize::MAX), 1 => 0..6usize], any::<bool>())
            .prop_map(|(tablet, up, down, full, anew)| Happening::Exchange { tablet, up, down, full, anew }),
        1 => (0..2usize, 0..4usize).prop_map(|(tablet, doc)| Happening::Lose { tablet, doc }),
        restores => (0..3usize).prop_map(|lost| Happening::Restore { lost }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_all_end_equal_and_nothing_is_lost(story in story()) {
        let heals = story.iter().any(|happening| matches!(happening, Happening::Restore { .. } | Happening::Lose { .. }));
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
                Happening::Exchange { tablet, up, down, full, anew } => {
                    tablets[tablet].exchange(&mut server, up, down, full, anew);
                }
                // Another life of the database, without the last of what it had.
                Happening::Restore { lost } => server.restore(lost),
                Happening::Lose { tablet, doc } => tablets[tablet].lose(doc, &server),
            }
        }
        for _ in 0..3 {
            for tablet in &mut tablets {
                tablet.exchange(&mut server, usize::MAX, usize::MAX, usize::MAX, false);
            }
        }
        let bodies: BTreeMap<_, _> =
            server.docs.iter().map(|(id, (_, doc))| (*id, doc.record().unwrap().text("body").to_owned())).collect();
        for tablet in &tablets {
            // Where nothing was lost, the fingerprints never differ.
            prop_assert!(heals || tablet.checks == 0);
            prop_assert_eq!(&tablet.bodies(), &bodies);
            prop_assert!(tablet.held.values().all(|(held, summary)| !held.unsent && !summary.unsent));
            let refused = tablet.held.values().filter_map(|(held, _)| held.refused.as_ref());
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
    tablet.exchange(&mut server, usize::MAX, usize::MAX, usize::MAX, false);
    tablet.restart();
    let mut machine = tablet.machine;
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
    let mut last = machine.handle(Input::Chunk(answer));
    machine.handle(Input::Ended);
    while matches!(last.as_slice(), [Output::Commit(_)]) {
        last = machine.handle(Input::Committed {
            gap: false,
            turned: Holdings::default(),
        });
    }
    assert_eq!(last, [Output::Rest]);
    assert_eq!(machine.line(), Line::On);
}

#[test]
fn a_difference_that_a_check_leaves_is_not_checked_again() {
    let mut server = Server {
        epoch: Epoch([0; 16]),
        seq: 0,
        docs: BTreeMap::new(),
    };
    let mut tablet = Tablet::new(1);
    for doc in [1, 2] {
        tablet.write(doc, "楼道的灯坏了");
    }
    let mut contact = |tablet: &mut Tablet| {
        tablet.exchange(&mut server, usize::MAX, usize::MAX, usize::MAX, false);
        tablet.checks
    };
    assert_eq!(contact(&mut tablet), 0);
    // It counts nothing of what it holds; to compare finds nothing, and changes nothing.
    tablet.machine = Machine::new(DeviceId([1; 16]), tablet.position.clone(), Holdings::default());
    assert_eq!([contact(&mut tablet), contact(&mut tablet)], [1, 1]);
    tablet.restart();
    assert_eq!(contact(&mut tablet), 1);
    tablet.held.clear();
    tablet.restart();
    assert_eq!([contact(&mut tablet), contact(&mut tablet)], [2, 2]);
    assert_eq!(tablet.held.len(), 2);
}

#[test]
fn who_was_turned_away_comes_when_it_is_time_and_not_when_it_is_woken() {
    let mut machine = Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    let collected = || Input::Collected {
        work: Vec::new(),
        more: false,
    };
    let turned_away = |machine: &mut Machine| {
        assert!(matches!(machine.handle(collected())[..], [Output::Exchange(_)]));
        match machine.handle(Input::TurnedAway { after_ms: 5_000 })[..] {
            [Output::Retry(wait)] => wait,
            ref other => panic!("{other:?}"),
        }
    };
    let budget = match machine.handle(Input::Wake)[..] {
        [Output::Collect { budget }] => budget,
        ref other => panic!("{other:?}"),
    };
    assert_eq!(turned_away(&mut machine).pick(0), 5_000);
    assert_eq!(machine.handle(Input::Wake), []);
    assert_eq!(machine.handle(Input::Check), []);
    assert_eq!(machine.line(), Line::Unknown, "the line is not at fault");
    // What was wanted meanwhile is done then, with all that the line was trusted with.
    assert_eq!(machine.handle(Input::Timer), [Output::Survey]);
    let mut machine = Machine::new(DeviceId([1; 16]), Position::default(), Holdings::default());
    machine.handle(Input::Wake);
    turned_away(&mut machine);
    assert_eq!(machine.handle(Input::Timer), [Output::Collect { budget }]);
}
