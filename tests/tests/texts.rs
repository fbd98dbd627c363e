//! Real texts, taken down offline by many tablets and carried to the office over lines that are cut.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use lianxin_shared::document::Document;
use lianxin_shared::id::DocId;
use lianxin_tests::line::Line;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use minicbor::Decode;
use minicbor::bytes::ByteVec;

const PASSWORD: &str = "lianxin-demo";
const USERS: [&str; 4] = ["host1", "host2", "host3", "member1"];
const TABLETS: usize = 20;

#[derive(serde::Deserialize)]
struct Message {
    body: String,
}

/// What the office gets of a document; only the bytes matter here.
#[derive(Decode)]
#[cbor(map)]
struct Opened {
    #[n(0)]
    document: ByteVec,
}

/// The texts of the file that `LIANXIN_TEXTS` names, or the project's own few, each taken down by several tablets.
fn texts() -> Result<Vec<String>> {
    let own = || concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/messages.jsonl").into();
    let path = std::env::var_os("LIANXIN_TEXTS").unwrap_or_else(own);
    let lines = std::fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
    let bodies = lines
        .lines()
        .map(|line| Ok(serde_json::from_str::<Message>(line)?.body))
        .collect::<Result<Vec<_>>>()?;
    let mut texts: Vec<_> = bodies
        .into_iter()
        .filter(|body| !body.trim().is_empty())
        .collect();
    while texts.len() < 4 * TABLETS {
        texts.extend_from_within(..);
    }
    Ok(texts)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_reaches_the_office_byte_for_byte_over_lines_that_are_cut() -> Result<()> {
    let server = Server::start().await?;
    let texts = texts()?;
    let mut tablets = Vec::new();
    for n in 0..TABLETS {
        let mut tablet = Tablet::sign_in(&server.url(), USERS[n % USERS.len()], PASSWORD).await?;
        tablet.sync_through(1).await?;
        tablets.push(tablet);
    }
    let theme = tablets[0].of_kind("theme").first().context("no themes")?.doc;

    let mut written: BTreeMap<DocId, String> = BTreeMap::new();
    for (n, text) in texts.iter().enumerate() {
        written.insert(tablets[n % TABLETS].take_down(text, theme)?, text.clone());
    }
    let mut carrying = Vec::new();
    let mut lines = Vec::new();
    for (n, mut tablet) in tablets.into_iter().enumerate() {
        let line = Line::open(server.port(), n as u64 + 1, 60_000).await?;
        tablet.use_line(&line.url());
        lines.push(line);
        carrying.push(tokio::spawn(async move {
            tablet.sync_through(500).await.map(|()| tablet)
        }));
    }
    let mut tablets = Vec::new();
    for tablet in carrying {
        tablets.push(tablet.await??);
    }
    let cuts: u64 = lines.iter().map(Line::cuts).sum();
    println!("{} texts, {} tablets, {cuts} cuts", texts.len(), tablets.len());
    assert!(cuts > 0, "the lines were never cut");

    // The last word of each tablet: what the others wrote meanwhile, over a good line.
    for tablet in &mut tablets {
        tablet.use_line(&server.url());
        tablet.sync_through(1).await?;
    }
    for user in USERS {
        let mut fresh = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
        fresh.sync_through(1).await?;
        let expected = fresh.state()?;
        for tablet in tablets
            .iter()
            .filter(|tablet| tablet.principal.user.as_str() == user)
        {
            assert_eq!(
                tablet.state()?,
                expected,
                "a tablet of {user} holds something else than its channels"
            );
        }
    }

    let office = Office::sign_in(&server.url()).await?;
    let listed = office.suggestions().await?;
    for (id, text) in &written {
        assert!(listed.contains(&id.to_string()), "{id} is not in the inbox");
        assert_eq!(&office.body(*id).await?, text, "{id}");
    }
    Ok(())
}

struct Office {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Office {
    async fn sign_in(url: &str) -> Result<Self> {
        let http = reqwest::Client::new();
        let body = serde_json::json!({ "user": "clerk1", "password": PASSWORD });
        let answer: serde_json::Value = http
            .post(format!("{url}/api/session"))
            .json(&body)
            .send()
            .await?
            .json()
            .await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        Ok(Self {
            http,
            url: url.to_owned(),
            token,
        })
    }

    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        let request = self
            .http
            .get(format!("{}{path}", self.url))
            .bearer_auth(&self.token);
        Ok(request.send().await?.error_for_status()?)
    }

    async fn suggestions(&self) -> Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        let mut after = String::new();
        loop {
            let page: serde_json::Value = self
                .get(&format!("/api/records?kind=suggestion&limit=200{after}"))
                .await?
                .json()
                .await?;
            let records = page["records"].as_array().context("no records")?;
            found.extend(
                records
                    .iter()
                    .filter_map(|record| record["id"].as_str().map(str::to_owned)),
            );
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(found),
            }
        }
    }

    async fn body(&self, id: DocId) -> Result<String> {
        let bytes = self.get(&format!("/api/documents/{id}")).await?.bytes().await?;
        let opened: Opened = minicbor::decode(&bytes)?;
        Ok(Document::load(&opened.document)?
            .record()?
            .text("body")
            .to_owned())
    }
}
