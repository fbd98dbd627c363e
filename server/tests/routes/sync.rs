//! `POST /api/sync` with what makes no sense in it: each is told why, and the good beside it goes in.

use lianxin_shared::document::Document;
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::protocol::{
    Cursors, Down, FaultCode, FrameReader, Hello, Outcome, PROTOCOL, Push, Up, encode_frame,
};
use reqwest::Method;

use super::server::Server;

impl Server {
    async fn exchange(&self, user: &str, body: Vec<u8>) -> reqwest::Response {
        let request = self.ask(Method::POST, "/api/sync");
        let request = request.bearer_auth(self.token(user).await);
        request.body(body).send().await.unwrap()
    }

    /// What became of pushes in one frame, and whether the rest of the request made no sense.
    async fn push(&self, pushes: Vec<Push>, after: &[u8]) -> (Vec<String>, Option<FaultCode>) {
        let mut messages = vec![hello(PROTOCOL)];
        messages.extend(pushes.into_iter().map(Up::Push));
        let mut body = encode_frame(&messages);
        body.extend(after);
        let (mut outcomes, mut fault) = (Vec::new(), None);
        for message in said(self.exchange("host1", body).await).await {
            match message {
                Down::Result(Outcome::Accepted { .. }) => outcomes.push("accepted".to_owned()),
                Down::Result(Outcome::Refused(refusal)) => {
                    outcomes.push(refusal.code.as_str().to_owned());
                }
                Down::Fault(code) => fault = Some(code),
                _ => {}
            }
        }
        (outcomes, fault)
    }
}

/// What an answer says, in order.
async fn said(answer: reqwest::Response) -> Vec<Down> {
    let mut reader = FrameReader::default();
    reader.push(&answer.bytes().await.unwrap());
    let mut said = Vec::new();
    while let Some(messages) = reader.next_frame().unwrap() {
        said.extend(messages);
    }
    said
}

fn hello(protocol: u32) -> Up {
    Up::Hello(Hello {
        protocol,
        device: DeviceId([1; 16]),
        epoch: None,
        cursors: Cursors::new(),
        budget: 0,
    })
}

#[tokio::test]
async fn the_good_beside_the_bad_goes_in() {
    let server = Server::with_hosts().await;
    let mut cut = server.suggestion(3, "半句", "host1", 3).await;
    let whole = cut.snapshot.take().unwrap();
    cut.snapshot = Some(whole[..whole.len() / 2].to_vec().into());
    let mut unknown = server.suggestion(4, "不在", "host1", 4).await;
    unknown.snapshot = None;
    unknown.changes = vec![3, 1, 0, 9].into();
    let mut elsewhere = server.suggestion(5, "别处", "host1", 5).await;
    elsewhere.doc = DocId([99; 16]);
    let pushes = vec![
        server.suggestion(1, "好话", "host1", 1).await,
        server.suggestion(2, &"长".repeat(20_001), "host1", 2).await,
        cut,
        unknown,
        elsewhere,
        server.suggestion(6, "替别人写的", "host2", 6).await,
        server.suggestion(7, &"长".repeat(7_000), "host1", 7).await,
        server.suggestion(8, "路灯坏了😀👨‍👩‍👧\u{200d}", "host1", 8).await,
        server.suggestion(9, "有\u{0}控制\u{1b}字符", "host1", 9).await,
    ];
    let (outcomes, fault) = server.push(pushes, &encode_frame(&[Up::End])).await;
    let expected = [
        "accepted",
        "field-invalid",
        "corrupt",
        "corrupt",
        "envelope-wrong",
        "actor-foreign",
        "accepted",
        "accepted",
        "field-invalid",
    ];
    assert_eq!((outcomes, fault), (expected.map(str::to_owned).to_vec(), None));
    let content = server.app.store.content(DocId([8; 16])).await.unwrap().unwrap();
    let kept = Document::load(&content.snapshot.unwrap())
        .unwrap()
        .record()
        .unwrap();
    assert_eq!(kept.text("body"), "路灯坏了😀👨‍👩‍👧\u{200d}");
}

