//! What it costs the server to give a new device its records: `POST /api/sync`, from the request to the last frame.

// What a bench's helpers unwrap stops it, as it should.
#![allow(clippy::unwrap_used)]

mod ground;
#[path = "../../shared/benches/made/mod.rs"]
mod made;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::Request;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lianxin_server::store::Account;
use lianxin_server::{auth, clock, routes};
use lianxin_shared::id::DeviceId;
use lianxin_shared::protocol::{Cursors, Down, FrameReader, Hello, PROTOCOL, Up, encode_frame};
use serde_json::json;
use tower::ServiceExt as _;

use ground::{Ground, host};

criterion_group!(benches, pull);
criterion_main!(benches);

const DOCS: u64 = 1_000;
const PASSWORD: &str = "bench-0-password";

fn pull(c: &mut Criterion) {
    let ground = Ground::lay(DOCS);
    let router = routes::router(ground.app.clone());
    let token = ground.runtime.block_on(sign_in(&ground, &router));
    let hello = Hello {
        protocol: PROTOCOL,
        device: DeviceId([2; 16]),
        epoch: None,
        cursors: Cursors::new(),
        budget: 64 * 1024 * 1024,
    };
    let body = encode_frame(&[Up::Hello(hello), Up::End]);
    let ask = || {
        let request = Request::post("/api/sync").header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::from(body.clone())).unwrap();
        ground.runtime.block_on(answer(&router, request))
    };
    assert_eq!(pulls(&ask()), DOCS, "not all was given");

    let mut group = c.benchmark_group("pull");
    group.throughput(Throughput::Elements(DOCS)).sample_size(20);
    group.bench_function("1,000 documents", |b| b.iter(ask));
    group.finish();
}

async fn sign_in(ground: &Ground, router: &Router) -> String {
    let account = Account {
        principal: host(),
        name: "主持人甲".to_owned(),
        password: auth::hash(PASSWORD.to_owned()).await.unwrap(),
        language: None,
        disabled: false,
        created_at: clock::now(),
    };
    ground.app.store.add_account(account).await.unwrap();
    let credentials = json!({ "user": host().user.as_str(), "password": PASSWORD });
    let request = Request::post("/api/session").header("content-type", "application/json");
    let request = request.body(Body::from(credentials.to_string())).unwrap();
    let opened: serde_json::Value = serde_json::from_slice(&answer(router, request).await).unwrap();
    opened["token"].as_str().unwrap().to_owned()
}

async fn answer(router: &Router, request: Request<Body>) -> Bytes {
    let response = router.clone().oneshot(request).await.unwrap();
    assert!(response.status().is_success(), "{}", response.status());
    to_bytes(response.into_body(), usize::MAX).await.unwrap()
}

fn pulls(answer: &[u8]) -> u64 {
    let mut reader = FrameReader::default();
    reader.push(answer);
    let mut pulls = 0;
    while let Some(messages) = reader.next_frame::<Down>().unwrap() {
        let is_pull = |message: &&Down| matches!(message, Down::Pull(_));
        pulls += messages.iter().filter(is_pull).count() as u64;
    }
    pulls
}
