//! Files that hang on records: how they come, who gets them, and how they go.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use lianxin_server::backup::{Identities, Keep, Recipients, Restoring, Target, make, new_key};
use lianxin_server::files::{Files, sweep};
use lianxin_server::routes::{Access, table};
use lianxin_server::store::SqliteStore;
use lianxin_server::sync::Answer;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Attachment, Event, File, JPEG, PDF};
use lianxin_shared::rules::{MAX_FILE, RefusalCode};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::bucket::Buckets;
use crate::server::{AT, Server, principal, problem, words};

const TUS: &str = "tus-resumable";
const PIECE: &str = "application/offset+octet-stream";

/// Bytes that begin like a picture, of which no two are alike.
fn jpeg(seed: u8, size: usize) -> Vec<u8> {
    let noise = (0..size).map(|n| (n / 251) as u8 ^ (n % 253) as u8 ^ seed);
    [0xff, 0xd8, 0xff, 0xe0, seed]
        .into_iter()
        .chain(noise)
        .take(size)
        .collect()
}

fn picture(bytes: &[u8]) -> Attachment {
    Attachment {
        file: File::of(bytes),
        kind: JPEG.to_owned(),
        extent: Some((1600, 1200)),
        thumb: None,
        caption: None,
        place: None,
    }
}

/// A suggestion of the host's on which these hang.
async fn suggestion(server: &Server, n: u8, attachments: &[Attachment]) -> DocId {
    let answer = try_suggestion(server, n, attachments).await;
    assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
    DocId([n; 16])
}

async fn try_suggestion(server: &Server, n: u8, attachments: &[Attachment]) -> Answer {
    let mut values = words(&[("body", "楼道的灯坏了。")]);
    values.insert(
        "theme".to_owned(),
        lianxin_shared::records::Value::Text(crate::server::THEME.to_string()),
    );
    let submit = Event::new("submit", &principal("host1").user, AT);
    let id = DocId([n; 16]);
    server
        .try_create("host1", id, "suggestion", values, &[submit], attachments)
        .await
}

fn address(doc: DocId, file: &File) -> String {
    format!("/api/documents/{doc}/files/{}", file.hash)
}

fn asking(server: &Server, method: Method, path: &str, token: &str) -> RequestBuilder {
    server.ask(method, path).bearer_auth(token).header(TUS, "1.0.0")
}

