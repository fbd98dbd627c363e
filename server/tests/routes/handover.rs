//! Work that others carry: `POST /api/handover`.

use lianxin_server::clock;
use lianxin_server::store::{Act, Deed};
use lianxin_shared::handover::parcel::{self, MAX_ENVELOPES, MAX_PARCEL};
use lianxin_shared::handover::{Envelope, Introduced, Introduction, Opener, ServerKey, Signer};
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::protocol::Push;
use lianxin_shared::rules::RefusalCode;
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::server::Server;

/// A device that is signed in and has no line of its own any more.
struct Device {
    token: String,
    user: &'static str,
    signer: Signer,
    server: ServerKey,
}

impl Server {
    /// Signs in and registers a key.
    async fn device(&self, user: &'static str, seed: u8) -> Device {
        let token = self.token(user).await;
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
        let asked = self.ask(Method::PUT, "/api/handover/key");
        asked.bearer_auth(token).json(&keys).send().await.unwrap()
    }

    /// A new suggestion by a device.
    async fn written(&self, doc: u8, device: &Device) -> Push {
        self.suggestion(doc, "路灯坏了", device.user, doc).await
    }

    async fn deliver(&self, body: Vec<u8>) -> (StatusCode, Json) {
        let asked = self.ask(Method::POST, "/api/handover");
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
    let server = Server::with_hosts().await;
    let device = server.device("host1", 1).await;
    let other = server.device("host2", 2).await;
    let good = device.seal(vec![
        server.written(1, &device).await,
        server.written(2, &device).await,
    ]);
    // Somebody else's suggestion, sealed as one's own.
    let forged = other.seal(vec![server.written(3, &device).await]);
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
    let server = Server::with_hosts().await;
    let device = server.device("host1", 1).await;
    let good = device.seal(vec![server.written(1, &device).await]);
    let mut altered = parcel::write(std::slice::from_ref(&good));
    let last = altered.len() - 1;
    altered[last] ^= 1;
    let altered = parcel::read(&altered).unwrap().remove(0);
    let foreign = Device {
        server: Opener::of(&[9; 32]).key(),
        ..server.device("host1", 1).await
    };
    let foreign = foreign.seal(vec![server.written(2, &device).await]);
    let stranger = Device {
        signer: Signer::of(&[8; 32]),
        ..server.device("host1", 1).await
    };
    let stranger = stranger.seal(vec![server.written(3, &device).await]);
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
    let server = Server::with_hosts().await;
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
    let server = Server::with_hosts().await;
    let device = server.device("host1", 1).await;
    let sealed = device.seal(vec![server.written(1, &device).await]);
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
async fn a_device_that_its_owner_signs_out_from_elsewhere_says_nothing_more() {
    let server = Server::with_hosts().await;
    let lost = server.device("host1", 1).await;
    let at_hand = server.device("host1", 2).await;
    let nothing = json!({});
    let sessions = async |token: &str| {
        let (_, list) = server.send(Method::GET, "/api/sessions", token, &nothing).await;
        list.as_array().unwrap().clone()
    };
    let end = async |is_own: bool| {
        let list = sessions(&at_hand.token).await;
        let one = list.iter().find(|one| one["own"] == is_own).unwrap();
        let path = format!("/api/sessions/{}", one["id"].as_str().unwrap());
        let (status, _) = server.send(Method::DELETE, &path, &at_hand.token, &nothing).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
    };
    end(false).await;
    let from_lost = lost.seal(vec![server.written(1, &lost).await]);
    assert_eq!(server.one(&from_lost).await, counts(0, 1));
    // Whoever signs out where they are leaves work that is still to be sent.
    end(true).await;
    let from_here = at_hand.seal(vec![server.written(2, &at_hand).await]);
    assert_eq!(server.one(&from_here).await, counts(1, 0));
    assert!(!server.has(1).await && server.has(2).await);
}

#[tokio::test]
async fn nobody_registers_the_key_of_another_and_no_nonsense() {
    let server = Server::with_hosts().await;
    let device = server.device("host1", 1).await;
    let other = server.device("host2", 2).await;
    let told = server.register(&other.token, 2, &device.signer).await;
    assert_eq!(told.status(), StatusCode::FORBIDDEN);
    for keys in [
        json!({ "device": "", "key": "" }),
        json!({ "device": "00", "key": "不不" }),
        json!({}),
    ] {
        let asked = server.ask(Method::PUT, "/api/handover/key");
        let told = asked.bearer_auth(&device.token).json(&keys).send().await.unwrap();
        assert_eq!(told.status(), StatusCode::BAD_REQUEST, "{keys}");
    }
}
