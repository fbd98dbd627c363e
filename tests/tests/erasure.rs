//! Somebody's data is removed for good: from the server and its files, from devices that were away, from searches and lists.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::{DeviceId, DocId};
use lianxin_shared::records::Value as Field;
use lianxin_shared::sync::Line;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

const PASSWORD: &str = "lianxin-demo";

/// Words that stand in nothing else, in letters as a search keeps them.
const SAID: &str = "灯坏了三天没人来看 qzxwvu73";
const PHONE: &str = "00073910739";
const MORE: &str = "后来又写的 ksjhgf46";

/// Somebody at the office's desk.
struct Desk {
    url: String,
    token: String,
}

impl Desk {
    async fn sign_in(server: &Server, user: &str) -> Result<Self> {
        let url = server.url();
        let body = json!({ "user": user, "password": PASSWORD });
        let request = Client::new().post(format!("{url}/api/session"));
        let answer: Value = request.json(&body).send().await?.json().await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        Ok(Self { url, token })
    }

    fn ask(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = Client::new().request(method, format!("{}{path}", self.url));
        request.bearer_auth(&self.token)
    }

    async fn erase(&self, doc: DocId, reason: &str) -> Result<StatusCode> {
        let request = self.ask(Method::DELETE, &format!("/api/documents/{doc}"));
        Ok(request.json(&json!({ "reason": reason })).send().await?.status())
    }

    async fn get(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer = self.ask(Method::GET, path).send().await?;
        Ok((answer.status(), answer.text().await?))
    }
}

/// A story: a suggestion and who said it, on the server and on a tablet.
struct Story {
    server: Server,
    tablet: Tablet,
    theme: DocId,
    said: DocId,
    contact: DocId,
}

async fn tablet(server: &Server, user: &str) -> Result<Tablet> {
    let mut tablet = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
    tablet.sync_through(5).await?;
    Ok(tablet)
}

async fn story() -> Result<Story> {
    let server = Server::start().await?;
    let mut tablet = tablet(&server, "host1").await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let said = tablet.take_down(SAID, theme)?;
    let contact = tablet.accompany(
        said,
        "contact",
        &[("phone".to_owned(), Field::from(PHONE))].into(),
    )?;
    tablet.sync_through(5).await?;
    Ok(Story {
        server,
        tablet,
        theme,
        said,
        contact,
    })
}

/// The files in and below a folder that hold one of the words.
fn holding(folder: &Path) -> Result<Vec<String>> {
    let words = [SAID, "qzxwvu73", PHONE, MORE, "ksjhgf46"];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(holding(&path)?);
            continue;
        }
        let bytes = std::fs::read(&path)?;
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    Ok(found)
}

