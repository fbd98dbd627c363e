//! The pictures of the book and the README.

use std::path::Path;

use anyhow::Result;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::all_sent;
use lianxin_tests::until::until;
use lianxin_tests::vault;

use crate::PASSWORD;
use crate::camera::{Spoken, speak, take};

/// A host's pages, on a phone: a day, a suggestion taken down with no network, its receipt, and whether all of it is safe.
pub(crate) async fn of_a_host(
    driver: &Driver,
    server: &mut Server,
    spoken: &Spoken,
    to: &Path,
) -> Result<()> {
    let tablet = driver.open(spoken.lang, 412, 760).await?;
    tablet.go(&server.url()).await?;
    speak(&tablet, spoken).await?;
    tablet.give_credentials("host1", PASSWORD).await?;
    tablet.see("#pin-new").await?;
    take(&tablet, &to.join("pin.png")).await?;
    tablet.choose_pin(PIN).await?;
    all_sent(&tablet).await?;
    tablet.visit("/more").await?;
    speak(&tablet, spoken).await?;
    tablet.visit("/").await?;
    all_sent(&tablet).await?;
    until("the server to know the vault", async || {
        vault::is_introduced(&tablet, "host1").await.ok()?.then_some(())
    })
    .await?;
    take(&tablet, &to.join("today.png")).await?;
    server.kill();
    tablet.client.refresh().await?;
    tablet.see("[data-test=work-state][data-line=off]").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", spoken.said).await?;
    choose_first_theme(&tablet).await?;
    take(&tablet, &to.join("suggestion.png")).await?;
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    take(&tablet, &to.join("receipt.png")).await?;
    tablet.visit("/records").await?;
    tablet.see("[data-test=row]").await?;
    take(&tablet, &to.join("offline.png")).await?;
    tablet.visit("/safe").await?;
    tablet.see("[data-test=safe]").await?;
    take(&tablet, &to.join("safe.png")).await?;
    tablet.visit("/handover").await?;
    tablet.see("[data-test=to-hand-over]").await?;
    take(&tablet, &to.join("handover.png")).await?;
    server.resume().await?;
    tablet.visit("/year").await?;
    all_sent(&tablet).await?;
    take(&tablet, &to.join("year.png")).await?;
    tablet.visit("/more").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("#pin").await?;
    take(&tablet, &to.join("locked.png")).await
}

/// The office's pages and the administrator's, on a desk's screen.
pub(crate) async fn of_the_office(
    driver: &Driver,
    server: &Server,
    spoken: &Spoken,
    to: &Path,
) -> Result<()> {
    let (width, height) = (1040, 820);
    let office = driver.open(spoken.lang, width, height).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    speak(&office, spoken).await?;
    take(&office, &to.join("inbox.png")).await?;
    office.visit("/office?state=received&kind=suggestion").await?;
    office.click("[data-test=row]").await?;
    office.see("[data-test=acts]").await?;
    office.client.set_window_size(width, height + 100).await?;
    take(&office, &to.join("handling.png")).await?;
    let admin = driver.open(spoken.lang, width, height).await?;
    admin.sign_in(&server.url(), "admin", PASSWORD).await?;
    admin.see("[data-test=row]").await?;
    speak(&admin, spoken).await?;
    admin.visit("/admin/accounts/host1").await?;
    admin.see("[data-test=belongs]").await?;
    take(&admin, &to.join("account.png")).await
}

/// One picture of each other role's first page, and of what a resident sees.
pub(crate) async fn of_each_role(driver: &Driver, server: &Server, spoken: &Spoken, to: &Path) -> Result<()> {
    for (user, path, sign) in [
        ("member1", "/year", "[data-figure]"),
        ("leader1", "/new", "main h1"),
        ("handler1", "/", "main h1"),
        ("supervisor1", "/", "main h1"),
    ] {
        let tablet = driver.open(spoken.lang, 412, 760).await?;
        tablet.go(&server.url()).await?;
        speak(&tablet, spoken).await?;
        tablet.give_credentials(user, PASSWORD).await?;
        tablet.choose_pin(PIN).await?;
        tablet.see("main h1").await?;
        tablet.visit(path).await?;
        tablet.see(sign).await?;
        take(&tablet, &to.join(format!("{}.png", user.trim_end_matches('1')))).await?;
    }
    let resident = driver.open(spoken.lang, 412, 760).await?;
    resident
        .go(&format!("{}/public?lang={}", server.url(), spoken.name))
        .await?;
    resident.see("h1").await?;
    take(&resident, &to.join("resident.png")).await
}

async fn choose_first_theme(tablet: &Browser) -> Result<()> {
    tablet.see("label.chip[data-value]").await?;
    let script = "document.querySelector('label.chip[data-value]').click(); arguments[0](true);";
    tablet.run(script, Vec::new()).await.map(drop)
}
