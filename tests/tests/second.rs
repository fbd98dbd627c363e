//! A code besides the password, in a real browser: switched on, asked for at the next sign-in, and a session ended from afar.

use anyhow::{Context as _, Result, ensure};
use lianxin_tests::browser::{Driver, PIN};
use lianxin_tests::server::Server;
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_signs_in_with_a_code_and_ends_the_session_at_another_desk() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let first = driver.open("zh-CN", 1280, 860).await?;
    first.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    first.see("[data-test=admin], .office").await?;
    first.visit("/access").await?;
    first.see("[data-test=session]").await?;
    first.click("[data-test=second-begin]").await?;
    let secret = first.text("[data-test=second-secret]").await?;
    let secret = Secret::try_from_base32(secret).map_err(|e| anyhow::anyhow!("{e}"))?;
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let code = |steps: u64| totp.generate(now.as_secs() + steps * 30).to_string();
    first.keys("#second-code", &code(0)).await?;
    first.keys("#second-password", PASSWORD).await?;
    first.click("[data-test=second-confirm]").await?;
    let recovery = first.text("[data-test=recovery]").await?;
    let recovery = recovery
        .split_whitespace()
        .next()
        .context("no recovery code")?
        .to_owned();

    let second = driver.open("zh-CN", 1280, 860).await?;
    second.go(&server.url()).await?;
    second.keys("#user", "clerk1").await?;
    second.keys("#password", PASSWORD).await?;
    second.click("#sign-in").await?;
    second.says("[data-test=sign-in-failed]", "六位数字").await?;
    // The one that switched it on was used.
    second.keys("#second", &code(0)).await?;
    second.click("#sign-in").await?;
    second.says("[data-test=sign-in-failed]", "只能用一次").await?;
    second.see("#second").await?.clear().await?;
    second.keys("#second", &recovery).await?;
    second.click("#sign-in").await?;
    second.choose_pin(PIN).await?;
    second.see(".office").await?;

    first.visit("/access").await?;
    first.says("[data-test=second-on]", "9").await?;
    first.click("[data-test=session] [data-test=end]").await?;
    lianxin_tests::until::until("the other session to be gone", async || {
        (!first.shows("[data-test=end]").await.ok()?).then_some(())
    })
    .await?;
    ensure!(first.shows("[data-test=session]").await?);
    Ok(())
}
