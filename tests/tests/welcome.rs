//! Whoever is new to a tablet is told in three screens what it is: once, and again whenever they want to.

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;

const PASSWORD: &str = "lianxin-demo";
const WELCOME: &str = "[data-test=welcome]";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_tablet_says_what_it_is_once_and_to_whoever_asks_again() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 360, 740).await?;
    tablet.go(&server.url()).await?;
    tablet.visit("/year").await?;
    tablet.give_credentials("host1", PASSWORD).await?;
    tablet.give_pin(PIN).await?;

    // One after the other, forth and back; nothing was read before it was read.
    screen(&tablet, 1).await?;
    tablet.click("[data-test=welcome-next]").await?;
    screen(&tablet, 2).await?;
    // Who listens is read the new screen from its beginning.
    tablet.see("[data-test=welcome] h1:focus").await?;
    tablet.says(WELCOME, "办公室已收到").await?;
    // What passes the open vault from a page to the next has to be there first.
    let passer = "const [done] = arguments;
        const passer = navigator.serviceWorker;
        const there = () => done(true);
        if (passer.controller) there(); else passer.addEventListener('controllerchange', there, { once: true });";
    tablet.run(passer, Vec::new()).await?;
    tablet.client.refresh().await?;
    screen(&tablet, 1).await?;
    tablet.click("[data-test=welcome-next]").await?;
    tablet.click("[data-test=welcome-back]").await?;
    screen(&tablet, 1).await?;
    tablet.click("[data-test=welcome-next]").await?;
    screen(&tablet, 2).await?;
    tablet.click("[data-test=welcome-next]").await?;
    screen(&tablet, 3).await?;
    tablet.click("[data-test=welcome-done]").await?;

    // Then comes what was asked for, and it is not told again: not to the next one at the tablet either.
    tablet.says("main h1", "年").await?;
    tablet.client.refresh().await?;
    tablet.see("[data-test=work-state]").await?;
    assert!(!tablet.shows(WELCOME).await?);
    tablet.visit("/more").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.click("[data-test=somebody-else]").await?;
    tablet.give_credentials("host2", PASSWORD).await?;
    tablet.give_pin(PIN).await?;
    tablet.see("[data-test=work-state]").await?;
    assert!(!tablet.shows(WELCOME).await?);

    // Who asks is told, and comes back to where they asked.
    tablet.visit("/more").await?;
    tablet.click("[data-test=to-welcome]").await?;
    screen(&tablet, 1).await?;
    tablet.click("[data-test=welcome-skip]").await?;
    tablet.see("main [data-test=text-size]").await?;
    Ok(())
}

async fn screen(tablet: &Browser, n: usize) -> Result<()> {
    tablet
        .see(&format!("{WELCOME}[data-screen='{n}']"))
        .await
        .map(drop)
}
