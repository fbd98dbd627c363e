//! Two people write in one record without knowing of each other. Both find what the other wrote, marked until they have seen it;
//! where both chose, both choices are offered.

use anyhow::{Context, Result};
use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form, no_line};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;

const PASSWORD: &str = "lianxin-demo";
const SAID: &str = "楼道的灯坏了。";
const HOME: &str = "\u{E009}\u{E011}\u{E000}";
const BODY: &str = "dd[data-field=body]";
const MARK: &str = "dd[data-field=body] mark";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_wrote_is_marked_until_it_was_seen() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let mut other = Tablet::sign_in(&server.url(), "host2", PASSWORD).await?;
    other.sync_through(5).await?;
    let themes: Vec<_> = other.of_kind("theme").iter().map(|theme| theme.doc).collect();
    let doc = other.take_down(SAID, themes[0])?;
    other.sync_through(5).await?;

    // Where somebody is for the first time, nothing is new.
    let tablet = driver.open("zh-CN", 360, 740).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    all_sent(&tablet).await?;
    open(&tablet, doc).await?;
    tablet.says(BODY, SAID).await?;
    tablet.goes(MARK).await?;

    // Both write at once, with no line.
    server.kill();
    no_line(&tablet).await?;
    tablet.click("[data-test=edit]").await?;
    tablet
        .keys("textarea[name=body]", &format!("{HOME}五号楼"))
        .await?;
    let (mine, theirs) = (themes[1].to_string(), themes[2].to_string());
    tablet.click(&format!("label.chip[data-value='{mine}']")).await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(&tablet).await?;
    other.write(doc, "body", Value::from("楼道的灯坏了，孩子害怕。"))?;
    other.write(doc, "theme", Value::Text(theirs))?;
    server.resume().await?;
    other.sync_through(5).await?;
    all_sent(&tablet).await?;

    // Merged, and only what the other wrote is marked, over a reload too.
    tablet.says(BODY, "五号楼楼道的灯坏了，孩子害怕。").await?;
    marked(&tablet, &["，孩子害怕"]).await?;
    tablet.client.refresh().await?;
    marked(&tablet, &["，孩子害怕"]).await?;
    let name = tablet.text("[data-test=news]").await?;
    assert!(!name.contains("host2"), "a login instead of a name: {name}");
    let spoken = "const done = arguments[0];
        const mark = document.querySelector('mark');
        done(['::before', '::after'].map(part => getComputedStyle(mark, part).content).join());";
    let spoken = tablet.run(spoken, Vec::new()).await?;
    let spoken = spoken.as_str().context("nothing is said")?;
    assert!(
        spoken.contains("新写的："),
        "nothing is said of the mark: {spoken}"
    );

    tablet.click("[data-test=seen]").await?;
    tablet.goes(MARK).await?;
    tablet.goes("[data-test=news]").await?;
    tablet.client.refresh().await?;
    tablet.says(BODY, "孩子害怕").await?;
    // Both themes are there; by then so are marks, if there are any.
    let versions = "[data-test=concurrent][data-field=theme] .versions li";
    tablet.see(&format!("{versions}:nth-child(2)")).await?;
    assert!(!tablet.shows(MARK).await?, "seen, and still marked");
    tablet.click(&format!("{versions}:nth-child(2) button")).await?;
    tablet.goes("[data-test=concurrent]").await?;
    all_sent(&tablet).await?;

    // What comes while the page is open is marked at once, and alone.
    other.sync_through(5).await?;
    other.write(doc, "body", Value::from("五号楼楼道的灯坏了三天，孩子害怕。"))?;
    other.sync_through(5).await?;
    marked(&tablet, &["三天"]).await
}

async fn open(tablet: &Browser, doc: DocId) -> Result<()> {
    tablet.visit(&format!("/records/{doc}")).await
}

/// Waits until these words are marked and no others.
async fn marked(tablet: &Browser, words: &[&str]) -> Result<()> {
    let script = "const done = arguments[0];
        done([...document.querySelectorAll('dd[data-field=body] mark')].map(mark => mark.textContent));";
    until(&format!("{words:?} to be marked"), async || {
        let found = tablet.run(script, Vec::new()).await.ok()?;
        let found: Vec<String> = serde_json::from_value(found).ok()?;
        (found == words).then_some(())
    })
    .await
}
