//! A simulated desk: who opens single documents and acts on them, as the office's pages do. It holds what it has opened, so it
//! can act without a line and send later.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use lianxin_shared::document::{Actor, Author, Document, pack};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::protocol::{
    Cursors, Down, FrameReader, Hello, Outcome, PROTOCOL, Push, Up, encode_frame,
};
use lianxin_shared::records::{Event, Record, Values};
use minicbor::Decode;
use minicbor::bytes::ByteVec;
use reqwest::{Client, RequestBuilder};

/// A desk with one person at it.
#[derive(Debug)]
pub struct Desk {
    http: Client,
    url: String,
    token: String,
    device: DeviceId,
    author: Author,
    opened: BTreeMap<DocId, Opened>,
}

/// A document as it lies on the desk.
#[derive(Debug)]
struct Opened {
    document: Document,
    /// The state that the server has.
    sent: Heads,
}

/// What the server answers.
#[derive(Decode)]
#[cbor(map)]
struct Answer {
    #[n(0)]
    document: ByteVec,
}

impl Desk {
    /// Signs in.
    pub async fn sign_in(url: &str, user: &str, password: &str) -> Result<Self> {
        let http = Client::new();
        let body = serde_json::json!({ "user": user, "password": password });
        let request = http.post(format!("{url}/api/session")).json(&body);
        let answer: serde_json::Value = request.send().await?.error_for_status()?.json().await?;
        let mut bytes = [[0; 16]; 2];
        for bytes in &mut bytes {
            getrandom::fill(bytes)?;
        }
        let [device, actor] = bytes;
        Ok(Self {
            http,
            url: url.to_owned(),
            token: answer["token"].as_str().context("no token")?.to_owned(),
            device: DeviceId(device),
            author: Author {
                user: user.parse()?,
                actor: Actor(actor),
                at: Moment(1_790_000_000_000),
            },
            opened: BTreeMap::new(),
        })
    }

    /// Opens a document as the server has it now; what was done to it here and not sent is gone.
    pub async fn open(&mut self, id: DocId) -> Result<Record> {
        let request = self.http.get(format!("{}/api/documents/{id}", self.url));
        let bytes = self.answer(request).await?.bytes().await?;
        let answer: Answer = minicbor::decode(&bytes)?;
        let mut document = Document::load(&answer.document)?;
        let record = document.record()?;
        let sent = document.heads();
        self.opened.insert(id, Opened { document, sent });
        Ok(record)
    }

    /// Takes a step on a document that is open, whether that is allowed or not; `complete` adds what goes with it.
    pub fn act(&mut self, id: DocId, act: &str, complete: impl FnOnce(Event) -> Event) -> Result<()> {
        self.author.at.0 += 1;
        let event = complete(Event::new(act, &self.author.user, self.author.at));
        let document = &mut self.opened.get_mut(&id).context("not open")?.document;
        let base = document.heads();
        document.edit(&base, &Values::new(), &[event], &self.author)?;
        Ok(())
    }

    /// Sends what was done to a document; an error says why it was not taken.
    pub async fn send(&mut self, id: DocId) -> Result<()> {
        let opened = self.opened.get_mut(&id).context("not open")?;
        let changes = opened.document.changes_since(opened.sent.as_slice());
        let hello = Hello {
            protocol: PROTOCOL,
            device: self.device,
            epoch: None,
            cursors: Cursors::new(),
            budget: 0,
        };
        let push = Push {
            doc: id,
            snapshot: None,
            changes: pack(&changes)?.into(),
            receipts: Vec::new(),
        };
        let body = encode_frame(&[Up::Hello(hello), Up::Push(push), Up::End]);
        let request = self.http.post(format!("{}/api/sync", self.url)).body(body);
        let request = request.header("content-type", "application/cbor");
        let bytes = self.answer(request).await?.bytes().await?;
        let mut reader = FrameReader::default();
        reader.push(&bytes);
        while let Some(messages) = reader.next_frame::<Down>()? {
            for message in messages {
                if let Down::Result(outcome) = message {
                    return match outcome {
                        Outcome::Accepted { .. } => Ok(()),
                        other => bail!("{id} was not taken: {other:?}"),
                    };
                }
            }
        }
        bail!("the server said nothing of {id}")
    }

    /// What the server's lists say of a record of this kind.
    pub async fn listed(&self, kind: &str, id: DocId) -> Result<serde_json::Value> {
        let mut after = String::new();
        loop {
            let url = format!("{}/api/records?kind={kind}&limit=200{after}", self.url);
            let mut page: serde_json::Value = self.answer(self.http.get(url)).await?.json().await?;
            let records = page["records"].as_array_mut().context("no records")?;
            if let Some(found) = records.iter_mut().find(|row| row["id"] == id.to_string()) {
                return Ok(found.take());
            }
            let next = page["next"].as_str().context("not in the list")?;
            after = format!("&after={next}");
        }
    }

    async fn answer(&self, request: RequestBuilder) -> Result<reqwest::Response> {
        let request = request.bearer_auth(&self.token);
        Ok(request.send().await?.error_for_status()?)
    }
}
