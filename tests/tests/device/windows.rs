//! Two windows of one browser: one leads, the other follows, and takes over.

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form};

use super::{PASSWORD, USER};

#[tokio::test(flavor = "multi_thread")]
async fn the_other_window_follows_and_takes_over() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let browser = driver.open("zh-CN", 800, 1100).await?;
    browser.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&browser).await?;
    browser.visit("/records").await?;
    browser.see("[data-test=row]").await?;

    // What is written in the second is seen in the first, which sends it.
    let first = browser.client.window().await?;
    let second = browser.client.new_window(true).await?.handle;
    browser.client.switch_to_window(second.clone()).await?;
    browser.go(&server.url()).await?;
    let one = take_down(&browser, "南门的栏杆松了。").await?;
    all_sent(&browser).await?;
    browser.client.switch_to_window(first).await?;
    let row = format!("[data-test=row][data-id='{one}']");
    browser.see(&row).await?;
    browser.says(&row, "办公室已收到").await?;

    // The leader closes; what is written then is sent by the one that is left, which also hears what others do.
    browser.client.close_window().await?;
    browser.client.switch_to_window(second).await?;
    let two = take_down(&browser, "西门的井盖响。").await?;
    all_sent(&browser).await?;
    browser.visit("/records").await?;
    for id in [one, two] {
        let row = format!("[data-test=row][data-id='{id}']");
        browser.says(&row, "办公室已收到").await?;
    }
    Ok(())
}

/// Takes down what a resident says; answers the record's id.
pub(super) async fn take_down(browser: &Browser, said: &str) -> Result<String> {
    browser.visit("/new/suggestion").await?;
    browser.keys("textarea[name=body]", said).await?;
    browser.click("label.chip[data-value]").await?;
    browser.click("[data-test=done]").await?;
    leaves_form(browser).await?;
    let url = browser.client.current_url().await?;
    let id = url.path_segments().and_then(Iterator::last).unwrap_or_default();
    Ok(id.to_owned())
}
