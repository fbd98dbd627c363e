//! The line for automerge-repo's clients, message by message.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use lianxin_server::app::App;
use lianxin_server::{demo, run};
use lianxin_shared::document::{Actor, Author, Document, Peer};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::records::{Envelope, Event, Values};
use lianxin_shared::rules::Principal;
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long an answer may take before the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server with the demonstration data.
struct Server {
    host: String,
    app: App,
    http: reqwest::Client,
    _data: TempDir,
}

/// A document that nobody has.
const NOWHERE: DocId = DocId([99; 16]);

/// Somebody with a line.
struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    token: String,
    principal: Principal,
}

/// A message from the server: text by name, and its data.
#[derive(Debug, Default)]
struct Told {
    text: BTreeMap<String, String>,
    data: Vec<u8>,
}

impl Server {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let app = App::open(data.path()).await.unwrap();
        demo::lay_ground(&app).await.unwrap();
        demo::fill(&app).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        tokio::spawn(run(app.clone(), listener, std::future::pending()));
        Self {
            host,
            app,
            http: reqwest::Client::new(),
            _data: data,
        }
    }

    /// A line on which nothing has been said.
    async fn line(&self, user: &str) -> Client {
        let body = json!({ "user": user, "password": demo::PASSWORD });
        let request = self.http.post(format!("http://{}/api/session", self.host));
        let opened: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
        let token = opened["token"].as_str().unwrap().to_owned();
        let address = format!("ws://{}/repo?token={token}", self.host);
        let (socket, _) = connect_async(address).await.unwrap();
        Client {
            socket,
            token,
            principal: serde_json::from_value(opened).unwrap(),
        }
    }

    /// A line on which the user has joined.
    async fn joined(&self, user: &str) -> Client {
        let mut client = self.line(user).await;
        client.say(&join(user, "1")).await;
        let told = client.hear().await.unwrap();
        assert_eq!(
            (told.text["type"].as_str(), told.text["targetId"].as_str()),
            ("peer", user)
        );
        assert_eq!(told.text["selectedProtocolVersion"], "1");
        client
    }

    async fn changes(&self, doc: DocId) -> usize {
        let content = self.app.store.content(doc).await.unwrap();
        content.map_or(0, |content| {
            let mut document = Document::load(&content.snapshot.unwrap()).unwrap();
            document.changes().unwrap().len() + content.changes.len()
        })
    }
}

impl Client {
    async fn say(&mut self, message: &[u8]) {
        let message = Message::Binary(Bytes::copy_from_slice(message));
        self.socket.send(message).await.unwrap();
    }

    /// The next message; nothing when the server has hung up.
    async fn hear(&mut self) -> Option<Told> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next());
            match next.await.expect("an answer")? {
                Ok(Message::Binary(bytes)) => return Some(told(&bytes)),
                Ok(Message::Ping(_)) => {}
                _ => return None,
            }
        }
    }

    /// Why the server hangs up.
    async fn hung_up(&mut self) -> String {
        let told = self.hear().await.unwrap();
        assert_eq!(told.text["type"], "error");
        assert!(self.hear().await.is_none());
        told.text["message"].clone()
    }

    /// Talks of a document until both have said all; answers what came besides.
    async fn talk(&mut self, doc: DocId, document: &mut Document, peer: &mut Peer) -> Vec<Told> {
        let me = self.principal.user.to_string();
        let mut besides = Vec::new();
        for _ in 0..10 {
            let message = peer.generate(document);
            let mut is_silent = message.is_none();
            if let Some(message) = message {
                self.say(&sync("sync", &me, doc, &message)).await;
            }
            // Messages are answered in order: the answer to this question comes after all others.
            self.say(&sync("request", &me, NOWHERE, &nothing())).await;
            loop {
                let told = self.hear().await.unwrap();
                if told.text.get("documentId") == Some(&NOWHERE.to_string()) {
                    break;
                }
                is_silent = false;
                if told.text["type"] == "sync" {
                    peer.receive(document, &told.data).unwrap();
                } else {
                    besides.push(told);
                }
            }
            if is_silent {
                return besides;
            }
        }
        panic!("no end");
    }

    fn author(&self) -> Author {
        let mut actor = [0; 16];
        getrandom::fill(&mut actor).unwrap();
        Author {
            user: self.principal.user.clone(),
            actor: Actor(actor),
            at: Moment(1_790_000_000_000),
        }
    }

    fn suggestion(&self, id: DocId) -> Document {
        let author = self.author();
        let envelope = Envelope {
            schema: 1,
            kind: "suggestion".to_owned(),
            id,
            station: self.principal.stations().next(),
            owner: author.user.clone(),
            created_at: author.at,
            attachments: Vec::new(),
        };
        let submit = Event::new("submit", &author.user, author.at);
        let values = words(&[("body", "楼道的灯坏了。"), ("theme", &DocId([3; 16]).to_string())]);
        Document::create(&envelope, &values, &[submit], &author).unwrap()
    }
}

