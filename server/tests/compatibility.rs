//! A device of version 1 against the server of today: `shared/tests/compatibility.rs` has the other side.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

use lianxin_server::app::App;
use lianxin_server::store::Account;
use lianxin_server::{auth, clock, demo, run};
use lianxin_shared::document::Document;
use lianxin_shared::id::DocId;
use lianxin_shared::protocol::{Down, FrameReader, Outcome};
use lianxin_shared::rules::{Principal, Role};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

const PASSWORD: &str = "compatibility-0";
const UP: &[u8] = include_bytes!("../../shared/tests/fixtures/v1/exchange-up.frames");

/// The answer to the recorded request, from a server that knows the host who speaks.
async fn play() -> (TempDir, App, Vec<u8>) {
    let data = tempfile::tempdir().unwrap();
    let app = App::open(data.path()).await.unwrap();
    demo::lay_ground(&app).await.unwrap();
    let principal = Principal {
        hosts: [DocId([7; 16])].into(),
        ..Principal::new("host1".parse().unwrap(), [Role::Host])
    };
    let account = Account {
        principal,
        name: "主持人甲".to_owned(),
        password: auth::hash(PASSWORD.to_owned()).await.unwrap(),
        language: None,
        disabled: false,
        created_at: clock::now(),
    };
    app.store.add_account(account).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(run(app.clone(), listener, std::future::pending()));
    let client = reqwest::Client::new();
    let credentials = json!({ "user": "host1", "password": PASSWORD });
    let session = client.post(format!("{url}/api/session")).json(&credentials);
    let session: serde_json::Value = session.send().await.unwrap().json().await.unwrap();
    let request = client
        .post(format!("{url}/api/sync"))
        .header("content-type", "application/cbor");
    let request = request.bearer_auth(session["token"].as_str().unwrap()).body(UP);
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    (data, app, answer.bytes().await.unwrap().into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_version_1_is_served() {
    let (_data, app, answer) = play().await;
    let mut reader = FrameReader::default();
    reader.push(&answer);
    let mut messages = Vec::new();
    while let Some(frame) = reader.next_frame::<Down>().unwrap() {
        messages.extend(frame);
    }
    assert!(matches!(messages.first(), Some(Down::Welcome(_))), "{messages:?}");
    assert!(
        matches!(messages.last(), Some(Down::End { more: false, .. })),
        "{messages:?}"
    );
    let of = |fits: fn(&Down) -> bool| messages.iter().filter(|message| fits(message)).count();
    assert_eq!(
        of(|message| matches!(message, Down::Result(Outcome::Accepted { .. }))),
        2
    );
    assert!(of(|message| matches!(message, Down::Pull(_))) > 5);
    let content = app.store.content(DocId([0xd0; 16])).await.unwrap().unwrap();
    let mut document = Document::receive(&content.snapshot.unwrap()).unwrap();
    let edit: Vec<_> = content.changes.into_iter().map(|change| change.bytes).collect();
    document.apply(&edit).unwrap();
    assert_eq!(document.record().unwrap().text("body"), "路灯坏了");
}

/// Recorded the answer, once.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes what version 1 is held to"]
async fn record() {
    let (_data, _app, answer) = play().await;
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/tests/fixtures/v1/exchange-down.frames"
    );
    std::fs::write(path, answer).unwrap();
}
