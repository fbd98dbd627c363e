//! How the server is, in numbers, as Prometheus reads it.

use std::collections::BTreeSet;

use lianxin_server::metrics;
use lianxin_server::sync::Submission;
use lianxin_shared::id::{DeviceId, DocId, Moment};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;

use super::server::Server;

const DASHBOARD: &str = include_str!("../../../deploy/grafana.json");

/// Has a server give its numbers; answers where.
async fn numbers_of(server: &Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/metrics", listener.local_addr().unwrap());
    tokio::spawn(metrics::serve(&server.app.clone().into(), listener));
    address
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
    let server = Server::demo().await;
    let address = numbers_of(&server).await;
    let token = server.token("host1").await;
    let get = async |path: &str| {
        let asked = server.ask(Method::GET, path).bearer_auth(&token);
        asked.send().await.unwrap().status()
    };
    let code = DocId([7; 16]);
    get("/api/session").await;
    assert_eq!(
        get(&format!("/api/documents/{code}")).await,
        StatusCode::NOT_FOUND
    );
    get("/api/nothing-like-it?token=secret").await;
    get("/follow/ABCD-1234").await;
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

    let answer = server.http.get(address).send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let numbers = answer.text().await.unwrap();
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
    let server = Server::demo().await;
    let token = server.token("admin").await;
    let asked = server.ask(Method::GET, "/metrics");
    let answered = asked.bearer_auth(&token).send().await.unwrap();
    // The app's page, where the binary carries the app.
    assert!(!answered.text().await.unwrap().contains("# TYPE"));
    let strangers = numbers_of(&server).await.replace("/metrics", "/api/session");
    assert_eq!(
        server.http.get(strangers).send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}
