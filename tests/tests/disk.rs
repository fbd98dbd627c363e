//! A disk that is full: a clear error, nothing acknowledged that is not kept, and all goes on when there is room.

use anyhow::{Context, Result, ensure};
use lianxin_shared::sync::Line;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_costs_nothing() -> Result<()> {
    let mut server = Server::start().await?;
    let mut tablet = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.sync_through(5).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let kept = tablet.take_down("在磁盘满以前。", theme)?;
    tablet.sync_through(5).await?;

    // No file may grow any more.
    server.bound_files(Some(0))?;
    let mut waiting = Vec::new();
    for n in 0..20 {
        waiting.push(tablet.take_down(&format!("磁盘满了〔{n}〕"), theme)?);
    }
    ensure!(tablet.sync().await? == Line::Off, "the exchange went through");
    ensure!(
        tablet.unsent() == waiting.len(),
        "something was acknowledged that cannot be kept"
    );
    // It lives, and still reads.
    let health = reqwest::get(format!("{}/health", server.url())).await?;
    ensure!(health.status().is_success(), "the server has given up");

    server.bound_files(None)?;
    tablet.sync_through(5).await?;
    server.kill();
    server.resume().await?;
    let mut fresh = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    fresh.sync_through(5).await?;
    for id in waiting.iter().chain([&kept]) {
        ensure!(
            fresh.text(*id, "body")? == tablet.text(*id, "body")?,
            "{id} is lost"
        );
    }
    Ok(())
}
