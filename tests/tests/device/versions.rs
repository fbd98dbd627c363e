//! A newer version of the app comes while somebody writes, and finds what older ones left.

use anyhow::{Result, ensure};
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::release::Release;
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form, no_line};
use lianxin_tests::until::until;
use lianxin_tests::vault;

use super::{PASSWORD, USER};

/// The stores of a vault in each version that anybody has had before this one; 4 never left its makers.
const OLDER: [(u32, &[&str]); 4] = [
    (1, &["documents", "summaries", "drafts", "unsent", "meta"]),
    (
        2,
        &[
            "documents",
            "summaries",
            "drafts",
            "office-drafts",
            "unsent",
            "meta",
        ],
    ),
    (
        3,
        &[
            "documents",
            "summaries",
            "drafts",
            "office-drafts",
            "unsent",
            "files",
            "blobs",
            "meta",
        ],
    ),
    (
        5,
        &[
            "documents",
            "summaries",
            "segments",
            "drafts",
            "office-drafts",
            "unsent",
            "files",
            "blobs",
            "meta",
            "outbox",
        ],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_of_each_older_schema_opens_with_all_that_is_in_it() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    server.kill();
    tablet.client.refresh().await?;
    no_line(&tablet).await?;
    tablet.visit("/new/suggestion").await?;
    tablet.keys("textarea[name=body]", "东门的台阶裂了。").await?;
    tablet.click("label.chip[data-value]").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(&tablet).await?;
    tablet.visit("/new/activity").await?;
    tablet.keys("[name=subject]", "写到一半的活动").await?;
    until("the draft to be kept", async || {
        let kept = vault::has_draft(&tablet, USER, &["写到一半的活动"]).await.ok()?;
        kept.then_some(())
    })
    .await?;
    tablet.visit("/records").await?;
    let found = tablet.text("[role=status].muted").await?;
    for (version, stores) in OLDER {
        // A file of the same origin, which starts no app.
        tablet.visit("/manifest.webmanifest").await?;
        vault::take_back(&tablet, USER, version, stores).await?;
        tablet.visit("/records").await?;
        tablet.see("#pin, [data-test=row]").await?;
        if tablet.shows("#pin").await? {
            tablet.unlock(PIN).await?;
            tablet.see("[data-test=work-state]").await?;
            tablet.visit("/records").await?;
        }
        tablet.says("[data-test=row]", "东门的台阶裂了").await?;
        tablet.says("[role=status].muted", &found).await?;
        tablet.see("[data-test=work-state][data-unsent='1']").await?;
        tablet.visit("/drafts").await?;
        tablet.says("[data-test=draft]", "写到一半的活动").await?;
    }
    server.resume().await?;
    all_sent(&tablet).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_waits_for_the_user_and_loses_no_word() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let release = Release::open(server.port()).await?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&release.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    let before = versions(&tablet).await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", "南门的路灯").await?;
    release.come_out();
    let look =
        "navigator.serviceWorker.getRegistration().then(it => it.update()).then(() => arguments[0](true));";
    tablet.run(look, Vec::new()).await?;
    tablet.see("[data-test=update]").await?;
    ensure!(tablet.value("textarea[name=body]").await? == "南门的路灯");

    // Straight after the last letter.
    tablet.keys("textarea[name=body]", "坏了三天。").await?;
    tablet.click("[data-test=update]").await?;
    until("the newer version", async || {
        let now = versions(&tablet).await.ok()?;
        (now.len() == 1 && now != before).then_some(())
    })
    .await?;
    until("all words to be there", async || {
        let text = tablet.value("textarea[name=body]").await.ok()?;
        (text == "南门的路灯坏了三天。").then_some(())
    })
    .await?;
    tablet.goes("[data-test=update]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_gives_way_to_a_newer_schema_and_says_so() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let browser = driver.open("zh-CN", 800, 1100).await?;
    browser.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&browser).await?;

    // The newer version starts in another window, while the older one has everything open.
    let older = browser.client.window().await?;
    let newer = browser.client.new_window(true).await?.handle;
    browser.client.switch_to_window(newer).await?;
    browser
        .go(&format!("{}/manifest.webmanifest", server.url()))
        .await?;
    let open = "const done = arguments[0];
        const later = base => new Promise((resolve, reject) => {
            const request = indexedDB.open(base.name, base.version + 1);
            request.onsuccess = () => { request.result.close(); resolve(); };
            request.onerror = () => reject(request.error);
        });
        indexedDB.databases().then(all => Promise.all(all.map(later)).then(() => done(all.length), e => done(String(e))));";
    until(
        "the tablet's database and the vault to be the newer version's",
        async || {
            // The driver gives a script up at times when another window starts anew.
            let opened = browser.run(open, Vec::new()).await.ok()?;
            (opened == 2).then_some(())
        },
    )
    .await?;

    browser.client.switch_to_window(older).await?;
    browser.says("main", "这台设备上已用过新版本").await
}

/// The versions of the app that the browser holds.
async fn versions(browser: &Browser) -> Result<Vec<String>> {
    let names = browser
        .run("caches.keys().then(arguments[0]);", Vec::new())
        .await?;
    Ok(serde_json::from_value(names)?)
}