/// Up to where a file is here.
async fn standing(server: &Server, path: &str, token: &str) -> u64 {
    let answer = asking(server, Method::HEAD, path, token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.headers()["upload-offset"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

async fn send(server: &Server, path: &str, token: &str, offset: u64, piece: &[u8]) -> Response {
    asking(server, Method::PATCH, path, token)
        .header("upload-offset", offset)
        .header("content-type", PIECE)
        .body(piece.to_vec())
        .send()
        .await
        .unwrap()
}

async fn send_whole(server: &Server, doc: DocId, bytes: &[u8], token: &str) {
    let path = address(doc, &File::of(bytes));
    let answer = send(server, &path, token, 0, bytes).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
}

async fn is_here(server: &Server, bytes: &[u8]) -> bool {
    let found = server.app.files.read(File::of(bytes).hash).await.unwrap();
    found.is_some_and(|found| found == bytes)
}

/// What happens to a file from the first piece to its end, wherever it is kept.
async fn story(server: &Server) {
    let (host, clerk) = (server.token("host1").await, server.token("clerk1").await);
    let bytes = jpeg(1, 300_000);
    let doc = suggestion(server, 1, &[picture(&bytes)]).await;
    let path = address(doc, &File::of(&bytes));
    assert_eq!(standing(server, &path, &host).await, 0);
    let early = server.get(&path, &clerk).await;
    assert_eq!(
        problem(early).await,
        (StatusCode::NOT_FOUND, "file-not-here".to_owned())
    );

    let (first, rest) = bytes.split_at(70_001);
    let answer = send(server, &path, &host, 0, first).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.headers()["upload-offset"], "70001");
    assert_eq!(standing(server, &path, &host).await, 70_001);
    let again = send(server, &path, &host, 0, first).await;
    assert_eq!(
        problem(again).await,
        (StatusCode::CONFLICT, "offset-wrong".to_owned())
    );
    let answer = send(server, &path, &host, 70_001, rest).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(standing(server, &path, &host).await, 300_000);

    let answer = server.get(&path, &clerk).await;
    assert_eq!(answer.headers()["content-type"], JPEG);
    let mut policies = answer.headers().get_all("content-security-policy").iter();
    assert!(policies.any(|policy| policy == "default-src 'none'; sandbox"));
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.bytes().await.unwrap(), bytes);

    // Taken off the record it is laid aside, put back when it is named again, and gone in the end.
    assert!(matches!(
        server.attach("clerk1", doc, &[]).await,
        Answer::Accepted { .. }
    ));
    let sweeping = async |later| {
        let now = SystemTime::now() + later;
        sweep::sweep(&server.app.files, &*server.app.store, now)
            .await
            .unwrap();
    };
    sweeping(Duration::ZERO).await;
    assert_eq!(server.get(&path, &clerk).await.status(), StatusCode::NOT_FOUND);
    server.attach("clerk1", doc, &[picture(&bytes)]).await;
    assert_eq!(standing(server, &path, &host).await, 300_000);
    server.attach("clerk1", doc, &[]).await;
    sweeping(sweep::ASIDE + Duration::from_secs(60)).await;
    assert!(!is_here(server, &bytes).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_in_pieces_is_given_and_goes() {
    story(&Server::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_a_bucket() {
    let buckets = Buckets::open(&["photos"]).await;
    let files = Files::over_bucket(buckets.reach(), "s3://photos/district").unwrap();
    story(&Server::start_with(Some(files)).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_the_record_says_is_not_kept() {
    let server = Server::start().await;
    let token = server.token("host1").await;
    let page = b"<html><script>alert(1)</script></html>".repeat(200);
    let right = jpeg(2, 9_000);
    let spoof = picture(&page);
    let doc = suggestion(&server, 1, &[spoof.clone(), picture(&right)]).await;
    let path = address(doc, &spoof.file);
    let answer = send(&server, &path, &token, 0, &page).await;
    let wrong = (StatusCode::UNPROCESSABLE_ENTITY, "file-wrong".to_owned());
    assert_eq!(problem(answer).await, wrong);
    assert_eq!(standing(&server, &path, &token).await, 0);

    let path = address(doc, &File::of(&right));
    let mut other = right.clone();
    other[8_999] ^= 1;
    assert_eq!(
        problem(send(&server, &path, &token, 0, &other).await).await,
        wrong
    );
    let long = [&right[..], b"more"].concat();
    let answer = send(&server, &path, &token, 0, &long).await;
    assert_eq!(problem(answer).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(standing(&server, &path, &token).await, 0);

    let bare = server.ask(Method::PATCH, &path).bearer_auth(&token);
    let answer = problem(bare.send().await.unwrap()).await;
    assert_eq!(
        answer,
        (StatusCode::PRECONDITION_FAILED, "tus-unsupported".to_owned())
    );
    let plain = asking(&server, Method::PATCH, &path, &token).body("x");
    let answer = problem(plain.send().await.unwrap()).await;
    assert_eq!(answer.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_takes_no_more_than_a_record_holds() {
    let server = Server::start().await;
    let refused = async |n, attachments: &[Attachment]| match try_suggestion(&server, n, attachments).await {
        Answer::Refused(refusal) => Some(refusal.code),
        _ => None,
    };
    let many: Vec<_> = (0..13).map(|n| picture(&jpeg(n, 100))).collect();
    assert_eq!(refused(1, &many).await, Some(RefusalCode::AttachmentInvalid));
    assert_eq!(refused(2, &many[..12]).await, None);
    let large = Attachment {
        file: File {
            size: MAX_FILE + 1,
            ..picture(&jpeg(1, 10)).file
        },
        ..picture(b"")
    };
    assert_eq!(refused(3, &[large]).await, Some(RefusalCode::AttachmentInvalid));
    let foreign = Attachment {
        kind: "text/html".to_owned(),
        ..many[0].clone()
    };
    assert_eq!(refused(4, &[foreign]).await, Some(RefusalCode::AttachmentInvalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_read_the_record_gets_at_its_files() {
    let server = Server::start().await;
    let bytes = jpeg(3, 5_000);
    let doc = suggestion(&server, 1, &[picture(&bytes)]).await;
    send_whole(&server, doc, &bytes, &server.token("host1").await).await;
    // Another record does not name it.
    let other = suggestion(&server, 2, &[]).await;
    let methods = table()
        .into_iter()
        .filter(|route| route.path.ends_with("/files/{hash}"))
        .inspect(|route| assert_ne!(route.access, Access::Anyone));
    for method in methods.map(|route| route.method) {
        for (user, doc) in [("member1", doc), ("clerk1", other), ("clerk1", DocId([99; 16]))] {
            let token = server.token(user).await;
            let request = asking(&server, method.clone(), &address(doc, &File::of(&bytes)), &token)
                .header("upload-offset", 0)
                .header("content-type", PIECE);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {user}");
            if method != Method::HEAD {
                assert_eq!(problem(answer).await.1, "file-unknown", "{method} {user}");
            }
        }
    }
    let ticket = server
        .ticket(&address(doc, &File::of(&bytes)), &server.token("clerk1").await)
        .await;
    let answer = server.ask(Method::GET, &ticket).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_at_any_byte_goes_on_from_where_the_server_stands() {
    let server = Server::start().await;
    let token = server.token("host1").await;
    let bytes = jpeg(4, 700_000);
    let doc = suggestion(&server, 1, &[picture(&bytes)]).await;
    let path = address(doc, &File::of(&bytes));
    let mut here = 0;
    for cut in [5_000_usize, 17, 300_123, 4_096, 262_144, 1] {
        let rest = &bytes[here..];
        let head = format!(
            "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{TUS}: 1.0.0\r\n\
             upload-offset: {here}\r\ncontent-type: {PIECE}\r\ncontent-length: {}\r\n\r\n",
            rest.len()
        );
        let mut line = TcpStream::connect(server.address.trim_start_matches("http://"))
            .await
            .unwrap();
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(&rest[..cut]).await.unwrap();
        drop(line);
        // Less than a few KiB is not worth a piece.
        let expected = if cut < 4_096 { here } else { here + cut };
        let reached = async {
            while standing(&server, &path, &token).await != expected as u64 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), reached)
            .await
            .unwrap();
        here = expected;
    }
    let answer = send(&server, &path, &token, here as u64, &bytes[here..]).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(is_here(&server, &bytes).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_an_erased_record_named_alone_is_gone_at_once() {
    let server = Server::start().await;
    let host = server.token("host1").await;
    let [shared, own, former] = [5, 6, 7].map(|seed| jpeg(seed, 5_000));
    let doc = suggestion(&server, 1, &[picture(&shared), picture(&own), picture(&former)]).await;
    let other = suggestion(&server, 2, &[picture(&shared)]).await;
    for bytes in [&shared, &own, &former] {
        send_whole(&server, doc, bytes, &host).await;
    }
    server
        .attach("clerk1", doc, &[picture(&shared), picture(&own)])
        .await;
    let admin = server.token("chief1").await;
    let erase = async |doc: DocId| {
        let request = server.ask(Method::DELETE, &format!("/api/documents/{doc}"));
        let request = request
            .bearer_auth(&admin)
            .json(&json!({ "reason": "当事人要求" }));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    };
    erase(doc).await;
    assert!(is_here(&server, &shared).await);
    assert!(!is_here(&server, &own).await);
    assert!(!is_here(&server, &former).await, "of an earlier state");
    erase(other).await;
    assert!(!is_here(&server, &shared).await);
    let hashes: BTreeSet<_> = [&shared, &own].map(|bytes| File::of(bytes).hash).into();
    let named = server
        .app
        .store
        .named(hashes.into_iter().collect())
        .await
        .unwrap();
    assert!(named.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_brings_files_back_but_for_those_of_what_was_erased_since() {
    let folder = tempfile::tempdir().unwrap();
    comes_back_from(&Target::to(folder.path().join("safe").to_str().unwrap()).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_backup_in_a_bucket() {
    let buckets = Buckets::open(&["safe"]).await;
    comes_back_from(&Target::over_bucket(buckets.reach(), "s3://safe/district/one").unwrap()).await;
    assert_eq!(buckets.count("safe/district/one/manifests"), 2);
    assert_eq!(buckets.count("safe/district/one/files"), 2);
}

async fn comes_back_from(target: &Target) {
    let server = Server::start().await;
    let host = server.token("host1").await;
    let (stays, goes) = (jpeg(9, 5_000), jpeg(10, 5_000));
    for (n, bytes) in [(1, &stays), (2, &goes)] {
        let doc = suggestion(&server, n, &[picture(bytes)]).await;
        send_whole(&server, doc, bytes, &host).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let (key, recipient) = new_key();
    let key_file = folder.path().join("key");
    std::fs::write(&key_file, key).unwrap();
    let recipients = Recipients::parse(&[recipient]).unwrap();
    let (store, files) = (&*server.app.store, &server.app.files);
    let back_up = async || {
        let made = make((store, files), None, target, &recipients, Keep::default()).await;
        made.unwrap()
    };
    let first = back_up().await;
    assert_eq!(first.files, 2);
    let request = server
        .ask(Method::DELETE, &format!("/api/documents/{}", DocId([2; 16])))
        .bearer_auth(server.token("chief1").await)
        .json(&json!({ "reason": "当事人要求" }));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(back_up().await.files, 0, "each is written once");

    let identities = Identities::read(&key_file).unwrap();
    let restoring = Restoring::open(target.clone(), Some(first.at), identities)
        .await
        .unwrap();
    let verified = restoring.verify().await.unwrap();
    assert_eq!(verified.files.len(), 2);
    let other = SqliteStore::open(&folder.path().join("other")).unwrap();
    let beside = Files::in_memory();
    restoring.restore(&verified, &other, &beside).await.unwrap();
    let here = async |bytes: &[u8]| beside.read(File::of(bytes).hash).await.unwrap();
    assert_eq!(here(&stays).await.unwrap(), stays);
    assert_eq!(here(&goes).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_printed_with_its_pictures() {
    let server = Server::start().await;
    let bytes = jpeg(8, 5_000);
    let paper = Attachment {
        kind: PDF.to_owned(),
        extent: None,
        caption: Some("会议纪要".to_owned()),
        ..picture(b"%PDF-1.7")
    };
    let doc = suggestion(&server, 1, &[picture(&bytes), paper]).await;
    let token = server.token("clerk1").await;
    let page = async || {
        let answer = server.get(&format!("/print/records/{doc}"), &token).await;
        answer.text().await.unwrap()
    };
    assert!(page().await.contains("照片还没有送到"));
    send_whole(&server, doc, &bytes, &server.token("host1").await).await;
    let page = page().await;
    assert!(
        page.contains("src=\"data:image/jpeg;base64,/9j/") && page.contains("会议纪要"),
        "{page}"
    );
}
