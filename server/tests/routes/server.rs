//! A server over a folder of its own, for as long as a test lasts, and what every test asks of one.

use lianxin_server::app::App;
use lianxin_server::store::Account;
use lianxin_server::{auth, clock, demo, run};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::id::{DocId, Moment};
use lianxin_shared::protocol::Push;
use lianxin_shared::records::{Envelope, Event, Value, Values};
use lianxin_shared::rules::{Principal, Role};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The password of every account.
pub(crate) const PASSWORD: &str = demo::PASSWORD;

/// Where the two hosts of [`Server::with_hosts`] are.
pub(crate) const STATION: DocId = DocId([7; 16]);

/// A running server. It ends with the test.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) address: String,
    pub(crate) http: Client,
    pub(crate) data: TempDir,
}

impl Server {
    /// With the demonstration's records and accounts.
    pub(crate) async fn demo() -> Self {
        Self::demo_of(|app| app).await
    }

    /// The same, changed before it serves.
    pub(crate) async fn demo_of(change: impl FnOnce(App) -> App) -> Self {
        let (app, data) = opened().await;
        let app = change(app);
        demo::lay_ground(&app).await.unwrap();
        demo::fill(&app).await.unwrap();
        Self::over(app, data).await
    }

    /// With `host1` and `host2` of one station, and what every district begins with.
    pub(crate) async fn with_hosts() -> Self {
        let (app, data) = opened().await;
        demo::lay_ground(&app).await.unwrap();
        let host = |user: &str| Principal {
            hosts: [STATION].into(),
            ..Principal::new(user.parse().unwrap(), [Role::Host])
        };
        add(&app, ["host1", "host2"].map(host)).await;
        Self::over(app, data).await
    }

    /// With these accounts and nothing else.
    pub(crate) async fn with(accounts: impl IntoIterator<Item = Principal>) -> Self {
        let (app, data) = opened().await;
        add(&app, accounts).await;
        Self::over(app, data).await
    }

    async fn over(app: App, data: TempDir) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(run(app.clone(), listener, std::future::pending()));
        Self {
            app,
            address,
            http: Client::new(),
            data,
        }
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.address))
    }

    /// Asks as somebody who is signed in; answers the status, and what the answer holds as far as that is JSON.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: &Json,
    ) -> (StatusCode, Json) {
        let request = self.ask(method, path).bearer_auth(token).json(body);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn sign_in(&self, user: &str, password: &str) -> Response {
        let credentials = json!({ "user": user, "password": password });
        let request = self.ask(Method::POST, "/api/session").json(&credentials);
        request.send().await.unwrap()
    }

    pub(crate) async fn token(&self, user: &str) -> String {
        let opened: Json = self.sign_in(user, PASSWORD).await.json().await.unwrap();
        opened["token"].as_str().unwrap().to_owned()
    }

    /// A new suggestion at [`STATION`], written by `author` for an actor.
    pub(crate) async fn suggestion(&self, doc: u8, body: &str, author: &str, actor: u8) -> Push {
        let who = Author {
            user: author.parse().unwrap(),
            actor: Actor([actor; 16]),
            at: Moment(1_790_000_000_000),
        };
        let envelope = Envelope {
            schema: 1,
            kind: "suggestion".to_owned(),
            id: DocId([doc; 16]),
            station: Some(STATION),
            owner: who.user.clone(),
            created_at: who.at,
            attachments: Vec::new(),
        };
        let states = self.app.store.states(vec!["district".to_owned()]).await.unwrap();
        let values: Values = [
            ("body".to_owned(), Value::from(body)),
            ("theme".to_owned(), Value::Text(states[0].0.to_string())),
        ]
        .into();
        let submit = Event::new("submit", &who.user, who.at);
        let mut document = Document::create(&envelope, &values, &[submit], &who).unwrap();
        Push {
            doc: DocId([doc; 16]),
            snapshot: Some(document.save().into()),
            changes: Vec::new().into(),
            receipts: Vec::new(),
        }
    }
}

async fn opened() -> (App, TempDir) {
    let data = tempfile::tempdir().unwrap();
    (App::open(data.path()).await.unwrap(), data)
}

async fn add(app: &App, accounts: impl IntoIterator<Item = Principal>) {
    let password = auth::hash(PASSWORD.to_owned()).await.unwrap();
    for principal in accounts {
        let account = Account {
            principal,
            name: "工作人员甲".to_owned(),
            password: password.clone(),
            language: None,
            disabled: false,
            created_at: clock::now(),
        };
        app.store.add_account(account).await.unwrap();
    }
}
