//! What is half written outlives whatever becomes of the page, from the first key on.

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::until::until;

const PASSWORD: &str = "lianxin-demo";
/// A draft that is lost now and then is found by trying often.
const TIMES: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_straight_after_a_key_loses_nothing() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.see("[data-test=new-suggestion]").await?;
    for n in 0..TIMES {
        tablet.visit("/").await?;
        tablet.click("[data-test=new-suggestion]").await?;
        let words = format!("第{n}次：路灯坏了");
        tablet.keys("textarea[name=body]", &words).await?;
        tablet.client.refresh().await?;
        holds(&tablet, "textarea[name=body]", &words).await?;
        // What was kept is written on, one key at a time.
        tablet.keys("textarea[name=body]", "。").await?;
        tablet.client.refresh().await?;
        holds(&tablet, "textarea[name=body]", &format!("{words}。")).await?;
    }
    Ok(())
}

async fn holds(browser: &Browser, css: &str, words: &str) -> Result<()> {
    until(&format!("{css} to hold “{words}”"), async || {
        browser.value(css).await.ok().filter(|value| value == words)
    })
    .await
    .map(drop)
}
