//! A running server with some people and records.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx};
use lianxin_server::app::App;
use lianxin_server::files::Files;
use lianxin_server::store::Account;
use lianxin_server::sync::{Answer, Submission};
use lianxin_server::{auth, clock, run};
use lianxin_shared::document::{Actor, Author, Document, Edit};
use lianxin_shared::id::{DeviceId, DocId, Heads, Moment};
use lianxin_shared::records::{Attachment, Envelope, Event, Value, Values};
use lianxin_shared::rules::{Principal, Role};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) const PASSWORD: &str = "sesame";

/// 2026-09-21 22:13 in the district.
pub(crate) const AT: Moment = Moment(1_790_000_000_000);
pub(crate) const STATION: DocId = DocId([7; 16]);
pub(crate) const THEME: DocId = DocId([8; 16]);
pub(crate) const PERSON: DocId = DocId([9; 16]);

/// A running server: a host at a station, a member, a clerk and two administrators, of whom one is a clerk too. It ends with
/// the test.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) address: String,
    client: Client,
    _data: TempDir,
}

/// Who an account is.
pub(crate) fn principal(user: &str) -> Principal {
    let roles: &[Role] = match user {
        "host1" => &[Role::Host],
        "member1" => &[Role::Member],
        "clerk1" => &[Role::Clerk],
        "admin1" => &[Role::Admin],
        "chief1" => &[Role::Admin, Role::Clerk],
        _ => &[],
    };
    Principal {
        hosts: (user == "host1").then_some(STATION).into_iter().collect(),
        person: (user == "member1").then_some(PERSON),
        ..Principal::new(user.parse().unwrap(), roles.iter().copied())
    }
}

