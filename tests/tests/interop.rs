//! A stock automerge-repo client beside tablets and the office.

use anyhow::{Context, Result};
use lianxin_shared::document::Document;
use lianxin_shared::id::DocId;
use lianxin_shared::records::{Record, Value as Field};
use lianxin_tests::server::Server;
use lianxin_tests::stock::Stock;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";

/// What the office reads, one document at a time.
struct Office {
    url: String,
    token: String,
}

/// The part of the answer that is looked at.
#[derive(minicbor::Decode)]
#[cbor(map)]
struct Opened {
    #[n(0)]
    document: minicbor::bytes::ByteVec,
}

async fn token(url: &str, user: &str) -> Result<String> {
    let body = json!({ "user": user, "password": PASSWORD });
    let request = reqwest::Client::new().post(format!("{url}/api/session"));
    let answer: Value = request.json(&body).send().await?.json().await?;
    Ok(answer["token"].as_str().context("no token")?.to_owned())
}

async fn stock(server: &Server, user: &str) -> Result<Stock> {
    Stock::start(&server.url(), &token(&server.url(), user).await?)
}

impl Office {
    async fn open(server: &Server) -> Result<Self> {
        let url = server.url();
        let token = token(&url, "clerk1").await?;
        Ok(Self { url, token })
    }

    async fn record(&self, doc: DocId) -> Option<Record> {
        let url = format!("{}/api/documents/{doc}", self.url);
        let request = reqwest::Client::new().get(url).bearer_auth(&self.token);
        let bytes = request.send().await.ok()?.bytes().await.ok()?;
        let opened: Opened = minicbor::decode(&bytes).ok()?;
        Document::load(&opened.document).ok()?.record().ok()
    }

    /// Waits until the record's words are these.
    async fn sees(&self, doc: DocId, body: &str) -> Result<Record> {
        until(body, async || {
            self.record(doc)
                .await
                .filter(|record| record.text("body") == body)
        })
        .await
    }
}

/// A suggestion that a tablet of `host1` has just sent, with that tablet.
async fn taken_down(server: &Server, body: &str) -> Result<(Tablet, DocId)> {
    let mut tablet = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.sync_through(1).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let doc = tablet.take_down(body, theme)?;
    tablet.sync_through(1).await?;
    Ok((tablet, doc))
}

/// The newest refusal that the client was told of a document, once there are `count`.
async fn refusal(stock: &mut Stock, doc: DocId, count: usize) -> Result<Value> {
    until("the refusal", async || {
        let notices = stock.tell("notices", json!({})).await.ok()?;
        let of_doc = |notice: &&Value| notice["doc"] == doc.to_string();
        let about: Vec<_> = notices.as_array()?.iter().filter(of_doc).collect();
        (about.len() >= count).then(|| about.last().map(|last| (*last).clone()))?
    })
    .await
}

/// Waits until the client's replica has these words.
async fn shows(stock: &mut Stock, doc: DocId, body: &str) -> Result<()> {
    until(body, async || {
        let read = stock.tell("read", json!({ "doc": doc })).await.ok()?;
        (read["body"] == body).then_some(())
    })
    .await
}

fn prose(doc: DocId, body: &str) -> Value {
    json!({ "doc": doc, "prose": { "body": body } })
}

/// A document's id that nothing has.
const NOWHERE: DocId = DocId([9; 16]);