fn words(pairs: &[(&str, &str)]) -> Values {
    let pairs = pairs.iter();
    pairs
        .map(|(name, text)| ((*name).to_owned(), (*text).into()))
        .collect()
}

fn told(bytes: &[u8]) -> Told {
    let mut decoder = Decoder::new(bytes);
    let mut told = Told::default();
    for _ in 0..decoder.map().unwrap().unwrap() {
        let key = decoder.str().unwrap().to_owned();
        match decoder.datatype().unwrap() {
            Type::String => drop(told.text.insert(key, decoder.str().unwrap().to_owned())),
            Type::Bytes => told.data = decoder.bytes().unwrap().to_vec(),
            _ => decoder.skip().unwrap(),
        }
    }
    told
}

fn join(peer: &str, version: &str) -> Vec<u8> {
    encoded(|e| {
        e.map(3)?.str("type")?.str("join")?.str("senderId")?.str(peer)?;
        e.str("supportedProtocolVersions")?.array(1)?.str(version)?.ok()
    })
}

fn sync(kind: &str, peer: &str, doc: DocId, data: &[u8]) -> Vec<u8> {
    encoded(|e| {
        e.map(4)?.str("type")?.str(kind)?.str("senderId")?.str(peer)?;
        e.str("documentId")?.str(&doc.to_string())?;
        e.str("data")?.bytes(data)?.ok()
    })
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

fn encoded(write: impl Fn(&mut Encoder<&mut Vec<u8>>) -> Written) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut Encoder::new(&mut bytes)).unwrap();
    bytes
}

/// automerge's message of whoever has nothing.
fn nothing() -> Vec<u8> {
    Peer::default().generate(&mut Document::empty()).unwrap()
}

#[tokio::test]
async fn what_makes_no_sense_ends_the_line_and_says_why() {
    let server = Server::start().await;
    let doc = DocId([7; 16]);
    for (message, expected) in [
        (vec![0xff, 0, 1], "a message that cannot be read"),
        (join("host1", "2"), "unsupported protocol version"),
        (sync("request", "host1", doc, &nothing()), "nobody has joined"),
    ] {
        let mut client = server.line("host1").await;
        client.say(&message).await;
        assert_eq!(client.hung_up().await, expected);
    }
}

#[tokio::test]
async fn whoever_signs_out_is_heard_no_more() {
    let server = Server::start().await;
    let mut client = server.joined("host1").await;
    let ask = sync("request", "host1", DocId([7; 16]), &nothing());
    client.say(&ask).await;
    assert_eq!(client.hear().await.unwrap().text["type"], "doc-unavailable");
    let leave = server.http.delete(format!("http://{}/api/session", server.host));
    leave.bearer_auth(&client.token).send().await.unwrap();
    client.say(&ask).await;
    assert_eq!(client.hung_up().await, "the session has ended");
}

#[tokio::test]
async fn whoever_never_stops_talking_is_hung_up_on() {
    let server = Server::start().await;
    let mut client = server.joined("host1").await;
    let chat = encoded(|e| e.map(1)?.str("type")?.str("ephemeral")?.ok());
    // More than is allowed in a burst and earned while it is said.
    let mut last = Ok(());
    for _ in 0..30_000 {
        last = client.socket.send(Message::Binary(chat.clone().into())).await;
        if last.is_err() {
            break;
        }
    }
    if last.is_ok() {
        drop(
            client
                .socket
                .send(Message::Binary(
                    sync("request", "host1", NOWHERE, &nothing()).into(),
                ))
                .await,
        );
    }
    // The reason may be lost with the line, which is closed on what is still being said.
    if let Some(told) = client.hear().await {
        assert_eq!(
            told.text.get("message").map(String::as_str),
            Some("too many messages")
        );
    }
}

#[tokio::test]
async fn a_document_is_written_and_read_over_the_line_and_others_are_told() {
    let server = Server::start().await;
    let (mut a, mut b) = (server.joined("host1").await, server.joined("host2").await);
    let doc = DocId([7; 16]);
    let (mut document, mut peer) = (a.suggestion(doc), Peer::default());
    assert!(a.talk(doc, &mut document, &mut peer).await.is_empty());
    assert_eq!(server.changes(doc).await, 1);

    let (mut copy, mut there) = (Document::empty(), Peer::default());
    assert!(b.talk(doc, &mut copy, &mut there).await.is_empty());
    assert_eq!(copy.heads(), document.heads());
    let now = copy.heads();
    copy.edit(&now, &words(&[("location", "三号楼")]), &[], &b.author())
        .unwrap();
    assert!(b.talk(doc, &mut copy, &mut there).await.is_empty());

    let told = a.hear().await.unwrap();
    peer.receive(&mut document, &told.data).unwrap();
    assert_eq!(document.record().unwrap().text("location"), "三号楼");
}

