//! A tablet is lost or handed back: what was opened on it is withdrawn, and at its next contact its vault is destroyed.

use anyhow::{Result, ensure};
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form};
use lianxin_tests::until::until;
use serde_json::{Value, json};

use crate::{PASSWORD, USER};

/// What a tablet's browser calls itself.
const ON_A_TABLET: &str =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_tablet_is_withdrawn_and_another_taken_in_by_a_code() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let lost = works(&driver, &server).await?;
    let admin = administers(&driver, &server).await?;
    admin.click("[data-test=withdraw]").await?;
    admin.click("[data-test=withdraw]").await?;
    admin.see("[data-test=withdrawn-device]").await?;
    admin.goes("[data-test=session]").await?;
    is_destroyed(&lost, &admin).await?;

    admin.click("[data-test=give-code]").await?;
    let code = admin.text("[data-test=code]").await?;
    lost.visit(&format!("/?code={code}")).await?;
    lost.click("#use-code").await?;
    lost.choose_pin(PIN).await?;
    all_sent(&lost).await?;
    // Once.
    let other = driver.open("zh-CN", 800, 1280).await?;
    other.go(&format!("{}/?code={code}", server.url())).await?;
    other.click("#use-code").await?;
    other.see("[data-test=sign-in-failed]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_tablets_is_withdrawn_and_the_other_works_on() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let kept = works(&driver, &server).await?;
    let lost = driver.open("zh-CN", 800, 1280).await?;
    let agent = json!({ "userAgent": ON_A_TABLET });
    lost.devtools("Network.setUserAgentOverride", agent).await?;
    lost.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&lost).await?;

    // The office sees which it is, and reads first what will come of it.
    let admin = administers(&driver, &server).await?;
    let row = |test: &str| format!("[data-test=session][data-device^=Android] [data-test={test}]");
    admin.click(&row("withdraw-one")).await?;
    admin.see(&row("withdraw-means")).await?;
    admin.click(&row("withdraw-not")).await?;
    admin.goes(&row("withdraw-means")).await?;
    ensure!(!admin.shows("[data-test=withdrawn-device]").await?);
    admin.click(&row("withdraw-one")).await?;
    admin.click(&row("withdraw-sure")).await?;
    admin.see("[data-test=session-withdrawn]").await?;
    admin.see("[data-test=withdrawn-device][data-told=false]").await?;
    admin.goes("[data-test=session][data-device^=Android]").await?;
    admin.see("[data-test=session]").await?;
    is_destroyed(&lost, &admin).await?;

    // Nothing is asked of who works on the other.
    kept.client.refresh().await?;
    kept.click("[data-test=new-suggestion]").await?;
    kept.keys("textarea[name=body]", "南门的路灯坏了，晚上看不见路。")
        .await?;
    kept.click("label.chip[data-value]").await?;
    kept.click("[data-test=done]").await?;
    leaves_form(&kept).await?;
    all_sent(&kept).await?;

    admin.visit("/admin/audit").await?;
    admin
        .says("[data-test=act][data-deed=device-withdrawn]", "Android · Chrome")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_withdraws_a_tablet_of_their_own_with_the_password() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let kept = works(&driver, &server).await?;
    let lost = works(&driver, &server).await?;
    kept.visit("/access").await?;
    kept.click("[data-test=withdraw-one]").await?;
    kept.keys("[data-test=session] [name=password]", "guessed")
        .await?;
    kept.click("[data-test=withdraw-sure]").await?;
    kept.see("[data-test=session-failed]").await?;
    kept.see("[data-test=session] [name=password]")
        .await?
        .clear()
        .await?;
    kept.keys("[data-test=session] [name=password]", PASSWORD).await?;
    kept.click("[data-test=withdraw-sure]").await?;
    kept.see("[data-test=session-withdrawn]").await?;
    kept.goes("[data-test=withdraw-one]").await?;
    hears_of_it(&lost).await
}

/// A tablet on which somebody has begun to work.
async fn works(driver: &Driver, server: &Server) -> Result<Browser> {
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    Ok(tablet)
}

/// A desk at which an administrator looks at the account.
async fn administers(driver: &Driver, server: &Server) -> Result<Browser> {
    let admin = driver.open("zh-CN", 1280, 900).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.see("[data-test=row], [data-test=work-state]").await?;
    admin.visit(&format!("/admin/accounts/{USER}")).await?;
    admin.see("[data-test=session]").await?;
    Ok(admin)
}

/// The next contact destroys the key and what it opened, and the office sees that.
async fn is_destroyed(lost: &Browser, admin: &Browser) -> Result<()> {
    ensure!(
        !admin
            .shows("[data-test=withdrawn-device][data-told=true]")
            .await?
    );
    hears_of_it(lost).await?;
    admin.client.refresh().await?;
    admin
        .see("[data-test=withdrawn-device][data-told=true]")
        .await
        .map(drop)
}

async fn hears_of_it(lost: &Browser) -> Result<()> {
    lost.client.refresh().await?;
    lost.see("[data-test=withdrawn]").await?;
    until("the vault to go", async || {
        let script = "indexedDB.databases().then(all => arguments[0](all.map(each => each.name)));";
        let names = lost.run(script, Vec::new()).await.ok()?;
        (names == Value::from(vec!["lianxin"])).then_some(())
    })
    .await?;
    lost.client.refresh().await?;
    lost.see("#user").await?;
    ensure!(
        !lost.shows("[data-test=person], #pin").await?,
        "the vault is still offered"
    );
    Ok(())
}
