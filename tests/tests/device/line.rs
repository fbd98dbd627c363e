//! On a line of the second generation the app stays usable while it is brought up to date, and never stands still.

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_tests::browser::Driver;
use lianxin_tests::line::Line;
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form};
use lianxin_tests::tablet::Tablet;

/// How many records come in: the words of a station's week.
const RECORDS: u64 = 60;

/// For so long the page may stand still at the most, in milliseconds. (What a person notices begins at 50; a machine on which
/// other tests run is held to more.)
const STILL: f64 = 200.0;

/// Notes the longest task from now on.
const WATCH: &str = "window.longest = 0;
    new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask' });
    arguments[0](true);";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_line_people_write_on_while_records_come_in() -> Result<()> {
    let mut server = Server::stopped()?;
    server.add_host("bench", "bench-0-password", &[DocId([0x5a; 16])])?;
    server.resume().await?;
    let line = Line::steady(server.port(), 7).await?;
    let driver = Driver::start()?;
    let browser = driver.open("zh-CN", 800, 1100).await?;
    browser.sign_in(&line.url(), "bench", "bench-0-password").await?;
    all_sent(&browser).await?;
    browser.visit("/new/suggestion").await?;
    browser.see("textarea[name=body]").await?;
    all_sent(&browser).await?;

    // Another device writes, while the line is slow.
    line.set_slow(true);
    let mut other = Tablet::sign_in(&server.url(), "bench", "bench-0-password").await?;
    other.sync_through(5).await?;
    let theme = other.of_kind("theme").first().context("no theme")?.doc;
    for n in 0..RECORDS {
        other.take_down(&format!("三号楼{n}室的窗户关不上，冬天漏风。"), theme)?;
    }
    browser.run(WATCH, Vec::new()).await?;
    other.sync_through(5).await?;

    // Meanwhile somebody writes, finishes, and it gets through.
    browser
        .keys("textarea[name=body]", "北门的路灯坏了，晚上看不见路。")
        .await?;
    browser.click("label.chip[data-value]").await?;
    browser.click("[data-test=done]").await?;
    leaves_form(&browser).await?;
    browser.click("a[href='/records']").await?;
    let all = format!("{}", RECORDS + 1);
    browser.says("p[role=status]", &all).await?;
    all_sent(&browser).await?;
    let longest = browser.run("arguments[0](window.longest);", Vec::new()).await?;
    let longest = longest.as_f64().context("nothing was observed")?;
    println!("the longest task took {longest} ms");
    ensure!(longest < STILL, "the page stood still for {longest} ms");
    Ok(())
}