fn holds(tablet: &Tablet, doc: DocId) -> Result<bool> {
    Ok(tablet.state()?.contains_key(&doc) || tablet.refused()?.iter().any(|(id, _)| *id == doc))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_is_gone_from_the_server_and_from_devices_that_were_away() -> Result<()> {
    let mut story = story().await?;
    let (said, contact) = (story.said, story.contact);
    // One device is away and has nothing to say, one has changed it meanwhile, one was refused something, one begins anew.
    let mut away = tablet(&story.server, "host2").await?;
    let mut refused = tablet(&story.server, "host2").await?;
    refused.act(said, "accept", "我来受理")?;
    refused.sync().await?;
    ensure!(refused.refused()?.len() == 1, "a host cannot accept it");
    ensure!(holds(&away, said)? && holds(&away, contact)?);
    let changed = &mut story.tablet;
    changed.write(said, "body", Field::from(format!("{SAID}，{MORE}").as_str()))?;
    changed.write(contact, "remark", Field::from(MORE))?;
    let untouched = changed.take_down("井盖丢了", story.theme)?;
    ensure!(!holding(&story.server.data())?.is_empty());

    let clerk = Desk::sign_in(&story.server, "clerk1").await?;
    let erased = clerk.erase(said, "居民要求删除").await?;
    ensure!(erased == StatusCode::NO_CONTENT, "{erased}");
    ensure!(
        holding(&story.server.data())?.is_empty(),
        "{:?}",
        holding(&story.server.data())?
    );

    for doc in [said, contact] {
        let (status, _) = clerk.get(&format!("/api/documents/{doc}")).await?;
        ensure!(status == StatusCode::NOT_FOUND, "{status}");
    }
    for path in [
        "/api/records?q=qzxwvu73",
        "/api/records?limit=500",
        "/api/records?q=灯坏了三天",
    ] {
        let (status, text) = clerk.get(path).await?;
        ensure!(
            status == StatusCode::OK && !text.contains("qzxwvu73") && !text.contains(&said.to_string()),
            "{path}: {text}"
        );
    }

    for tablet in [&mut away, &mut refused, &mut story.tablet] {
        ensure!(tablet.sync().await? == Line::On);
        ensure!(!holds(tablet, said)? && !holds(tablet, contact)?);
        ensure!(tablet.unsent() == 0 && tablet.refused()?.is_empty());
        tablet.check().await?;
        ensure!(!holds(tablet, said)? && !holds(tablet, contact)?);
    }
    ensure!(holds(&story.tablet, untouched)?, "what was not erased went in");
    let fresh = tablet(&story.server, "host1").await?;
    ensure!(!holds(&fresh, said)? && holds(&fresh, untouched)?);
    ensure!(story.tablet.state()? == fresh.state()?);
    // What the device still wrote of it was kept nowhere.
    story.server.kill();
    ensure!(
        holding(&story.server.data())?.is_empty(),
        "{:?}",
        holding(&story.server.data())?
    );
    story.server.resume().await?;
    ensure!(holding(&story.server.data())?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_compares_does_not_bring_it_back() -> Result<()> {
    let mut story = story().await?;
    let clerk = Desk::sign_in(&story.server, "clerk1").await?;
    ensure!(clerk.erase(story.said, "居民要求删除").await?.is_success());
    // It tells of a restore: the device comes with all it has and the server's own receipts.
    story.server.kill();
    story.server.begin_new_life()?;
    story.server.resume().await?;
    story.tablet.restart(DeviceId([9; 16]))?;
    story.tablet.sync_through(5).await?;
    ensure!(!holds(&story.tablet, story.said)? && !holds(&story.tablet, story.contact)?);
    ensure!(story.tablet.state()? == tablet(&story.server, "host1").await?.state()?);
    ensure!(holding(&story.server.data())?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_erased_without_what_was_said() -> Result<()> {
    let mut story = story().await?;
    let clerk = Desk::sign_in(&story.server, "clerk1").await?;
    ensure!(
        clerk
            .erase(story.contact, "居民要求删除联系方式")
            .await?
            .is_success()
    );
    story.tablet.sync_through(5).await?;
    ensure!(holds(&story.tablet, story.said)? && !holds(&story.tablet, story.contact)?);
    // Taking it down again is refused, and nothing of it stays.
    let again = [("phone".to_owned(), Field::from(PHONE))].into();
    let contact = story.tablet.accompany(story.said, "contact", &again)?;
    ensure!(contact == story.contact);
    story.tablet.sync_through(5).await?;
    ensure!(!holds(&story.tablet, contact)? && story.tablet.refused()?.is_empty());
    let bytes: Vec<_> = holding(&story.server.data())?;
    ensure!(bytes.iter().all(|found| !found.contains(PHONE)), "{bytes:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_erases_and_says_why_and_it_is_noted() -> Result<()> {
    let story = story().await?;
    let clerk = Desk::sign_in(&story.server, "clerk1").await?;
    let admin = Desk::sign_in(&story.server, "admin").await?;
    let supervisor = Desk::sign_in(&story.server, "supervisor1").await?;
    let host = Desk::sign_in(&story.server, "host1").await?;
    let long = "长".repeat(501);
    let station = story
        .tablet
        .of_kind("station")
        .first()
        .context("no stations")?
        .doc;
    for (desk, doc, reason, expected) in [
        (&host, story.said, "理由", StatusCode::FORBIDDEN),
        (&supervisor, story.said, "理由", StatusCode::FORBIDDEN),
        // Not even there, to who may not read it.
        (&supervisor, story.contact, "理由", StatusCode::NOT_FOUND),
        (&clerk, story.said, "  ", StatusCode::BAD_REQUEST),
        (&clerk, story.said, long.as_str(), StatusCode::BAD_REQUEST),
        (&clerk, DocId([9; 16]), "理由", StatusCode::NOT_FOUND),
        (&clerk, station, "理由", StatusCode::FORBIDDEN),
        (&admin, story.contact, "居民要求", StatusCode::NO_CONTENT),
        (&clerk, story.said, "写错了人", StatusCode::NO_CONTENT),
        (&clerk, story.said, "写错了人", StatusCode::NOT_FOUND),
    ] {
        let answered = desk.erase(doc, reason).await?;
        ensure!(answered == expected, "{doc} {reason}: {answered}");
    }
    let (status, _) = clerk.get("/api/audit").await?;
    ensure!(status == StatusCode::FORBIDDEN, "{status}");
    let (_, text) = admin.get("/api/audit?limit=1").await?;
    let first: Value = serde_json::from_str(&text)?;
    let expected = |by, doc: DocId, kind, words| json!([by, "erased", doc, kind, words]);
    let short = |act: &Value| json!([act["by"], act["deed"], act["about"], act["kind"], act["words"]]);
    ensure!(
        short(&first["acts"][0]) == expected("clerk1", story.said, "suggestion", "写错了人"),
        "{text}"
    );
    let (_, text) = admin.get(&format!("/api/audit?before={}", first["next"])).await?;
    let rest: Value = serde_json::from_str(&text)?;
    ensure!(
        short(&rest["acts"][0]) == expected("admin", story.contact, "contact", "居民要求"),
        "{text}"
    );
    ensure!(rest["next"].is_null() && !text.contains(PHONE));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_demonstration_laid_down_stays_erased_over_a_restart() -> Result<()> {
    let mut story = story().await?;
    let admin = Desk::sign_in(&story.server, "admin").await?;
    ensure!(admin.erase(story.theme, "不再使用").await?.is_success());
    story.server.kill();
    story.server.resume().await?;
    let fresh = tablet(&story.server, "host1").await?;
    ensure!(!holds(&fresh, story.theme)?);
    Ok(())
}
