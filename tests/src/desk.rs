//! Somebody at a desk: reads one record at a time from the server, and writes through the same door as the tablets.

use anyhow::{Context, Result, bail};
use lianxin_shared::document::{Actor, Author, Document, pack};
use lianxin_shared::id::{DeviceId, DocId, Moment};
use lianxin_shared::protocol::{
    Cursors, Down, FrameReader, Hello, Outcome, PROTOCOL, Push, Up, encode_frame,
};
use lianxin_shared::records::{Envelope, Event, Record, Value, Values, register};
use lianxin_shared::rules::Principal;
use minicbor::bytes::ByteVec;
use serde_json::json;

/// One person at a desk.
#[derive(Debug)]
pub struct Desk {
    http: reqwest::Client,
    url: String,
    token: String,
    /// Who is signed in.
    pub principal: Principal,
    author: Author,
    device: DeviceId,
}

/// What was written on a record and not sent yet.
#[derive(Debug)]
pub struct Unsent {
    doc: DocId,
    changes: Vec<Vec<u8>>,
    acts: Vec<String>,
}

/// A document as the server hands it out.
#[derive(minicbor::Decode)]
#[cbor(map)]
struct Opened {
    #[n(0)]
    document: ByteVec,
}

impl Desk {
    /// Signs in; what is written has this moment as its time, and later ones.
    pub async fn sign_in(url: &str, user: &str, password: &str, at: Moment) -> Result<Self> {
        let http = reqwest::Client::new();
        let body = json!({ "user": user, "password": password });
        let answer = http.post(format!("{url}/api/session")).json(&body).send();
        let answer: serde_json::Value = answer.await?.error_for_status()?.json().await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        let principal: Principal = serde_json::from_value(answer)?;
        let author = Author {
            user: principal.user.clone(),
            actor: Actor(random()?),
            at,
        };
        Ok(Self {
            http,
            url: url.to_owned(),
            token,
            principal,
            author,
            device: DeviceId(random()?),
        })
    }

    /// The token of the session.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The record of the person who is signed in.
    pub fn me(&self) -> Result<DocId> {
        self.principal.person.context("no person's record")
    }

    /// What the server answers at an address.
    pub async fn get(&self, path: &str) -> Result<serde_json::Value> {
        let request = self.http.get(format!("{}{path}", self.url));
        let answer = request.bearer_auth(&self.token).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// An address with a ticket in it, for a browser that is not signed in.
    pub async fn ticket(&self, path: &str) -> Result<String> {
        let request = self.http.post(format!("{}/api/ticket", self.url));
        let request = request.bearer_auth(&self.token).json(&json!({ "address": path }));
        let answer: serde_json::Value = request.send().await?.error_for_status()?.json().await?;
        let address = answer["address"].as_str().context("no address")?;
        Ok(format!("{}{address}", self.url))
    }

    /// A record as the server has it.
    pub async fn record(&self, id: DocId) -> Result<Record> {
        Ok(self.open(id).await?.record()?)
    }

    /// Where a record stands.
    pub async fn state(&self, id: DocId) -> Result<&'static str> {
        let status = self.record(id).await?.status();
        Ok(status.context("not a record of a register")?.state)
    }