#[tokio::test]
async fn what_others_sent_comes_once_beside_ones_own_which_does_not_come_back() {
    const HAS: u8 = 5;
    let server = Server::with_hosts().await;
    for n in 1..=40 {
        let push = server.suggestion(n, "一条意见", "host1", n).await;
        assert_eq!(
            server.push(vec![push], &encode_frame(&[Up::End])).await.0,
            ["accepted"]
        );
    }
    let (mut epoch, mut cursors) = (None, Cursors::new());
    let mut pulled = Vec::new();
    // One of the others' the device has too, and sends; nothing of it is told before what became of that.
    let first = (101..=140).chain([HAS]).collect::<Vec<_>>();
    for (own, lacks) in [(first, true), (vec![141], false)] {
        let mut messages = vec![Up::Hello(Hello {
            protocol: PROTOCOL,
            device: DeviceId([2; 16]),
            epoch,
            cursors: cursors.clone(),
            budget: 1024 * 1024,
        })];
        let count = own.len();
        for n in own {
            messages.push(Up::Push(server.suggestion(n, "一条意见", "host1", n).await));
        }
        messages.push(Up::End);
        let (mut results, before) = (0, pulled.len());
        for message in said(server.exchange("host1", encode_frame(&messages)).await).await {
            match message {
                Down::Welcome(welcome) => epoch = Some(welcome.epoch),
                Down::Result(Outcome::Accepted { .. }) => results += 1,
                Down::Pull(pull) => pulled.push(pull.doc),
                Down::Cursors(moved) => cursors.extend(moved),
                Down::End { more, fingerprint } => assert!(!more && fingerprint.is_some()),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(results, count);
        assert_eq!(pulled.len() > before, lacks);
    }
    let times = |n: u8| pulled.iter().filter(|doc| **doc == DocId([n; 16])).count();
    assert!((1..=40).all(|n| times(n) == usize::from(n != HAS)));
    assert!((101..=141).all(|n| times(n) == 0));
}

#[tokio::test]
async fn what_follows_cut_or_endlessly_nested_is_told_and_what_came_before_is_in() {
    let server = Server::with_hosts().await;
    let nested = [0x81; 50_000];
    let mut frame = (nested.len() as u32).to_be_bytes().to_vec();
    frame.extend(crc(&nested).to_be_bytes());
    frame.push(0);
    frame.extend(nested);
    let cut = encode_frame(&[Up::End])[..5].to_vec();
    for (doc, after) in [(1, frame), (2, cut), (3, Vec::new())] {
        let good = server.suggestion(doc, "好话", "host1", doc).await;
        let told = server.push(vec![good], &after).await;
        assert_eq!(told, (vec!["accepted".to_owned()], Some(FaultCode::FrameInvalid)));
    }
}

#[tokio::test]
async fn what_came_before_a_message_out_of_place_is_in() {
    let server = Server::with_hosts().await;
    let (first, second) = (
        server.suggestion(1, "好话", "host1", 1).await,
        server.suggestion(2, "好话", "host1", 2).await,
    );
    let out_of_place = encode_frame(&[Up::Push(second), hello(PROTOCOL), Up::End]);
    let told = server.push(vec![first], &out_of_place).await;
    let accepted = vec!["accepted".to_owned(); 2];
    assert_eq!(told, (accepted, Some(FaultCode::MessageUnexpected)));
}

#[tokio::test]
async fn another_version_of_the_protocol_is_told_so() {
    let server = Server::with_hosts().await;
    let answer = server
        .exchange("host1", encode_frame(&[hello(PROTOCOL + 1), Up::End]))
        .await;
    assert_eq!(answer.status(), 426);
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(problem["code"], "protocol-unsupported");
}

/// CRC-32 (IEEE 802.3).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(!0, step)
}
