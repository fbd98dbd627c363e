//! A device in memory, over a line that is cut wherever chance wants it.

use std::collections::BTreeMap;

use super::server::Server;
use super::{FORBIDDEN, STATION};
use crate::document::{Actor, Author, Document};
use crate::id::{DeviceId, DocId, Moment};
use crate::records::{Envelope, Event, Value, Values};
use crate::sync::*;

/// How many documents go out in one exchange.
const AT_ONCE: usize = 2;

pub(super) struct Tablet {
    pub(super) author: Author,
    pub(super) machine: Machine,
    pub(super) held: BTreeMap<DocId, (Held, Summary)>,
    pub(super) position: Position,
    pub(super) forbidden: Vec<String>,
    /// How often everything was compared.
    pub(super) checks: usize,
}

impl Tablet {
    pub(super) fn new(n: u8) -> Self {
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

    pub(super) fn write(&mut self, doc: u8, words: &str) {
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
    pub(super) fn exchange(&mut self, server: &mut Server, up: usize, down: usize, full: usize, anew: bool) {
        let mut inputs = std::collections::VecDeque::from([Input::Wake]);
        let mut batches = 0..;
        while let Some(input) = inputs.pop_front() {
            for output in self.machine.handle(input) {
                match output {
                    Output::Collect { besides, .. } => {
                        let held = self.held.iter().filter(|(id, _)| !besides.contains(id));
                        let mut work: Vec<_> = held
                            .filter_map(|(id, (held, _))| held.outgoing(*id).unwrap())
                            .collect();
                        let more = work.len() > AT_ONCE;
                        work.truncate(AT_ONCE);
                        inputs.push_back(Input::Collected { work, more });
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
    pub(super) fn lose(&mut self, n: usize, server: &Server) {
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
    pub(super) fn restart(&mut self) {
        let holdings = Holdings::of(self.held.values().map(|(_, summary)| summary));
        self.machine = Machine::new(DeviceId(self.author.actor.0), self.position.clone(), holdings);
    }

    pub(super) fn bodies(&self) -> BTreeMap<DocId, String> {
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