    /// Starts a record for the district, or at a station, with its first step if it takes one.
    pub async fn start(
        &mut self,
        kind: &str,
        station: Option<DocId>,
        values: impl IntoIterator<Item = (&str, Value)>,
        act: Option<&str>,
    ) -> Result<DocId> {
        let register = register(kind).context("no such register")?;
        let id = DocId(random()?);
        let author = self.next();
        let envelope = Envelope {
            schema: register.schema,
            kind: kind.to_owned(),
            id,
            station,
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let events: Vec<_> = act.map(|act| self.event(act)).into_iter().collect();
        let mut document = Document::create(&envelope, &named(values), &events, &author)?;
        let pushed = self.push(id, document.changes_since(&[])).await;
        pushed.with_context(|| format!("{}: a new {kind}", author.user))?;
        Ok(id)
    }

    /// A step, now, which may be given more before it is taken.
    pub fn event(&mut self, act: &str) -> Event {
        let author = self.next();
        Event::new(act, &author.user, author.at)
    }

    /// Takes a step with these words.
    pub async fn act(&mut self, id: DocId, act: &str, words: &str) -> Result<()> {
        let event = self.event(act).with_words(words);
        self.edit(id, [], Some(event)).await
    }

    /// Takes a step.
    pub async fn take(&mut self, id: DocId, event: Event) -> Result<()> {
        self.edit(id, [], Some(event)).await
    }

    /// Fills fields, and takes a step with it if there is one.
    pub async fn edit(
        &mut self,
        id: DocId,
        values: impl IntoIterator<Item = (&str, Value)>,
        event: Option<Event>,
    ) -> Result<()> {
        let unsent = self.write(id, values, event).await?;
        self.send(unsent).await
    }

    /// Fills fields, and takes a step with it if there is one, on the record as it is now; sent later, whatever comes between.
    pub async fn write(
        &mut self,
        id: DocId,
        values: impl IntoIterator<Item = (&str, Value)>,
        event: Option<Event>,
    ) -> Result<Unsent> {
        let author = self.next();
        let mut document = self.open(id).await?;
        let known = document.heads();
        let events: Vec<_> = event.into_iter().collect();
        document.edit(&known, &named(values), &events, &author)?;
        Ok(Unsent {
            doc: id,
            changes: document.changes_since(known.as_slice()),
            acts: events.into_iter().map(|event| event.act).collect(),
        })
    }

    /// Sends what was written.
    pub async fn send(&self, unsent: Unsent) -> Result<()> {
        let Unsent { doc, changes, acts } = unsent;
        let pushed = self.push(doc, changes).await;
        pushed.with_context(|| format!("{}: {acts:?} on {doc}", self.author.user))
    }

    async fn open(&self, id: DocId) -> Result<Document> {
        let request = self.http.get(format!("{}/api/documents/{id}", self.url));
        let answer = request.bearer_auth(&self.token).send().await?;
        let bytes = answer.error_for_status()?.bytes().await?;
        let opened: Opened = minicbor::decode(&bytes)?;
        Ok(Document::load(&opened.document)?)
    }

    /// Sends the changes of one document, in one exchange that pulls nothing.
    async fn push(&self, doc: DocId, changes: Vec<Vec<u8>>) -> Result<()> {
        let hello = Hello {
            protocol: PROTOCOL,
            device: self.device,
            epoch: None,
            cursors: Cursors::new(),
            budget: 0,
        };
        let push = Push {
            doc,
            snapshot: None,
            changes: pack(&changes)?.into(),
            receipts: Vec::new(),
        };
        let body = encode_frame(&[Up::Hello(hello), Up::Push(push), Up::End]);
        let request = self.http.post(format!("{}/api/sync", self.url));
        let request = request.bearer_auth(&self.token);
        let request = request.header("content-type", "application/cbor").body(body);
        let mut reader = FrameReader::default();
        reader.push(&request.send().await?.error_for_status()?.bytes().await?);
        while let Some(messages) = reader.next_frame::<Down>()? {
            for message in messages {
                match message {
                    Down::Result(Outcome::Accepted { .. }) => return Ok(()),
                    Down::Result(outcome) => bail!("not taken: {outcome:?}"),
                    _ => {}
                }
            }
        }
        bail!("the answer says nothing of what was sent")
    }

    /// Who writes, a moment later than before.
    fn next(&mut self) -> Author {
        self.author.at.0 += 1;
        self.author.clone()
    }
}

fn named<'a>(values: impl IntoIterator<Item = (&'a str, Value)>) -> Values {
    let values = values.into_iter();
    values.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn random() -> Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
