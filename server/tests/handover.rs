//! Work that others carry: `POST /api/handover`.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used)]

use lianxin_server::app::App;
use lianxin_server::store::{Account, Act, Deed};
use lianxin_server::{auth, clock, demo, run};
use lianxin_shared::document::{Actor, Author, Document};
use lianxin_shared::handover::parcel::{self, MAX_ENVELOPES, MAX_PARCEL};
use lianxin_shared::handover::{Envelope, Introduced, Introduction, Opener, ServerKey, Signer};
use lianxin_shared::id::{DeviceId, DocId, Moment};
use lianxin_shared::protocol::Push;
use lianxin_shared::records::{Envelope as RecordEnvelope, Event, Value, Values};
use lianxin_shared::rules::{Principal, RefusalCode, Role};
use reqwest::StatusCode;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

const PASSWORD: &str = "carry-0-password";
const STATION: DocId = DocId([7; 16]);

struct Server {
    app: App,
    url: String,
    theme: DocId,
    http: reqwest::Client,
    _data: TempDir,
}

/// A device that is signed in and has no line of its own any more.
struct Device {
    token: String,
    user: &'static str,
    signer: Signer,
    server: ServerKey,
}

impl Server {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let app = App::open(data.path()).await.unwrap();
        demo::lay_ground(&app).await.unwrap();
        let password = auth::hash(PASSWORD.to_owned()).await.unwrap();
        for user in ["host1", "host2"] {
            let principal = Principal {
                hosts: [STATION].into(),
                ..Principal::new(user.parse().unwrap(), [Role::Host])
            };
            let account = Account {
                principal,
                name: "主持人甲".to_owned(),
                password: password.clone(),
                language: None,
                disabled: false,
                created_at: clock::now(),
            };
            app.store.add_account(account).await.unwrap();
        }
        let states = app.store.states(vec!["district".to_owned()]).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(run(app.clone(), listener, std::future::pending()));
        Self {
            app,
            url,
            theme: states[0].0,
            http: reqwest::Client::new(),
            _data: data,
        }
    }

    /// Signs in and registers a key.
    async fn device(&self, user: &'static str, seed: u8) -> Device {
        let credentials = json!({ "user": user, "password": PASSWORD });
        let asked = self.http.post(format!("{}/api/session", self.url));
        let opened: Json = asked
            .json(&credentials)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let token = opened["token"].as_str().unwrap().to_owned();
        let signer = Signer::of(&[seed; 32]);
        let told = self.register(&token, seed, &signer).await;
        let known: Introduced = told.json().await.unwrap();
        Device {
            token,
            user,
            signer,
            server: known.server(),
        }
    }

    async fn register(&self, token: &str, device: u8, signer: &Signer) -> reqwest::Response {
        let keys = Introduction::of(DeviceId([device; 16]), signer.key());
        let asked = self.http.put(format!("{}/api/handover/key", self.url));
        asked.bearer_auth(token).json(&keys).send().await.unwrap()
    }

    /// A new suggestion by a device.
    fn suggestion(&self, doc: u8, device: &Device) -> Push {
        let who = Author {
            user: device.user.parse().unwrap(),
            actor: Actor([doc; 16]),
            at: Moment(1_790_000_000_000),
        };
        let envelope = RecordEnvelope {
            schema: 1,
            kind: "suggestion".to_owned(),
            id: DocId([doc; 16]),
            station: Some(STATION),
            owner: who.user.clone(),
            created_at: who.at,
            attachments: Vec::new(),
        };
        let values: Values = [
            ("body".to_owned(), Value::from("路灯坏了")),
            ("theme".to_owned(), Value::Text(self.theme.to_string())),
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

    async fn deliver(&self, body: Vec<u8>) -> (StatusCode, Json) {
        let asked = self.http.post(format!("{}/api/handover", self.url));
        let answer = asked.body(body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// What became of one envelope.
    async fn one(&self, envelope: &Envelope) -> Json {
        let (status, mut told) = self.deliver(parcel::write(std::slice::from_ref(envelope))).await;
        assert_eq!(status, StatusCode::OK);
        told[0].take()
    }

    async fn has(&self, doc: u8) -> bool {
        self.app.store.content(DocId([doc; 16])).await.unwrap().is_some()
    }

    async fn quarantined(&self) -> Vec<(DocId, RefusalCode)> {
        let kept = self.app.store.refused(9).await.unwrap();
        kept.into_iter().map(|kept| (kept.which.doc, kept.code)).collect()
    }
}

impl Device {
    fn seal(&self, pushes: Vec<Push>) -> Envelope {
        let mut drawn = [0; 32];
        getrandom::fill(&mut drawn).unwrap();
        Envelope::seal(pushes, 1, &self.signer, &self.server, drawn).unwrap()
    }
}

fn counts(accepted: u32, refused: u32) -> Json {
    json!({ "accepted": accepted, "refused": refused, "busy": 0, "fault": null })
}

fn fault(fault: &str) -> Json {
    json!({ "accepted": 0, "refused": 0, "busy": 0, "fault": fault })
}

#[tokio::test]
async fn what_anybody_delivers_is_the_work_of_who_sealed_it_and_as_often_as_they_like() {
    let server = Server::start().await;
    let device = server.device("host1", 1).await;
    let other = server.device("host2", 2).await;
    let good = device.seal(vec![server.suggestion(1, &device), server.suggestion(2, &device)]);
    // Somebody else's suggestion, sealed as one's own.
    let forged = other.seal(vec![server.suggestion(3, &device)]);
    let (status, told) = server.deliver(parcel::write(&[good.clone(), forged])).await;
    assert_eq!(
        (status, told),
        (StatusCode::OK, json!([counts(2, 0), counts(0, 1)]))
    );
    assert!(server.has(1).await && server.has(2).await && !server.has(3).await);
    let moved = server.app.store.moves().await.unwrap();
    assert_eq!(server.one(&good).await, counts(2, 0));
    assert_eq!(
        server.app.store.moves().await.unwrap(),
        moved,
        "a repeat changes nothing"
    );
}

#[tokio::test]
async fn what_is_not_ours_or_was_altered_is_told_and_hurts_nothing() {
    let server = Server::start().await;
    let device = server.device("host1", 1).await;
    let good = device.seal(vec![server.suggestion(1, &device)]);
    let mut altered = parcel::write(std::slice::from_ref(&good));
    let last = altered.len() - 1;
    altered[last] ^= 1;
    let altered = parcel::read(&altered).unwrap().remove(0);
    let foreign = Device {
        server: Opener::of(&[9; 32]).key(),
        ..server.device("host1", 1).await
    };
    let foreign = foreign.seal(vec![server.suggestion(2, &device)]);
    let stranger = Device {
        signer: Signer::of(&[8; 32]),
        ..server.device("host1", 1).await
    };
    let stranger = stranger.seal(vec![server.suggestion(3, &device)]);
    let (_, told) = server
        .deliver(parcel::write(&[altered, foreign, stranger, good]))
        .await;
    let expected = json!([
        fault("unreadable"),
        fault("unreadable"),
        fault("unknown"),
        counts(1, 0)
    ]);
    assert_eq!(told, expected);
    assert!(server.has(1).await && !server.has(2).await && !server.has(3).await);
    assert_eq!(server.quarantined().await, []);
}

#[tokio::test]
async fn more_than_a_request_may_hold_or_nothing_at_all_is_a_problem() {
    let server = Server::start().await;
    let device = server.device("host1", 1).await;
    let small = device.seal(Vec::new());
    for (body, status, code) in [
        (Vec::new(), StatusCode::BAD_REQUEST, "parcel-invalid"),
        (b"no envelope".to_vec(), StatusCode::BAD_REQUEST, "parcel-invalid"),
        (
            parcel::write(&vec![small; MAX_ENVELOPES + 1]),
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
        ),
        (
            vec![0; MAX_PARCEL + 1],
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
        ),
    ] {
        let (told, problem) = server.deliver(body).await;
        assert_eq!((told, problem["code"].as_str()), (status, Some(code)));
    }
}

#[tokio::test]
async fn what_a_withdrawn_device_still_had_to_say_is_kept_apart() {
    let server = Server::start().await;
    let device = server.device("host1", 1).await;
    let sealed = device.seal(vec![server.suggestion(1, &device)]);
    let account = server
        .app
        .store
        .account("host1".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let act = Act {
        at: clock::now(),
        by: "host2".parse().unwrap(),
        deed: Deed::DevicesWithdrawn,
        about: "host1".to_owned(),
        kind: None,
        words: String::new(),
    };
    server.app.store.note_account(account, act).await.unwrap();
    assert_eq!(server.one(&sealed).await, counts(0, 1));
    assert_eq!(server.one(&sealed).await, counts(0, 1));
    assert!(!server.has(1).await);
    assert_eq!(
        server.quarantined().await,
        [(DocId([1; 16]), RefusalCode::Withdrawn)]
    );

    // The token that was withdrawn brings nothing back; who signs in again does, and the work goes in.
    let told = server.register(&device.token, 1, &device.signer).await;
    assert_eq!(told.status(), StatusCode::UNAUTHORIZED);
    server.device("host1", 1).await;
    assert_eq!(server.one(&sealed).await, counts(1, 0));
    assert!(server.has(1).await);
}

#[tokio::test]
async fn nobody_registers_the_key_of_another_and_no_nonsense() {
    let server = Server::start().await;
    let device = server.device("host1", 1).await;
    let other = server.device("host2", 2).await;
    let told = server.register(&other.token, 2, &device.signer).await;
    assert_eq!(told.status(), StatusCode::FORBIDDEN);
    for keys in [
        json!({ "device": "", "key": "" }),
        json!({ "device": "00", "key": "不不" }),
        json!({}),
    ] {
        let asked = server.http.put(format!("{}/api/handover/key", server.url));
        let told = asked.bearer_auth(&device.token).json(&keys).send().await.unwrap();
        assert_eq!(told.status(), StatusCode::BAD_REQUEST, "{keys}");
    }
}
