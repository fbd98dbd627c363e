//! A simulated tablet: the device's side of sync over real HTTP, with its vault in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context, Result, bail};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::{Envelope, Event, Place, Record, Value, Values, register};
use lianxin_shared::rules::Principal;
use lianxin_shared::search::normalize;
use lianxin_shared::sync::{
    Batch, Held, Holdings, Input, Line, Machine, Outgoing, Output, Position, Summary, Wait,
};

use crate::wake::WakeLine;

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
    vault: BTreeMap<DocId, (Held, Summary)>,
    /// What there is to send, so that an exchange does not look through everything.
    outbox: BTreeSet<DocId>,
    /// How many requests were made.
    pub requests: u64,
    /// How often the server had too much to do.
    pub turned_away: u64,
    /// How often everything was compared with the server.
    pub checks: u64,
    /// Where the line is cut in each exchange.
    cut: Option<Cut>,
    /// What the person does while an exchange is on its way.
    meanwhile: Vec<(DocId, String, Value)>,
    received: usize,
    /// Until when the machine waits, where the last exchange did not go through.
    waits: Option<Wait>,
    /// How many documents fit into one exchange, whatever the machine asks for.
    load: usize,
}

/// Before which byte the line is cut, of the request and of the answer.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Of the request: the server gets what comes before.
    pub up: usize,
    /// Of the answer.
    pub down: usize,
}

impl Tablet {
    /// Signs in over a good line. Each exchange has a connection of its own.
    pub async fn sign_in(url: &str, user: &str, password: &str) -> Result<Self> {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build()?;
        Self::over(http, url, user, password).await
    }