#[tokio::test(flavor = "multi_thread")]
async fn it_writes_in_what_a_tablet_wrote_and_sees_live_what_the_tablet_adds() -> Result<()> {
    let server = Server::start().await?;
    let office = Office::open(&server).await?;
    let (mut tablet, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let mut stock = stock(&server, "host1").await?;
    let found = stock.tell("find", json!({ "doc": doc })).await?;
    assert_eq!(found["body"], "楼道的灯坏了。");

    stock.tell("write", prose(doc, "三号楼楼道的灯坏了。")).await?;
    office.sees(doc, "三号楼楼道的灯坏了。").await?;
    tablet.sync_through(1).await?;
    assert_eq!(tablet.text(doc, "body")?, "三号楼楼道的灯坏了。");

    tablet.write(doc, "body", Field::from("三号楼楼道的灯坏了三天。"))?;
    tablet.sync_through(1).await?;
    shows(&mut stock, doc, "三号楼楼道的灯坏了三天。").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_wrote_while_the_server_was_away_arrives() -> Result<()> {
    let mut server = Server::start().await?;
    let office = Office::open(&server).await?;
    let (_, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let mut stock = stock(&server, "host1").await?;
    stock.tell("find", json!({ "doc": doc })).await?;
    for body in ["楼道的灯坏了两天。", "楼道的灯坏了三天。"] {
        server.kill();
        stock.tell("write", prose(doc, body)).await?;
        server.resume().await?;
        office.sees(doc, body).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_it_starts_counts_once_it_is_whole() -> Result<()> {
    let server = Server::start().await?;
    let office = Office::open(&server).await?;
    let mut tablet = Tablet::sign_in(&server.url(), "host2", PASSWORD).await?;
    tablet.sync_through(1).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let station = tablet.principal.stations().next().context("no station")?;
    let mut stock = stock(&server, "host1").await?;

    let doc = stock.tell("create", json!({})).await?;
    let doc: DocId = doc.as_str().context("no id")?.parse()?;
    let half = json!({
        "doc": doc,
        "fields": {
            "schema": { "uint": 1 },
            "kind": { "scalar": "suggestion" },
            "id": { "scalar": doc },
            "station": { "scalar": station },
            "owner": { "scalar": "host1" },
            "created_at": 1_790_000_000_000_i64,
            "attachments": [],
        },
    });
    stock.tell("write", half).await?;
    assert_eq!(refusal(&mut stock, doc, 1).await?["refused"], "corrupt");
    assert!(office.record(doc).await.is_none());
    let rest = json!({
        "doc": doc,
        "prose": { "body": "路灯坏了。" },
        "fields": { "theme": { "scalar": theme }, "timeline": [] },
        "steps": [{ "act": { "scalar": "submit" }, "by": { "scalar": "host1" }, "at": 1_790_000_000_001_i64 }],
    });
    stock.tell("write", rest).await?;
    let record = office.sees(doc, "路灯坏了。").await?;
    assert_eq!(record.status().context("no status")?.state, "received");

    // From here on it is a record like any other.
    tablet.sync_through(1).await?;
    tablet.write(doc, "body", Field::from("路灯坏了三天。"))?;
    tablet.sync_through(1).await?;
    shows(&mut stock, doc, "路灯坏了三天。").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_edit_reaches_nobody_is_told_and_comes_to_rest() -> Result<()> {
    let server = Server::start().await?;
    let office = Office::open(&server).await?;
    let (mut tablet, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let other = tablet.take_down("路灯坏了。", theme)?;
    tablet.sync_through(1).await?;
    let mut bad = stock(&server, "host1").await?;
    let mut beside = stock(&server, "host2").await?;
    for stock in [&mut bad, &mut beside] {
        stock.tell("find", json!({ "doc": doc })).await?;
    }
    bad.tell("find", json!({ "doc": other })).await?;

    let answer = json!({
        "act": { "scalar": "answer" }, "by": { "scalar": "host1" }, "at": 1_790_000_000_002_i64,
        "words": { "scalar": "已修好。" },
    });
    bad.tell("write", json!({ "doc": doc, "steps": [answer] }))
        .await?;
    let told = refusal(&mut bad, doc, 1).await?;
    assert_eq!(
        (told["refused"].as_str(), told["about"].as_str()),
        (Some("step-forbidden"), Some("answer"))
    );
    assert!(!told["words"].as_str().context("no words")?.is_empty());

    // At rest: twenty questions and their answers are all that is said from now on.
    let before = bad.tell("count", json!({})).await?;
    for n in 0..20 {
        let nowhere = json!({ "doc": DocId([100 + n; 16]) });
        assert!(bad.tell("find", nowhere).await.is_err());
    }
    let after = bad.tell("count", json!({})).await?;
    for way in ["sent", "heard"] {
        let said = |count: &Value| count[way].as_i64().unwrap_or_default();
        assert_eq!(said(&after) - said(&before), 20, "{way}");
    }
    assert!(after["sent"].as_i64() < Some(40), "{after}");

    // Others go on, in this document and elsewhere, and never see it.
    beside.tell("write", prose(doc, "三号楼楼道的灯坏了。")).await?;
    office.sees(doc, "三号楼楼道的灯坏了。").await?;
    shows(&mut bad, doc, "三号楼楼道的灯坏了。").await?;
    bad.tell("write", prose(other, "北门路灯坏了。")).await?;
    office.sees(other, "北门路灯坏了。").await?;
    let seen = beside.tell("read", json!({ "doc": doc })).await?;
    assert_eq!(seen["timeline"].as_array().map(Vec::len), Some(1));
    assert_eq!(office.record(doc).await.context("gone")?.timeline.len(), 1);
    tablet.sync_through(1).await?;
    assert_eq!(tablet.text(doc, "body")?, "三号楼楼道的灯坏了。");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_builds_on_a_refused_edit_waits_until_that_is_mended() -> Result<()> {
    let server = Server::start().await?;
    let office = Office::open(&server).await?;
    let (_, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let mut stock = stock(&server, "host1").await?;
    stock.tell("find", json!({ "doc": doc })).await?;

    stock
        .tell("write", json!({ "doc": doc, "fields": { "nothing": 1 } }))
        .await?;
    let told = refusal(&mut stock, doc, 1).await?;
    assert_eq!(
        (&told["refused"], &told["about"]),
        (&json!("field-unknown"), &json!("nothing"))
    );
    stock.tell("write", prose(doc, "楼道的灯坏了三天。")).await?;
    refusal(&mut stock, doc, 2).await?;
    let record = office.record(doc).await.context("gone")?;
    assert_eq!(record.text("body"), "楼道的灯坏了。");

    stock
        .tell("write", json!({ "doc": doc, "without": ["nothing"] }))
        .await?;
    let record = office.sees(doc, "楼道的灯坏了三天。").await?;
    assert!(record.unknown.is_empty());

    let long = "长".repeat(20_001);
    stock.tell("write", prose(doc, &long)).await?;
    let told = refusal(&mut stock, doc, 3).await?;
    assert_eq!(
        (&told["refused"], &told["about"]),
        (&json!("field-invalid"), &json!("body"))
    );
    stock.tell("write", prose(doc, "楼道的灯坏了四天。")).await?;
    office.sees(doc, "楼道的灯坏了四天。").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_as_somebody_else() -> Result<()> {
    let server = Server::start().await?;
    let office = Office::open(&server).await?;
    let (_, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let (mut mine, mut theirs) = (stock(&server, "host1").await?, stock(&server, "host2").await?);
    for stock in [&mut mine, &mut theirs] {
        stock.tell("find", json!({ "doc": doc })).await?;
    }
    mine.tell("write", prose(doc, "楼道的灯坏了三天。")).await?;
    shows(&mut theirs, doc, "楼道的灯坏了三天。").await?;

    let actor = mine.tell("actor", json!({ "doc": doc })).await?;
    let forged = json!({ "doc": doc, "actor": actor, "fields": { "location": { "scalar": "别处" } } });
    theirs.tell("forge", forged).await?;
    assert_eq!(refusal(&mut theirs, doc, 1).await?["refused"], "actor-foreign");
    let record = office.record(doc).await.context("gone")?;
    assert_eq!(record.text("location"), "");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_others_is_one_that_is_not_there() -> Result<()> {
    let server = Server::start().await?;
    let (_, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let mut stock = stock(&server, "host3").await?;
    for doc in [doc, NOWHERE] {
        let error = stock.tell("find", json!({ "doc": doc })).await.unwrap_err();
        let expected = format!("{doc} is unavailable");
        assert!(error.to_string().contains(&expected), "{error}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_address_is_never_logged() -> Result<()> {
    let server = Server::start_logging("trace").await?;
    let (_, doc) = taken_down(&server, "楼道的灯坏了。").await?;
    let token = token(&server.url(), "host1").await?;
    let mut stock = Stock::start(&server.url(), &token)?;
    stock.tell("find", json!({ "doc": doc })).await?;
    let wrong = "f".repeat(64);
    let url = format!("{}/repo?token={wrong}", server.url());
    assert_eq!(reqwest::get(url).await?.status(), 401);
    let log = server.log()?;
    assert!(log.contains("/repo"));
    assert!(!log.contains(&token) && !log.contains(&wrong));
    Ok(())
}
