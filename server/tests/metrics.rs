//! How the server is, in numbers, as Prometheus reads it.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use lianxin_server::app::App;
use lianxin_server::sync::Submission;
use lianxin_server::{demo, metrics, run};
use lianxin_shared::id::{DeviceId, DocId, Moment};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

const DASHBOARD: &str = include_str!("../../deploy/grafana.json");

struct Server {
    address: String,
    numbers: String,
    app: App,
    http: Client,
    _data: TempDir,
}

impl Server {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let app = App::open(data.path()).await.unwrap();
        demo::lay_ground(&app).await.unwrap();
        demo::fill(&app).await.unwrap();
        let [listener, numbers] = [
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        ];
        let address = format!("http://{}", listener.local_addr().unwrap());
        let numbers_at = format!("http://{}/metrics", numbers.local_addr().unwrap());
        tokio::spawn(run(app.clone(), listener, std::future::pending()));
        tokio::spawn(metrics::serve(&app.clone().into(), numbers));
        Self {
            address,
            numbers: numbers_at,
            app,
            http: Client::new(),
            _data: data,
        }
    }

    async fn token(&self, user: &str) -> String {
        let body = json!({ "user": user, "password": demo::PASSWORD });
        let request = self
            .http
            .post(format!("{}/api/session", self.address))
            .json(&body);
        let opened: Value = request.send().await.unwrap().json().await.unwrap();
        opened["token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str, token: &str) -> StatusCode {
        let request = self
            .http
            .get(format!("{}{path}", self.address))
            .bearer_auth(token);
        request.send().await.unwrap().status()
    }

    async fn numbers(&self) -> String {
        let answer = self.http.get(&self.numbers).send().await.unwrap();
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("application/openmetrics-text")
        );
        answer.text().await.unwrap()
    }
}

/// The names that queries or numbers hold.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c| !is_part(c));
    words
        .filter(|word| word.starts_with("lianxin_"))
        .map(ToOwned::to_owned)
        .collect()
}

fn queries(dashboard: &Value) -> String {
    match dashboard {
        Value::Object(object) => {
            let own = object.get("expr").and_then(Value::as_str).unwrap_or_default();
            let inner = object.values().map(queries).collect::<Vec<_>>();
            format!("{own} {}", inner.join(" "))
        }
        Value::Array(array) => array.iter().map(queries).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    }
}

#[tokio::test]
async fn what_happens_is_counted_and_the_dashboard_asks_for_nothing_else() {
    let server = Server::start().await;
    let token = server.token("host1").await;
    let code = DocId([7; 16]);
    server.get("/api/session", &token).await;
    assert_eq!(
        server.get(&format!("/api/documents/{code}"), &token).await,
        StatusCode::NOT_FOUND
    );
    server.get("/api/nothing-like-it?token=secret", &token).await;
    server.get("/follow/ABCD-1234", &token).await;
    let host = server
        .app
        .store
        .account("host1".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let refused = Submission::of_chunks(code, vec![vec![1, 2, 3]]);
    let door = &server.app.door;
    door.accept(&host.principal, DeviceId([1; 16]), vec![refused])
        .await
        .unwrap();

    let last = Moment(1_790_000_000_000);
    server.app.store.note_backup(last).await.unwrap();

    let numbers = server.numbers().await;
    for expected in [
        "lianxin_last_backup_timestamp_seconds 1790000000",
        "lianxin_requests_total{method=\"GET\",route=\"/api/session\",status=\"200\"} 1",
        "lianxin_requests_total{method=\"GET\",route=\"/api/documents/{id}\",status=\"404\"} 1",
        "lianxin_requests_total{method=\"POST\",route=\"/api/session\",status=\"200\"} 1",
        "lianxin_request_seconds_count{route=\"/api/session\"} 2",
        "lianxin_pushes_total{outcome=\"corrupt\"} 1",
        "lianxin_door_pending 0",
        "lianxin_sessions{last_contact=\"day\"} 1",
        "lianxin_sessions{last_contact=\"week\"} 0",
        "lianxin_exchanges 0",
    ] {
        assert!(
            numbers.lines().any(|line| line == expected),
            "{expected}\n{numbers}"
        );
    }
    let number = |name: &str| -> u64 {
        let line = numbers.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse().unwrap()
    };
    assert!(number("lianxin_database_bytes ") > 100_000);
    assert!(number("lianxin_disk_free_bytes ") > 0);
    assert!(number("lianxin_connections ") >= 1);
    for private in [
        "host1",
        "127.0",
        "secret",
        "nothing-like-it",
        "ABCD",
        &code.to_string(),
    ] {
        assert!(!numbers.contains(private), "{private}");
    }

    let (given, asked) = (
        names(&numbers),
        names(&queries(&serde_json::from_str(DASHBOARD).unwrap())),
    );
    assert!(asked.len() > 8, "{asked:?}");
    let missing: Vec<_> = asked.difference(&given).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn the_numbers_are_not_given_where_everybody_asks() {
    let server = Server::start().await;
    let token = server.token("admin").await;
    let asked = server.http.get(format!("{}/metrics", server.address));
    let answered = asked.bearer_auth(&token).send().await.unwrap();
    // The app's page, where the binary carries the app.
    assert!(!answered.text().await.unwrap().contains("# TYPE"));
    let strangers = server.numbers.replace("/metrics", "/api/session");
    assert_eq!(
        server.http.get(strangers).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}