    /// Signs in with a client that may keep its connections.
    pub async fn over(http: reqwest::Client, url: &str, user: &str, password: &str) -> Result<Self> {
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
            machine: Machine::new(DeviceId(random()?), Position::default(), Holdings::default()),
            position: Position::default(),
            vault: BTreeMap::new(),
            outbox: BTreeSet::new(),
            requests: 0,
            turned_away: 0,
            checks: 0,
            cut: None,
            meanwhile: Vec::new(),
            received: 0,
            waits: None,
            load: usize::MAX,
        })
    }

    /// Sends so few documents in one exchange from now on, that few make several.
    pub fn load(&mut self, most: usize) {
        self.load = most;
    }

    /// Another device with the same on it, signed in for itself.
    pub async fn another(&self, password: &str) -> Result<Self> {
        let user = self.principal.user.as_str();
        let mut other = Self::over(self.http.clone(), &self.url, user, password).await?;
        let holdings = Holdings::of(self.vault.values().map(|(_, summary)| summary));
        other.machine = Machine::new(DeviceId(random()?), self.position.clone(), holdings);
        other.position = self.position.clone();
        other.vault = self.vault.clone();
        Ok(other)
    }

    /// Uses another line from now on.
    pub fn use_line(&mut self, url: &str) {
        url.clone_into(&mut self.url);
    }

    /// Has the line cut from now on, or no more.
    pub fn cut(&mut self, cut: Option<Cut>) {
        self.cut = cut;
    }

    /// Sets the clock, milliseconds forward or back.
    pub fn skew(&mut self, ms: i64) {
        self.author.at.0 = self.author.at.0.saturating_add(ms);
    }

    /// Sets the clock to a moment.
    pub fn set_clock(&mut self, at: Moment) {
        self.author.at = at;
    }

    /// Starts the app anew from what is stored.
    pub fn restart(&mut self, device: DeviceId) -> Result<()> {
        let holdings = Holdings::of(self.vault.values().map(|(_, summary)| summary));
        self.machine = Machine::new(device, self.position.clone(), holdings);
        self.author.actor = Actor(random()?);
        Ok(())
    }

    /// Takes down a suggestion at the first of the person's stations.
    pub fn take_down(&mut self, body: &str, theme: DocId) -> Result<DocId> {
        let values = [
            ("body".to_owned(), Value::from(body)),
            ("theme".to_owned(), Value::Text(theme.to_string())),
        ];
        self.start(&values.into())
    }

    /// Takes down a suggestion with these values.
    pub fn start(&mut self, values: &Values) -> Result<DocId> {
        self.begin("suggestion", "submit", values)
    }

    /// Begins a record of a kind with these values and a first step.
    pub fn begin(&mut self, kind: &str, act: &str, values: &Values) -> Result<DocId> {
        let id = DocId(random()?);
        let step = Event::new(act, &self.author.user, Moment(self.author.at.0 + 1));
        self.create(id, kind, values, &[step])?;
        Ok(id)
    }

    /// Takes down what accompanies a record, with these values.
    pub fn accompany(&mut self, id: DocId, kind: &str, values: &Values) -> Result<DocId> {
        let id = id.companion(kind);
        self.create(id, kind, values, &[])?;
        Ok(id)
    }

    fn create(&mut self, id: DocId, kind: &str, values: &Values, events: &[Event]) -> Result<()> {
        let register = register(kind).context("no such register")?;
        self.author.at.0 += 1;
        let station = match register.place {
            Place::District => None,
            _ => Some(self.principal.stations().next().context("no station")?),
        };
        let envelope = Envelope {
            schema: register.schema,
            kind: register.kind.to_owned(),
            id,
            station,
            owner: self.author.user.clone(),
            created_at: self.author.at,
            attachments: Vec::new(),
        };
        let mut document = Document::create(&envelope, values, events, &self.author)?;
        let held = Held::started(&mut document);
        let summary = Summary::of(id, &held)?;
        self.put(id, held, summary);
        Ok(())
    }

    /// Changes one field of a document that is here.
    pub fn write(&mut self, id: DocId, field: &str, value: Value) -> Result<()> {
        self.author.at.0 += 1;
        let (held, summary) = self.vault.get_mut(&id).context("no such document here")?;
        let mut document = held.document()?;
        let base = document.heads();
        document.edit(&base, &[(field.to_owned(), value)].into(), &[], &self.author)?;
        held.edited(&mut document);
        *summary = Summary::of(id, held)?;
        if held.unsent {
            self.outbox.insert(id);
        }
        Ok(())
    }

    /// Writes a field once the next request is on its way, as a second window may.
    pub fn write_meanwhile(&mut self, id: DocId, field: &str, value: Value) {
        self.meanwhile.push((id, field.to_owned(), value));
    }

    /// Takes a step on a document that is here, whether that is allowed or not.
    pub fn act(&mut self, id: DocId, act: &str, words: &str) -> Result<()> {
        self.author.at.0 += 1;
        let event = Event::new(act, &self.author.user, self.author.at).with_words(words);
        let (held, summary) = self.vault.get_mut(&id).context("no such document here")?;
        let mut document = held.document()?;
        let base = document.heads();
        document.edit(&base, &Values::new(), &[event], &self.author)?;
        held.edited(&mut document);
        *summary = Summary::of(id, held)?;
        self.outbox.insert(id);
        Ok(())
    }

    /// The documents of which the server did not take something, as the person left them.
    pub fn refused(&self) -> Result<Vec<(DocId, Document)>> {
        let refused = self.vault.iter();
        refused
            .filter_map(|(id, (held, _))| Some((*id, held.refused.as_ref()?)))
            .map(|(id, refused)| Ok((id, refused.document()?)))
            .collect()
    }

    fn put(&mut self, id: DocId, held: Held, summary: Summary) {
        if held.unsent {
            self.outbox.insert(id);
        } else {
            self.outbox.remove(&id);
        }
        self.vault.insert(id, (held, summary));
    }

    /// The values of a document that is here; nothing if it is not.
    pub fn values(&self, id: DocId) -> Result<Option<Values>> {
        let Some((held, _)) = self.vault.get(&id) else {
            return Ok(None);
        };
        Ok(Some(held.document()?.record()?.values))
    }

    /// A document that is here.
    pub fn record(&self, id: DocId) -> Result<Record> {
        let (held, _) = self.vault.get(&id).context("no such document here")?;
        Ok(held.document()?.record()?)
    }

    /// The words in a field of a document that is here.
    pub fn text(&self, id: DocId, field: &str) -> Result<String> {
        let (held, _) = self.vault.get(&id).context("no such document here")?;
        Ok(held.document()?.record()?.text(field).to_owned())
    }

    /// Whether a document is here whole, as the server has it, and its summary shows these values: what a list or a search
    /// would find it by, without opening it.
    pub fn shows(&self, id: DocId, values: &Values) -> Result<bool> {
        let Some((held, summary)) = self.vault.get(&id) else {
            return Ok(false);
        };
        let shown = |(name, value): (&String, &Value)| match (name.as_str(), value) {
            ("theme", value) => summary.theme.map(|theme| theme.to_string()).as_deref() == value.text(),
            (_, value) => value
                .text()
                .is_some_and(|text| summary.search.contains(&normalize(text))),
        };
        let accepted = held.receipt.as_ref().map(|receipt| &receipt.heads);
        Ok(!summary.unsent
            && accepted.is_some()
            && held.accepted_state()?.as_ref() == accepted
            && values.iter().all(shown))
    }

    /// Puts everything that is here into the bytes of a vault and reads it back, as a restart does.
    pub fn reopen(&mut self) -> Result<()> {
        for (held, _) in self.vault.values_mut() {
            *held = Held::from_bytes(&held.to_bytes())?;
        }
        Ok(())
    }

    /// The documents of a kind that are here.
    pub fn of_kind(&self, kind: &str) -> Vec<&Summary> {
        let summaries = self.vault.values().map(|(_, summary)| summary);
        summaries.filter(|summary| summary.kind == kind).collect()
    }

    /// Every document here with its state.
    pub fn state(&self) -> Result<BTreeMap<DocId, Heads>> {
        self.vault
            .iter()
            .map(|(id, (held, _))| Ok((*id, held.document()?.heads())))
            .collect()
    }

    /// The changes that have something to send, as they are, uncompressed and unpacked.
    pub fn unsent_changes(&self) -> Result<Vec<u8>> {
        let mut changes = Vec::new();
        for (held, _) in self.vault.values().filter(|(held, _)| held.unsent) {
            let known = held
                .receipt
                .as_ref()
                .map_or(&[][..], |receipt| receipt.heads.as_slice());
            changes.extend(held.document()?.changes_since(known).concat());
        }
        Ok(changes)
    }

    /// Lets go of every document, of which the device goes on to know that it had it.
    pub fn forget(&mut self) {
        self.vault.clear();
        self.outbox.clear();
    }

    /// Has a document vanish from the vault, which nothing notices.
    pub fn lose(&mut self, id: DocId) {
        self.vault.remove(&id);
        self.outbox.remove(&id);
    }

    /// How many bytes of answers have come so far.
    pub fn received(&self) -> usize {
        self.received
    }

    /// Whether a document has something to send.
    pub fn is_unsent(&self, id: DocId) -> bool {
        self.outbox.contains(&id)
    }

    /// How many documents have something to send.
    pub fn unsent(&self) -> usize {
        self.outbox.len()
    }

    /// Opens a line on which the server tells that there is something new.
    pub async fn wait_to_be_woken(&self) -> Result<WakeLine> {
        WakeLine::open(&self.http, &self.url, &self.token).await
    }

    /// One waking: exchanges until there is nothing more to do or the line fails.
    pub async fn sync(&mut self) -> Result<Line> {
        // The time that it was to wait is over, as far as it is concerned.
        let input = self.waits.take().map_or(Input::Wake, |_| Input::Timer);
        self.drive(input).await
    }

    /// How long the machine wants to wait before the next try, in milliseconds; nothing if the last one went through.
    pub fn waits_ms(&self) -> Result<Option<u32>> {
        let [high, low, ..] = random()?;
        let chance = u16::from_be_bytes([high, low]);
        Ok(self.waits.map(|wait| wait.pick(chance)))
    }

    /// Has everything compared with the server, as by hand, and sends and fetches what differs.
    pub async fn check(&mut self) -> Result<Line> {
        self.drive(Input::Check).await
    }

    async fn drive(&mut self, input: Input) -> Result<Line> {
        let mut inputs = VecDeque::from([input]);
        let mut answer: Option<reqwest::Response> = None;
        let mut heard = 0;
        loop {
            let input = match (inputs.pop_front(), &mut answer) {
                (Some(input), _) => input,
                (None, None) => break,
                // Bytes are worked off as they come, while the server is at work on the next.
                (None, Some(open)) => match open.chunk().await {
                    Ok(Some(_)) if self.cut.is_some_and(|cut| heard >= cut.down) => {
                        answer = None;
                        Input::Cut
                    }
                    Ok(Some(bytes)) => {
                        let left = self.cut.map_or(usize::MAX, |cut| cut.down - heard);
                        let piece = &bytes[..bytes.len().min(left)];
                        heard += piece.len();
                        Input::Chunk(piece.to_vec())
                    }
                    Ok(None) => {
                        answer = None;
                        Input::Ended
                    }
                    Err(_) => {
                        answer = None;
                        Input::Cut
                    }
                },
            };
            if let Input::Chunk(bytes) = &input {
                self.received += bytes.len();
            }
            for output in self.machine.handle(input) {
                match output {
                    Output::Collect { budget, besides } => {
                        inputs.push_back(self.collect(budget, &besides)?);
                    }
                    Output::Exchange(body) if self.cut.is_some() && heard > 0 => {
                        // The line is gone for the rest of this waking.
                        drop(body);
                        inputs.push_back(Input::Cut);
                    }
                    Output::Exchange(body) => match self.exchange(body).await {
                        Ok(open) => answer = Some(open),
                        Err(failure) => inputs.push_back(failure),
                    },
                    Output::Survey => inputs.push_back(self.survey()?),
                    Output::Commit(batch) => inputs.push_back(self.commit(&batch)?),
                    Output::Retry(wait) => self.waits = Some(wait),
                    Output::Rest => {}
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

    fn collect(&self, budget: usize, besides: &BTreeSet<DocId>) -> Result<Input> {
        let mut work: Vec<Outgoing> = Vec::new();
        let mut size = 0;
        for id in self.outbox.difference(besides) {
            let (held, _) = self.vault.get(id).context("sent, but not here")?;
            if size >= budget || work.len() >= self.load {
                return Ok(Input::Collected { work, more: true });
            }
            if let Some(outgoing) = held.outgoing(*id)? {
                size += outgoing.size();
                work.push(outgoing);
            }
        }
        Ok(Input::Collected { work, more: false })
    }

    fn survey(&mut self) -> Result<Input> {
        self.checks += 1;
        let mut states = Vec::new();
        for (id, (held, _)) in &self.vault {
            states.extend(held.accepted_state()?.map(|state| (*id, state)));
        }
        Ok(Input::Surveyed(states))
    }

    fn commit(&mut self, batch: &Batch) -> Result<Input> {
        let docs = batch.docs();
        let held = docs
            .iter()
            .filter_map(|id| Some((*id, self.vault.get(id)?.clone())));
        let mut applied = batch.apply(held.collect());
        applied.purge(batch, self.vault.values().map(|(_, summary)| summary));
        if !batch.refused.is_empty() {
            self.author.actor = Actor(random()?);
        }
        for (id, held, summary) in applied.put {
            self.put(id, held, summary);
        }
        for id in applied.remove {
            self.vault.remove(&id);
            self.outbox.remove(&id);
        }
        self.position = batch.position.clone();
        Ok(Input::Committed {
            gap: applied.gap,
            turned: applied.turned,
        })
    }

    async fn exchange(&mut self, mut body: Vec<u8>) -> Result<reqwest::Response, Input> {
        self.requests += 1;
        for (id, field, value) in std::mem::take(&mut self.meanwhile) {
            // It may just have left the tablet.
            let _ = self.write(id, &field, value);
        }
        let is_cut = self.cut.is_some_and(|cut| cut.up < body.len());
        if let Some(cut) = self.cut {
            body.truncate(cut.up);
        }
        let request = self
            .http
            .post(format!("{}/api/sync", self.url))
            .bearer_auth(&self.token);
        let sent = request
            .header("content-type", "application/cbor")
            .body(body)
            .send()
            .await;
        let answer = sent.map_err(|_| Input::Cut)?;
        if is_cut {
            // The server has taken what arrived; its answer is not heard. It is read to its end, so that it is done.
            drop(answer.bytes().await);
            return Err(Input::Cut);
        }
        match answer.status().as_u16() {
            200 => Ok(answer),
            401 => Err(Input::Denied),
            429 | 503 => {
                self.turned_away += 1;
                Err(turned_away(&answer).unwrap_or(Input::Failed))
            }
            426 => Err(Input::Outdated),
            _ => Err(Input::Failed),
        }
    }
}

fn turned_away(answer: &reqwest::Response) -> Option<Input> {
    let seconds = answer.headers().get("retry-after")?.to_str().ok()?;
    let after_ms = seconds.parse::<u32>().ok()?.saturating_mul(1_000);
    Some(Input::TurnedAway { after_ms })
}

fn random() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
