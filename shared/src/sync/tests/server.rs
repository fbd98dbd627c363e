//! A small server of one channel; it sends every document whole.

use std::collections::BTreeMap;

use super::{FORBIDDEN, STATION};
use crate::document::Document;
use crate::id::{DocId, Epoch};
use crate::protocol::{Cursor, Down, FrameReader, Outcome, Pull, Push, Up, Welcome, encode_frame};
use crate::rules::{Refusal, RefusalCode};
use crate::sync::{Fingerprint, answer};

/// One channel; every document is sent whole. It refuses what contains [`FORBIDDEN`].
pub(super) struct Server {
    pub(super) epoch: Epoch,
    pub(super) seq: u64,
    pub(super) docs: BTreeMap<DocId, (u64, Document)>,
}

impl Server {
    pub(super) fn answer(&mut self, body: &[u8]) -> Vec<u8> {
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

    pub(super) fn restore(&mut self, lost: usize) {
        self.epoch.0[0] = self.epoch.0[0].wrapping_add(1);
        let mut docs: Vec<_> = self.docs.iter().map(|(id, (seq, _))| (*seq, *id)).collect();
        docs.sort_unstable();
        for (seq, id) in docs.into_iter().rev().take(lost) {
            self.docs.remove(&id);
            self.seq = seq - 1;
        }
    }

    pub(super) fn accept(&mut self, push: &Push) -> Outcome {
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

pub(super) fn at(seq: u64) -> Cursor {
    Cursor { have: seq, seen: seq }
}

pub(super) fn pull(doc: DocId, document: &mut Document) -> Pull {
    Pull {
        doc,
        snapshot: Some(document.save().into()),
        changes: Vec::new().into(),
        heads: None,
        mac: Vec::new().into(),
    }
}