/// Values from words.
pub(crate) fn words(pairs: &[(&str, &str)]) -> Values {
    let value = |(name, text): &(&str, &str)| ((*name).to_owned(), Value::from(*text));
    pairs.iter().map(value).collect()
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(None).await
    }

    /// The same, with its files elsewhere than in its folder.
    pub(crate) async fn start_with(files: Option<Files>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut app = App::open(data.path()).await.unwrap();
        app.files = files.unwrap_or(app.files);
        let password = auth::hash(PASSWORD.to_owned()).await.unwrap();
        let names = [
            ("host1", "主持人甲"),
            ("member1", "委员甲"),
            ("clerk1", "工作人员甲"),
            ("admin1", "管理员甲"),
            ("chief1", "管理员乙"),
        ];
        for (user, name) in names {
            let account = Account {
                principal: principal(user),
                name: name.to_owned(),
                password: password.clone(),
                language: None,
                disabled: false,
                created_at: clock::now(),
            };
            app.store.add_account(account).await.unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(run(app.clone(), listener, std::future::pending()));
        let server = Self {
            app,
            address,
            client: Client::new(),
            _data: data,
        };
        let station = words(&[("name", "工作室一"), ("type", "workstation")]);
        server.create("admin1", STATION, "station", station, &[]).await;
        let theme = words(&[("name", "老旧小区改造"), ("name_en", "Old housing")]);
        server.create("admin1", THEME, "theme", theme, &[]).await;
        let person = words(&[("name", "委员甲"), ("user", "member1")]);
        server.create("admin1", PERSON, "person", person, &[]).await;
        server
    }

    /// Starts a record through the one door.
    pub(crate) async fn create(&self, by: &str, id: DocId, kind: &str, values: Values, acts: &[Event]) {
        let answer = self.try_create(by, id, kind, values, acts, &[]).await;
        assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
    }

    /// The same with what hangs on it; answers what the door said.
    pub(crate) async fn try_create(
        &self,
        by: &str,
        id: DocId,
        kind: &str,
        values: Values,
        acts: &[Event],
        attachments: &[Attachment],
    ) -> Answer {
        let by = principal(by);
        let envelope = Envelope {
            schema: 1,
            kind: kind.to_owned(),
            id,
            station: by.hosts.first().copied(),
            owner: by.user.clone(),
            created_at: AT,
            attachments: attachments.to_vec(),
        };
        let document = Document::create(&envelope, &values, acts, &author(&by, id)).unwrap();
        self.push(&by, id, document, &Heads::default()).await
    }

    /// Takes steps on a record through the one door.
    pub(crate) async fn act(&self, by: &str, id: DocId, acts: &[Event]) {
        let answer = self.revise(by, id, acts, None).await;
        assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
    }

    /// Makes the record's attachments these; answers what the door said.
    pub(crate) async fn attach(&self, by: &str, id: DocId, attachments: &[Attachment]) -> Answer {
        self.revise(by, id, &[], Some(attachments)).await
    }

    async fn revise(
        &self,
        by: &str,
        id: DocId,
        acts: &[Event],
        attachments: Option<&[Attachment]>,
    ) -> Answer {
        let by = principal(by);
        let content = self.app.store.content(id).await.unwrap().unwrap();
        let snapshot = content.snapshot.map(|bytes| Document::load(&bytes).unwrap());
        let mut document = snapshot.unwrap_or_else(Document::empty);
        let changes: Vec<_> = content.changes.into_iter().map(|change| change.bytes).collect();
        document.apply(&changes).unwrap();
        let known = document.heads();
        let edit = Edit {
            values: &Values::new(),
            events: acts,
            attachments,
        };
        let author = author(&by, DocId([known.as_slice()[0].0[0]; 16]));
        document.revise(&known, &edit, &author).unwrap();
        self.push(&by, id, document, &known).await
    }

    async fn push(&self, by: &Principal, id: DocId, mut document: Document, known: &Heads) -> Answer {
        let submission = Submission::of_chunks(id, document.changes_since(known.as_slice()));
        let device = DeviceId([1; 16]);
        let mut answers = self.app.door.accept(by, device, vec![submission]).await.unwrap();
        answers.remove(0)
    }

    /// What a resident said to the host.
    pub(crate) async fn suggestion(&self, n: u8, body: &str) -> DocId {
        let id = DocId([n; 16]);
        let mut values = words(&[("body", body), ("location", "三号楼")]);
        values.insert("theme".to_owned(), Value::Text(THEME.to_string()));
        let submit = Event::new("submit", &principal("host1").user, AT);
        self.create("host1", id, "suggestion", values, &[submit]).await;
        id
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    pub(crate) async fn token(&self, user: &str) -> String {
        let credentials = json!({ "user": user, "password": PASSWORD });
        let request = self.ask(Method::POST, "/api/session").json(&credentials);
        let opened: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        opened["token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Response {
        let request = self.ask(Method::GET, path).bearer_auth(token);
        request.send().await.unwrap()
    }

    /// An address with a ticket in it.
    pub(crate) async fn ticket(&self, address: &str, token: &str) -> String {
        let request = self.ask(Method::POST, "/api/ticket").bearer_auth(token);
        let answer = request.json(&json!({ "address": address })).send().await.unwrap();
        let answer: serde_json::Value = answer.json().await.unwrap();
        answer["address"].as_str().unwrap().to_owned()
    }
}

fn author(by: &Principal, seed: DocId) -> Author {
    let mut actor = seed.0;
    for (place, byte) in actor.iter_mut().zip(by.user.as_str().bytes()) {
        *place ^= byte;
    }
    Author {
        user: by.user.clone(),
        actor: Actor(actor),
        at: AT,
    }
}

/// The status and code of a problem.
pub(crate) async fn problem(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let document: serde_json::Value = response.json().await.unwrap();
    (status, document["code"].as_str().unwrap().to_owned())
}

/// The first sheet of a workbook.
pub(crate) fn sheet(bytes: Vec<u8>) -> Range<Data> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    workbook.worksheet_range_at(0).unwrap().unwrap()
}
