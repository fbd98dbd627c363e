//! What the server does when there is too much, or somebody who means no good.

use std::time::Duration;

use lianxin_server::app::App;
use lianxin_server::limits::{Bounds, Limits};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::{PASSWORD, Server};

/// Long enough for whatever a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Within these bounds; each request has a line of its own.
async fn bounded(bounds: Bounds) -> Server {
    let server = Server::demo_of(|app| App {
        limits: Limits::new(bounds),
        ..app
    });
    Server {
        http: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
        ..server.await
    }
}

impl Server {
    /// An exchange that cannot be read, which is as good as any here.
    async fn unreadable(&self, token: &str) -> Response {
        let request = self.http.post(format!("{}/api/sync", self.address));
        request.bearer_auth(token).body("").send().await.unwrap()
    }

    async fn health(&self) -> StatusCode {
        let request = self.http.get(format!("{}/health", self.address));
        request.send().await.unwrap().status()
    }

    /// A line on which so much was said and no more.
    async fn begin(&self, said: &str) -> TcpStream {
        let mut line = TcpStream::connect(self.address.trim_start_matches("http://"))
            .await
            .unwrap();
        line.write_all(said.as_bytes()).await.unwrap();
        line
    }

    /// Begins an exchange, and says nothing more.
    async fn begin_exchange(&self, token: &str) -> TcpStream {
        let head = format!(
            "POST /api/sync HTTP/1.1\r\nhost: lianxin\r\nauthorization: Bearer {token}\r\ncontent-length: 100\r\n\r\n"
        );
        self.begin(&head).await
    }

    async fn wait_until(&self, what: &str, is: impl Fn(&App) -> bool) {
        let waiting = async {
            while !is(&self.app) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect(what);
    }
}

/// All that the server still says on a line, until it closes it.
async fn heard(mut line: TcpStream) -> String {
    let mut said = Vec::new();
    // A reset closes it too.
    let reading = line.read_to_end(&mut said);
    let _ = tokio::time::timeout(PATIENCE, reading)
        .await
        .expect("the line stays open");
    String::from_utf8(said).unwrap()
}

async fn problem(answer: Response) -> (StatusCode, String, u64) {
    let status = answer.status();
    let seconds = answer.headers().get("retry-after");
    let seconds = seconds.map_or(0, |seconds| seconds.to_str().unwrap().parse().unwrap());
    let problem: Value = answer.json().await.unwrap();
    (status, problem["code"].as_str().unwrap().to_owned(), seconds)
}

#[tokio::test]
async fn a_full_server_turns_devices_away_and_answers_everybody_else() {
    let server = bounded(Bounds {
        exchanges: 2,
        ..Bounds::default()
    })
    .await;
    let (first, second) = (server.token("host1").await, server.token("host2").await);
    let held = [
        server.begin_exchange(&first).await,
        server.begin_exchange(&first).await,
    ];
    server
        .wait_until("the exchanges to begin", |app| app.limits.exchanges() == 2)
        .await;
    let full = (StatusCode::SERVICE_UNAVAILABLE, "overloaded".to_owned(), 5);
    assert_eq!(problem(server.unreadable(&second).await).await, full);
    assert_eq!(server.health().await, StatusCode::OK);
    assert_eq!(server.sign_in("clerk1", PASSWORD).await.status(), StatusCode::OK);
    drop(held);
    server
        .wait_until("the places to be free", |app| app.limits.exchanges() == 0)
        .await;
    assert_eq!(server.unreadable(&second).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_session_cannot_take_all_places() {
    let server = bounded(Bounds::default()).await;
    let (greedy, other) = (server.token("host1").await, server.token("host2").await);
    let mut held = Vec::new();
    for n in 1..=4 {
        held.push(server.begin_exchange(&greedy).await);
        server
            .wait_until("the exchange to begin", |app| app.limits.exchanges() == n)
            .await;
    }
    let refused = (StatusCode::TOO_MANY_REQUESTS, "too-fast".to_owned(), 5);
    assert_eq!(problem(server.unreadable(&greedy).await).await, refused);
    assert_eq!(server.unreadable(&other).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_device_that_asks_without_end_is_told_when_to_come_again() {
    let server = bounded(Bounds::default()).await;
    let (greedy, other) = (server.token("host1").await, server.token("host2").await);
    let mut last = None;
    for _ in 0..2_000 {
        let answer = server.unreadable(&greedy).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            last = Some(answer);
            break;
        }
    }
    let (status, code, seconds) = problem(last.unwrap()).await;
    assert_eq!(
        (status, code.as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too-fast")
    );
    assert_eq!(seconds, 1);
    assert_eq!(server.unreadable(&other).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_says_a_request_too_slowly_is_not_waited_for() {
    let server = bounded(Bounds {
        silence: Duration::from_millis(300),
        ..Bounds::default()
    })
    .await;
    let token = server.token("host1").await;
    assert_eq!(heard(server.begin("").await).await, "");
    let head = heard(server.begin("GET /health HTTP/1.1\r\nhost: lianxin\r\n").await).await;
    assert!(!head.contains("200"), "{head}");
    let again = server
        .begin("GET /health HTTP/1.1\r\nhost: lianxin\r\n\r\n")
        .await;
    assert!(
        heard(again).await.contains("200 OK"),
        "and then it says nothing more"
    );
    // What began and does not go on is answered, and its place is free.
    let body = heard(server.begin_exchange(&token).await).await;
    assert!(body.contains("400 Bad Request"), "{body}");
    let form = "POST /api/session HTTP/1.1\r\nhost: lianxin\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let form = heard(server.begin(form).await).await;
    assert!(form.contains("problem+json"), "{form}");
    server
        .wait_until("the place to be free", |app| app.limits.exchanges() == 0)
        .await;
    assert_eq!(server.health().await, StatusCode::OK);
}

#[tokio::test]
async fn lines_have_an_end_and_come_back() {
    let server = bounded(Bounds {
        connections: 6,
        ..Bounds::default()
    })
    .await;
    let mut held = Vec::new();
    for n in 1..=3 {
        held.push(server.begin("GET").await);
        server
            .wait_until("the line to be counted", |app| app.limits.connections() == n)
            .await;
    }
    assert_eq!(heard(server.begin("GET").await).await, "");
    drop(held);
    server
        .wait_until("the lines to end", |app| app.limits.connections() == 0)
        .await;
    assert_eq!(server.health().await, StatusCode::OK);
}

#[tokio::test]
async fn a_password_tried_by_many_at_once_is_as_many_tries() {
    let server = bounded(Bounds::default()).await;
    let wrong = json!({ "user": "host1", "password": "guessed" });
    let address = format!("{}/api/session", server.address);
    let tries = (0..30).map(|_| server.http.post(&address).json(&wrong).send());
    let answers = futures_util::future::join_all(tries).await;
    let judged = answers
        .into_iter()
        .filter(|answer| answer.as_ref().unwrap().status() == StatusCode::UNAUTHORIZED);
    assert!((1..=11).contains(&judged.count()));
    assert_eq!(server.sign_in("host2", PASSWORD).await.status(), StatusCode::OK);
}
