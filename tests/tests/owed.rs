//! Where a district asks the office for codes, in a real browser: an administrator sets one up before anything else, then settles
//! what was refused, ends a sign-in of somebody else's, and looks whether the list of it all is whole.

use anyhow::{Context as _, Result};
use lianxin_tests::browser::Driver;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sets_up_the_code_that_is_owed_and_settles_what_was_refused() -> Result<()> {
    let mut server = Server::stopped()?;
    server.set("LIANXIN_SECOND", "office");
    server.resume().await?;
    // A host cannot take a suggestion up: that step is refused, and waits.
    let mut tablet = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.sync_through(5).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let doc = tablet.take_down("楼道里的灯坏了。", theme)?;
    tablet.sync_through(5).await?;
    tablet.act(doc, "accept", "")?;
    tablet.sync().await?;

    let driver = Driver::start()?;
    let browser = driver.open("zh-CN", 1280, 860).await?;
    browser.sign_in(&server.url(), "admin", PASSWORD).await?;
    browser.see("[data-test=second-owed]").await?;
    browser.visit("/admin").await?;
    browser.see("[data-test=second-owed]").await?;
    browser.click("[data-test=second-begin]").await?;
    let secret = browser.text("[data-test=second-secret]").await?;
    let secret = Secret::try_from_base32(secret).map_err(|e| anyhow::anyhow!("{e}"))?;
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let code = totp.generate(now.as_secs()).to_string();
    browser.keys("#second-code", &code).await?;
    browser.keys("#second-password", PASSWORD).await?;
    browser.click("[data-test=second-confirm]").await?;
    browser.see("[data-test=recovery]").await?;
    // Whoever reloads before going on is not held up: nothing is owed any more.
    browser.client.refresh().await?;
    browser.see("[data-test=second-owed]").await?;
    browser.click("[data-test=second-go-on]").await?;
    browser.see(".office").await?;

    browser.visit("/admin/state").await?;
    browser.click("[data-test=refused] [data-test=release]").await?;
    browser
        .says("[data-test=refused] [data-test=failure]", "仍然不能收下")
        .await?;
    browser.click("[data-test=refused] [data-test=forget]").await?;
    browser
        .keys("[data-test=refused] input", "不该由主持人采纳")
        .await?;
    browser.click("[data-test=forget-sure]").await?;
    browser.see("[data-test=refused-done]").await?;

    browser.visit("/admin/accounts/host1").await?;
    browser.click("[data-test=session] [data-test=end]").await?;
    until("the other's sign-in to be gone", async || {
        (!browser.shows("[data-test=session]").await.ok()?).then_some(())
    })
    .await?;

    browser.visit("/admin/audit").await?;
    browser.see("[data-deed=push-forgotten]").await?;
    browser.click("[data-test=audit-verify]").await?;
    browser.says("[data-test=audit-sound]", "没有一项被改动").await
}
