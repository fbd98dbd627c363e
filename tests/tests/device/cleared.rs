//! The browser has cleared what was on the device: its user is told what was sent, and what may be missing.

use std::fs;

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, no_line};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use lianxin_tests::vault;
use serde_json::json;

use super::windows::take_down;
use super::{PASSWORD, USER};

const SAID: &str = "西门的井盖响。";

/// How many copies lie beside the databases.
const COPIES: &str = "const done = arguments[0];
    const remembered = Object.keys(localStorage).filter(name => name.startsWith('lianxin-spare-')).length;
    const count = async () => {
        let files = 0;
        const top = await navigator.storage.getDirectory();
        const folders = await top.getDirectoryHandle('lianxin-spare', { create: true });
        for await (const folder of folders.values()) {
            for await (const file of folder.keys()) files += 1;
        }
        return files;
    };
    count().then(files => done(remembered + files), error => done(String(error)));";

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_cleared_says_what_is_missing() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    until("the server to know the vault", async || {
        vault::is_introduced(&tablet, USER).await.ok()?.then_some(())
    })
    .await?;
    // Nobody was here before, and this user was nowhere else.
    assert!(!tablet.shows("[data-test=lost], [data-test=elsewhere]").await?);
    server.kill();
    no_line(&tablet).await?;
    take_down(&tablet, SAID).await?;
    tablet.visit("/more").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("[data-test=person][data-waiting='1'], #pin").await?;

    // A browser that runs short of room clears databases and files.
    server.resume().await?;
    clear(&tablet, &server.url(), "indexeddb,cache_storage,service_workers").await?;
    tablet.go(&server.url()).await?;
    tablet.says("[data-test=lost]", "还有 1 条没有上报").await?;
    tablet.says("[data-test=lost]", "另有密封的副本（1 份）").await?;
    arrives(&server).await?;
    until("no copy to be left of what was delivered", async || {
        let left = tablet.run(COPIES, Vec::new()).await.ok()?;
        (left == 0).then_some(())
    })
    .await?;
    tablet.give_credentials(USER, PASSWORD).await?;
    tablet.choose_pin(lianxin_tests::browser::PIN).await?;
    all_sent(&tablet).await?;
    tablet.see("[data-test=lost]").await?;
    tablet.says("[data-test=elsewhere]", "最后一次联系").await?;
    tablet.click("[data-test=lost-close]").await?;
    tablet.click("[data-test=elsewhere-close]").await?;
    tablet.client.refresh().await?;
    all_sent(&tablet).await?;
    assert!(!tablet.shows("[data-test=lost], [data-test=elsewhere]").await?);

    // A user may clear everything: then the server alone knows.
    clear(&tablet, &server.url(), "all").await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    tablet.see("[data-test=elsewhere]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_in_the_last_moment_has_a_copy_too() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    until("the server to know the vault", async || {
        vault::is_introduced(&tablet, USER).await.ok()?.then_some(())
    })
    .await?;
    server.kill();
    no_line(&tablet).await?;
    take_down(&tablet, SAID).await?;

    // The browser dies at once, before it has written its local storage, and finds its databases damaged.
    let profile = tablet.kill()?;
    fs::remove_dir_all(profile.path().join("Default/IndexedDB"))?;
    server.resume().await?;
    let tablet = driver.reopen(profile, "zh-CN", 800, 1100).await?;
    tablet.go(&server.url()).await?;
    arrives(&server).await
}

/// Nobody signs in at the tablet, and the words come to the office all the same.
async fn arrives(server: &Server) -> Result<()> {
    let mut office = Tablet::sign_in(&server.url(), USER, PASSWORD).await?;
    until("the office to have what was not sent", async || {
        office.sync().await.ok()?;
        let suggestions = office.of_kind("suggestion");
        let mut bodies = suggestions
            .iter()
            .filter_map(|one| office.text(one.doc, "body").ok());
        bodies.any(|body| body == SAID).then_some(())
    })
    .await
}

async fn clear(tablet: &Browser, origin: &str, kinds: &str) -> Result<()> {
    // No page of the app is open meanwhile.
    tablet.go("about:blank").await?;
    let what = json!({ "origin": origin, "storageTypes": kinds });
    tablet
        .devtools("Storage.clearDataForOrigin", what)
        .await
        .map(drop)
}
