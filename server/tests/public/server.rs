//! A running server, and records laid into it through its door.

use std::sync::Arc;
use std::time::Duration;

use lianxin_server::app::App;
use lianxin_server::caller::Proxies;
use lianxin_server::store::{Filter, Listed};
use lianxin_server::sync::{Answer, Submission};
use lianxin_server::{clock, run};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::records::{Envelope, Event, Value, Values, register};
use lianxin_shared::rules::{Principal, Role, SERVER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The station at which suggestions are taken down.
pub(super) const STATION: DocId = DocId([1; 16]);
/// A theme.
pub(super) const THEME: DocId = DocId([2; 16]);
/// A task of the ledger.
pub(super) const TASK: DocId = DocId([3; 16]);

/// A running server with a station, a theme and a task. It ends with the test.
pub(super) struct Server {
    pub(super) app: App,
    pub(super) address: String,
    client: Client,
    _data: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) kind: String,
    pub(super) location: String,
    pub(super) retry_after: Option<u64>,
    pub(super) text: String,
}

impl Server {
    pub(super) async fn start() -> Self {
        Self::start_behind(Proxies::default()).await
    }

    pub(super) async fn start_behind(proxies: Proxies) -> Self {
        let data = tempfile::tempdir().unwrap();
        let app = App {
            proxies: Arc::new(proxies),
            ..App::open(data.path()).await.unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(run(app.clone(), listener, std::future::pending()));
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let server = Self {
            app,
            address,
            client,
            _data: data,
        };
        let station = [("name", "工作室一".into()), ("type", "workstation".into())];
        server
            .lay(&everybody("clerk1"), "station", STATION, &station, &[])
            .await;
        server
            .lay(
                &everybody("clerk1"),
                "theme",
                THEME,
                &[("name", "主题一".into())],
                &[],
            )
            .await;
        let task = [
            ("part", "near".into()),
            ("subject", "整改任务一".into()),
            ("problems", "联系群众不够。".into()),
            ("goal", "每月接待一次。".into()),
            ("departments", Value::List(vec!["部门一".to_owned()])),
            ("deadline", Value::Number(1_000)),
            ("deadline_of", "work".into()),
        ];
        server
            .lay(&everybody("clerk1"), "rectification", TASK, &task, &["open"])
            .await;
        server
    }

    /// A new record with the steps that its author takes at once.
    pub(super) async fn lay(
        &self,
        by: &Principal,
        kind: &str,
        id: DocId,
        values: &[(&str, Value)],
        acts: &[&str],
    ) {
        let events = acts.iter().map(|act| Event::new(act, &by.user, clock::now()));
        let values = values.iter().cloned();
        let values = values.map(|(name, value)| (name.to_owned(), value)).collect();
        self.lay_whole(by, kind, id, &values, &events.collect::<Vec<_>>())
            .await;
    }

    pub(super) async fn lay_whole(
        &self,
        by: &Principal,
        kind: &str,
        id: DocId,
        values: &Values,
        events: &[Event],
    ) {
        let at_station = ["suggestion", "activity", "contact"].contains(&kind);
        let envelope = Envelope {
            schema: register(kind).unwrap().schema,
            kind: kind.to_owned(),
            id,
            station: at_station.then_some(STATION),
            owner: by.user.clone(),
            created_at: clock::now(),
            attachments: Vec::new(),
        };
        let mut document = Document::create(&envelope, values, events, &author(by)).unwrap();
        self.push(by, id, document.changes_since(&[])).await;
    }

    /// A suggestion as a host takes it down.
    pub(super) async fn suggestion(&self, id: DocId, body: &str) {
        let values = [("body", body.into()), ("theme", Value::Text(THEME.to_string()))];
        self.lay(&everybody("host1"), "suggestion", id, &values, &["submit"])
            .await;
    }

    /// Steps on a record.
    pub(super) async fn act(&self, by: &Principal, id: DocId, events: &[Event]) {
        let content = self.app.store.content(id).await.unwrap().unwrap();
        let mut document = Document::empty();
        if let Some(snapshot) = &content.snapshot {
            document = Document::load(snapshot).unwrap();
        }
        let changes: Vec<_> = content.changes.into_iter().map(|change| change.bytes).collect();
        document.apply(&changes).unwrap();
        let base = document.heads();
        document.edit(&base, &Values::new(), events, &author(by)).unwrap();
        self.push(by, id, document.changes_since(base.as_slice())).await;
    }

    /// The office takes a step.
    pub(super) async fn office(&self, id: DocId, act: &str, words: &str) {
        let clerk = everybody("clerk1");
        let event = Event::new(act, &clerk.user, clock::now()).with_words(words);
        self.act(&clerk, id, &[event]).await;
    }

    async fn push(&self, by: &Principal, id: DocId, changes: Vec<Vec<u8>>) {
        let submission = Submission::of_chunks(id, changes);
        let answer = self
            .app
            .door
            .accept(by, DeviceId([9; 16]), vec![submission])
            .await;
        match &answer.unwrap()[0] {
            Answer::Accepted { .. } => {}
            other => panic!("{id}: {other:?}"),
        }
    }

    /// How many records of a kind there are.
    pub(super) async fn count(&self, kind: &str) -> u64 {
        self.app.store.counts(of_kind(kind)).await.unwrap().total
    }

    /// The records of a kind.
    pub(super) async fn all(&self, kind: &str) -> Vec<Listed> {
        let page = self.app.store.records(of_kind(kind), None, 100).await;
        page.unwrap().records
    }

    /// A page in Chinese.
    pub(super) async fn get(&self, path: &str) -> Page {
        page(self.client.get(format!("{}{path}", self.address))).await
    }

    /// What a form's button sends.
    pub(super) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.form(path, fields)).await
    }

    /// The same, by way of somebody who says for whom.
    pub(super) async fn send_for(&self, whom: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.form(path, fields).header("x-forwarded-for", whom)).await
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body: Vec<_> = fields
            .iter()
            .map(|(name, text)| format!("{}={}", encoded(name), encoded(text)))
            .collect();
        let request = self.client.post(format!("{}{path}", self.address));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(body.join("&"))
    }

    /// The page once it says something: what others wrote is shown after a moment.
    pub(super) async fn until(&self, path: &str, words: &str) -> Page {
        for _ in 0..400 {
            let page = self.get(path).await;
            if page.text.contains(words) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{path} never said {words}");
    }
}

pub(super) async fn page(request: RequestBuilder) -> Page {
    let response = request.send().await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name);
        value
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    Page {
        status: response.status(),
        kind: header("content-type"),
        location: header("location"),
        retry_after: header("retry-after").parse().ok(),
        text: response.text().await.unwrap(),
    }
}

/// Somebody of all roles, at the station.
pub(super) fn everybody(user: &str) -> Principal {
    Principal {
        hosts: [STATION].into(),
        ..Principal::new(user.parse().unwrap(), Role::ALL.iter().copied())
    }
}

/// The server as one who writes.
pub(super) fn server() -> Principal {
    Principal::new(SERVER.parse().unwrap(), [])
}

fn author(by: &Principal) -> Author {
    let mut actor = [0; 16];
    getrandom::fill(&mut actor).unwrap();
    Author {
        user: by.user.clone(),
        actor: Actor(actor),
        at: clock::now(),
    }
}

fn of_kind(kind: &str) -> Filter {
    Filter {
        kinds: vec![kind.to_owned()],
        ..Filter::default()
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
