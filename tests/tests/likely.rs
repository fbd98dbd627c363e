//! The tablet says, with no line, what is likely to speak of the same as what is being written.

use anyhow::{Context, Result};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::Summary;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form, no_line};
use lianxin_tests::until::until;
use lianxin_tests::vault;

const PASSWORD: &str = "lianxin-demo";
const USER: &str = "host1";
const SAID: &str = "梧桐苑三号楼的电梯经常停运，老人上下楼很难。";
const AGAIN: &str = "梧桐苑三号楼电梯又停了，家里老人下不了楼";

#[tokio::test(flavor = "multi_thread")]
async fn what_speaks_of_the_same_is_shown_without_a_line_and_keeps_nobody_from_sending() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    server.kill();
    tablet.client.refresh().await?;
    no_line(&tablet).await?;
    let known = take_down(&tablet, SAID).await?;
    let shown = format!("[data-test=likely][data-id='{known}']");

    open_form(&tablet).await?;
    tablet.keys("textarea[name=body]", AGAIN).await?;
    tablet.see(&shown).await?;
    tablet.says(&shown, "梧桐苑三号楼").await?;
    tablet.says(&shown, "很像").await?;

    // It opens in place, and the way back leads to what was written.
    tablet.click(&format!("{shown} a")).await?;
    tablet.says("main", SAID).await?;
    tablet.client.back().await?;
    until("the draft to be there", async || {
        tablet
            .value("textarea[name=body]")
            .await
            .ok()
            .filter(|text| text == AGAIN)
    })
    .await?;
    tablet.see(&shown).await?;

    // Finished all the same; of the two neither is its own twin.
    let second = finish(&tablet).await?;
    tablet.visit(&format!("/records/{second}/edit")).await?;
    tablet.see(&shown).await?;
    assert!(
        !tablet
            .shows(&format!("[data-test=likely][data-id='{second}']"))
            .await?
    );

    // Other words are not alike.
    open_form(&tablet).await?;
    tablet.keys("textarea[name=body]", AGAIN).await?;
    tablet.see(&shown).await?;
    tablet.see("textarea[name=body]").await?.clear().await?;
    tablet
        .keys("textarea[name=body]", "菜场门口的早点摊收摊太早")
        .await?;
    tablet.goes("[data-test=likely]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_version_kept_is_found_too() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    let known = take_down(&tablet, SAID).await?;
    all_sent(&tablet).await?;
    let kept = vault::summary(&tablet, USER, known).await?.context("not kept")?;
    let old = Summary {
        sketch: None,
        ..kept.clone()
    };
    vault::put_summary(&tablet, USER, &old).await?;

    tablet.client.refresh().await?;
    open_form(&tablet).await?;
    tablet.keys("textarea[name=body]", AGAIN).await?;
    tablet
        .see(&format!("[data-test=likely][data-id='{known}']"))
        .await?;
    // Made anew once, not at each start.
    until("it to be kept", async || {
        let now = vault::summary(&tablet, USER, known).await.ok()??;
        (now == kept).then_some(())
    })
    .await
}

async fn open_form(tablet: &Browser) -> Result<()> {
    tablet.visit("/").await?;
    tablet.click("[data-test=new-suggestion]").await
}

async fn take_down(tablet: &Browser, body: &str) -> Result<DocId> {
    open_form(tablet).await?;
    tablet.keys("textarea[name=body]", body).await?;
    finish(tablet).await
}

/// Chooses a theme and finishes the form that is open; answers which record it is.
async fn finish(tablet: &Browser) -> Result<DocId> {
    tablet.click("[data-field=theme] label.chip").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(tablet).await?;
    let url = tablet.client.current_url().await?;
    let id = url.path().split('/').nth(2).context("no record in the address")?;
    Ok(id.parse()?)
}
