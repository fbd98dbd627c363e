//! The app is there without a network, although the line was cut while the browser fetched what that takes.

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::line::Line;
use lianxin_tests::server::Server;
use lianxin_tests::until::until;
use serde_json::json;

/// Has the page wait with what keeps the app, until it is told to go on.
const WAIT: &str = "const container = ServiceWorkerContainer.prototype, register = container.register;
    const told = new Promise(go => window.go = go);
    container.register = async function (...given) {
        await told;
        return window.registration = await register.apply(this, given);
    };";

#[tokio::test(flavor = "multi_thread")]
async fn the_app_is_fetched_whole_although_the_line_is_cut_meanwhile() -> Result<()> {
    let server = Server::start().await?;
    let line = Line::steady(server.port(), 7).await?;
    let driver = Driver::start()?;
    let browser = driver.open("zh-CN", 360, 740).await?;
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WAIT }))
        .await?;
    browser.go(&line.url()).await?;
    browser.see("input[name=user]").await?;

    // It is slow, so that it is still at it when it is cut.
    line.set_slow(true);
    browser.run("window.go(); arguments[0]();", Vec::new()).await?;
    is(&browser, "registration?.installing").await?;
    line.close();
    line.set_slow(false);
    is(
        &browser,
        "registration.installing === null && registration.active === null",
    )
    .await?;

    line.reopen();
    is(&browser, "navigator.serviceWorker.controller").await?;
    line.close();
    browser.client.refresh().await?;
    browser.see("input[name=user]").await.map(drop)
}

/// Waits until something is so on the page.
async fn is(browser: &Browser, what: &str) -> Result<()> {
    let script = format!("arguments[0](Boolean(window.{what}));");
    let look = async || {
        browser
            .run(&script, Vec::new())
            .await
            .ok()?
            .as_bool()?
            .then_some(())
    };
    until(what, look).await
}
