//! A simulated tablet: the device's side of sync over real HTTP, with its vault in memory.

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context, Result, bail};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::{Envelope, Event, Value, Values, register};
use lianxin_shared::rules::Principal;
use lianxin_shared::sync::{Held, Input, Line, Machine, Outgoing, Output, Position, Summary};

/// A tablet with one person at it.
#[derive(Debug)]
pub struct Tablet {
    http: reqwest::Client,
    url: String,
    token: String,
    /// Who is signed in.
    pub principal: Principal,
    author: Author,
    machine: Machine,
    position: Position,
    held: BTreeMap<DocId, Held>,
    summaries: BTreeMap<DocId, Summary>,
    received: usize,
}

impl Tablet {
    /// Signs in over a good line.
    pub async fn sign_in(url: &str, user: &str, password: &str) -> Result<Self> {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build()?;
        let body = serde_json::json!({ "user": user, "password": password });
        let answer = http
            .post(format!("{url}/api/session"))
            .json(&body)
            .send()
            .await?
            .error_for_status()?;
        let answer: serde_json::Value = answer.json().await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        let principal: Principal = serde_json::from_value(answer)?;
        let author = Author {
            user: principal.user.clone(),
            actor: Actor(random()?),
            at: Moment(1_790_000_000_000),
        };
        Ok(Self {
            http,
            url: url.to_owned(),
            token,
            principal,
            author,
            machine: Machine::new(DeviceId(random()?), Position::default()),
            position: Position::default(),
            held: BTreeMap::new(),
            summaries: BTreeMap::new(),
            received: 0,
        })
    }

    /// Uses another line from now on.
    pub fn use_line(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    /// Takes down a suggestion at the first of the person's stations.
    pub fn take_down(&mut self, body: &str, theme: DocId) -> Result<DocId> {
        let register = register("suggestion").context("no such register")?;
        self.author.at.0 += 1;
        let id = DocId(random()?);
        let envelope = Envelope {
            schema: register.schema,
            kind: register.kind.to_owned(),
            id,
            station: Some(self.principal.stations().next().context("no station")?),
            owner: self.author.user.clone(),
            created_at: self.author.at,
            attachments: Vec::new(),
        };
        let values: Values = [
            ("body".to_owned(), Value::from(body)),
            ("theme".to_owned(), Value::Text(theme.to_string())),
        ]
        .into();
        let submit = Event::new("submit", &self.author.user, self.author.at);
        let mut document = Document::create(&envelope, &values, &[submit], &self.author)?;
        let held = Held::started(&mut document);
        self.summaries.insert(id, Summary::of(id, &held)?);
        self.held.insert(id, held);
        Ok(id)
    }

    /// Changes one field of a document that is here.
    pub fn write(&mut self, id: DocId, field: &str, value: Value) -> Result<()> {
        self.author.at.0 += 1;
        let held = self.held.get_mut(&id).context("no such document here")?;
        let mut document = held.document()?;
        let base = document.heads();
        document.edit(&base, &[(field.to_owned(), value)].into(), &[], &self.author)?;
        held.edited(&mut document);
        self.summaries.insert(id, Summary::of(id, held)?);
        Ok(())
    }

    /// The words in a field of a document that is here.
    pub fn text(&self, id: DocId, field: &str) -> Result<String> {
        let held = self.held.get(&id).context("no such document here")?;
        Ok(held.document()?.record()?.text(field).to_owned())
    }

    /// The documents of a kind that are here.
    pub fn of_kind(&self, kind: &str) -> Vec<&Summary> {
        self.summaries
            .values()
            .filter(|summary| summary.kind == kind)
            .collect()
    }

    /// Every document here with its state.
    pub fn state(&self) -> Result<BTreeMap<DocId, Heads>> {
        self.held
            .iter()
            .map(|(id, held)| Ok((*id, held.document()?.heads())))
            .collect()
    }

    /// How many bytes of answers have come so far.
    pub fn received(&self) -> usize {
        self.received
    }

    /// How many documents have something to send.
    pub fn unsent(&self) -> usize {
        self.held.values().filter(|held| held.unsent).count()
    }

    /// One waking: exchanges until there is nothing more to do or the line fails.
    pub async fn sync(&mut self) -> Result<Line> {
        let mut inputs = VecDeque::from([Input::Wake]);
        while let Some(input) = inputs.pop_front() {
            if let Input::Chunk(bytes) = &input {
                self.received += bytes.len();
            }
            for output in self.machine.handle(input) {
                match output {
                    Output::Collect { budget } => inputs.push_back(self.collect(budget)?),
                    Output::Exchange(body) => self.exchange(body, &mut inputs).await,
                    Output::Commit(batch) => {
                        let held = batch
                            .docs()
                            .iter()
                            .filter_map(|id| Some((*id, self.held.get(id)?.clone())))
                            .collect();
                        let applied = batch.apply(held);
                        if !batch.refused.is_empty() {
                            self.author.actor = Actor(random()?);
                        }
                        for (id, held, summary) in applied.put {
                            self.held.insert(id, held);
                            self.summaries.insert(id, summary);
                        }
                        for id in applied
                            .remove
                            .into_iter()
                            .chain(batch.purges(self.summaries.values()))
                        {
                            self.held.remove(&id);
                            self.summaries.remove(&id);
                        }
                        self.position = batch.position;
                        inputs.push_back(Input::Committed { gap: applied.gap });
                    }
                    Output::Retry { .. } | Output::Rest => {}
                }
            }
        }
        Ok(self.machine.line())
    }

    /// Comes again until everything is through; fails after `tries`.
    pub async fn sync_through(&mut self, tries: usize) -> Result<()> {
        for _ in 0..tries {
            if self.sync().await? == Line::On && self.unsent() == 0 {
                return Ok(());
            }
        }
        bail!("{} documents not sent after {tries} tries", self.unsent())
    }

    fn collect(&self, budget: usize) -> Result<Input> {
        let mut work: Vec<Outgoing> = Vec::new();
        let mut size = 0;
        for (id, held) in &self.held {
            if size >= budget {
                return Ok(Input::Collected { work, more: true });
            }
            if let Some(outgoing) = held.outgoing(*id)? {
                size += outgoing.changes.iter().map(Vec::len).sum::<usize>();
                work.push(outgoing);
            }
        }
        Ok(Input::Collected { work, more: false })
    }

    async fn exchange(&self, body: Vec<u8>, inputs: &mut VecDeque<Input>) {
        let request = self
            .http
            .post(format!("{}/api/sync", self.url))
            .bearer_auth(&self.token);
        let sent = request
            .header("content-type", "application/cbor")
            .body(body)
            .send()
            .await;
        let Ok(mut answer) = sent else {
            return inputs.push_back(Input::Cut);
        };
        match answer.status().as_u16() {
            200 => {}
            401 => return inputs.push_back(Input::Denied),
            _ => return inputs.push_back(Input::Failed),
        }
        loop {
            match answer.chunk().await {
                Ok(Some(bytes)) => inputs.push_back(Input::Chunk(bytes.to_vec())),
                Ok(None) => return inputs.push_back(Input::Ended),
                Err(_) => return inputs.push_back(Input::Cut),
            }
        }
    }
}

fn random() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