#[tokio::test]
async fn what_a_user_may_not_read_is_not_there_and_not_to_be_changed() {
    let server = Server::start().await;
    let (mut host, mut stranger) = (server.joined("host1").await, server.joined("host3").await);
    let doc = DocId([7; 16]);
    let (mut document, mut peer) = (host.suggestion(doc), Peer::default());
    assert!(host.talk(doc, &mut document, &mut peer).await.is_empty());

    for asked in [doc, DocId([8; 16])] {
        stranger.say(&sync("request", "host3", asked, &nothing())).await;
        let told = stranger.hear().await.unwrap();
        let expected = ("doc-unavailable", asked.to_string());
        assert_eq!(
            (told.text["type"].as_str(), told.text["documentId"].clone()),
            expected
        );
    }
    // Somebody gave them the document; they write in it.
    let now = document.heads();
    let forged = words(&[("location", "别处")]);
    document.edit(&now, &forged, &[], &stranger.author()).unwrap();
    let told = stranger.talk(doc, &mut document, &mut Peer::default()).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].text["type"], "ephemeral");
    assert_eq!(self::told(&told[0].data).text["refused"], "read-forbidden");
    assert_eq!(server.changes(doc).await, 1);
}

#[tokio::test]
async fn what_was_erased_is_not_there_and_never_comes_back() {
    let server = Server::start().await;
    let mut host = server.joined("host1").await;
    let doc = DocId([7; 16]);
    let (mut document, mut peer) = (host.suggestion(doc), Peer::default());
    assert!(host.talk(doc, &mut document, &mut peer).await.is_empty());

    let body = json!({ "user": "clerk1", "password": demo::PASSWORD });
    let request = server.http.post(format!("http://{}/api/session", server.host));
    let clerk: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
    let address = format!("http://{}/api/documents/{doc}", server.host);
    let request = server.http.delete(address).json(&json!({ "reason": "居民要求" }));
    let erased = request
        .bearer_auth(clerk["token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert!(erased.status().is_success());

    let told = host.hear().await.unwrap();
    let expected = ("doc-unavailable", doc.to_string());
    assert_eq!(
        (told.text["type"].as_str(), told.text["documentId"].clone()),
        expected
    );
    // The client still has it, and writes on.
    let now = document.heads();
    let more = words(&[("location", "三号楼")]);
    document.edit(&now, &more, &[], &host.author()).unwrap();
    let told = host.talk(doc, &mut document, &mut Peer::default()).await;
    let kinds: Vec<_> = told.iter().map(|told| told.text["type"].as_str()).collect();
    assert_eq!(kinds, ["ephemeral", "doc-unavailable"]);
    assert_eq!(self::told(&told[0].data).text["refused"], "erased");
    assert_eq!(server.app.store.content(doc).await.unwrap(), None);
}

#[tokio::test]
async fn a_change_that_inflates_without_end_gives_up_its_document_alone() {
    let server = Server::start().await;
    let mut client = server.joined("host1").await;
    let bomb = bomb();
    assert!(bomb.len() < 100_000);
    // One head, no needs, no summaries, one chunk.
    let mut message = [&[0x42, 1][..], &[7; 32], &[0, 0, 1]].concat();
    leb128(&mut message, bomb.len());
    message.extend(&bomb);
    let doc = DocId([7; 16]);
    for _ in 0..2 {
        client.say(&sync("sync", "host1", doc, &message)).await;
    }
    let told = client.hear().await.unwrap();
    assert_eq!(self::told(&told.data).text["refused"], "too-large");
    assert_eq!(client.hear().await.unwrap().text["type"], "doc-unavailable");
    // It is not heard again; others are.
    let other = DocId([8; 16]);
    let (mut document, mut peer) = (client.suggestion(other), Peer::default());
    assert!(client.talk(other, &mut document, &mut peer).await.is_empty());
    assert_eq!(server.changes(other).await, 1);
}

/// A compressed change chunk of 64 MiB of zeros: deflate blocks that each repeat the byte before.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&zeros).unwrap();
    }
    let body = encoder.finish().unwrap();
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 2];
    leb128(&mut chunk, body.len());
    chunk.extend(body);
    chunk
}

fn leb128(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
