//! A tablet whose clock is wrong by years: nobody is kept from working, nothing is lost, and nobody else reads nonsense.

use anyhow::{Context, Result, ensure};
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, lock};
use lianxin_tests::vault;
use serde_json::json;

use super::windows::take_down;
use super::{PASSWORD, USER};

/// Three years, in milliseconds.
const FAR: i64 = 3 * 365 * 24 * 60 * 60 * 1_000;

/// Sets the page's clock before the app starts, as if the device's were so.
const SET: &str = "{
    const [Real, shift] = [Date, SHIFT];
    const now = () => Real.now() + shift;
    globalThis.Date = new Proxy(Real, {
        construct: (_, given, as) => Reflect.construct(Real, given.length ? given : [now()], as),
        apply: () => new Real(now()).toString(),
        get: (_, name) => name === 'now' ? now : Reflect.get(Real, name),
    });
}";

/// What no list may say: an age below nothing, or a moment that is none.
const NONSENSE: &str = r"const [done] = arguments;
    const said = document.body.innerText;
    done(said.match(/[-−]\s*\d+\s*(天|年|小时|分钟|days?|years?)|\d+\s*(天|年)后|in \d+ (days|years)|NaN|Invalid|undefined/)?.[0] ?? null);";

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_years_wrong_does_no_harm() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let right = driver.open("zh-CN", 800, 1100).await?;
    right.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&right).await?;
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    all_sent(&office).await?;

    for (shift, said) in [(FAR, "南门的栏杆松了。"), (-FAR, "西门的井盖响。")] {
        let tablet = driver.open("zh-CN", 800, 1100).await?;
        let before_the_app = json!({ "source": SET.replace("SHIFT", &shift.to_string()) });
        tablet
            .devtools("Page.addScriptToEvaluateOnNewDocument", before_the_app)
            .await?;
        tablet.sign_in(&server.url(), USER, PASSWORD).await?;
        all_sent(&tablet).await?;
        ensure!(year(&tablet).await? - year(&right).await? == shift.signum() * 3);

        // Taken down, locked and unlocked, it reaches the office, and the receipt comes back.
        let id = take_down(&tablet, said).await?;
        lock(&tablet).await?;
        tablet.unlock(PIN).await?;
        all_sent(&tablet).await?;
        let row = format!("[data-test=row][data-id='{id}']");
        tablet.visit("/records").await?;
        tablet.says(&row, "办公室已收到").await?;
        tablet.client.refresh().await?;
        tablet.says(&row, "办公室已收到").await?;
        // It has the time at which it was taken down, not what the tablet's clock showed.
        let held = vault::held(&tablet, USER, id.parse()?).await?;
        let created = held
            .context("it is gone")?
            .document()?
            .record()?
            .envelope
            .created_at;
        let off = jiff::Timestamp::now().as_millisecond() - created.0;
        ensure!((0..15 * 60_000).contains(&off), "off by {off} ms");

        // Whoever has a right clock sees it, and nobody reads nonsense.
        right.visit("/records").await?;
        right.says(&row, said).await?;
        office.visit("/office").await?;
        office.says(&row, said).await?;
        let record = format!("/records/{id}");
        for browser in [&tablet, &right] {
            makes_sense(browser, &["/", "/records", &record, "/year", "/more"]).await?;
        }
        let of_office = format!("/office{record}");
        makes_sense(&office, &["/office", "/office/watch", "/office/year", &of_office]).await?;
    }
    Ok(())
}

async fn year(browser: &Browser) -> Result<i64> {
    let year = browser
        .run("arguments[0](new Date().getFullYear());", Vec::new())
        .await?;
    year.as_i64().context("no year")
}

/// Reads these pages.
async fn makes_sense(browser: &Browser, pages: &[&str]) -> Result<()> {
    for page in pages {
        browser.visit(page).await?;
        browser.see("#page h1, .row").await?;
        let found = browser.run(NONSENSE, Vec::new()).await?;
        ensure!(found.is_null(), "{page} says {found}");
    }
    Ok(())
}
