//! A disk that takes nothing, because it is full or read-only: a clear error, nothing acknowledged that is not kept, and all
//! goes on when it can.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use lianxin_shared::sync::Line;
use lianxin_tests::server::{Server, binary};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::PATIENCE;
use serde_json::{Value, json};
use tokio::process::Command;

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_costs_nothing() -> Result<()> {
    // No file may grow any more.
    costs_nothing(
        |server| server.bound_files(Some(0)),
        |server| server.bound_files(None),
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_became_read_only_is_told_and_costs_nothing() -> Result<()> {
    costs_nothing(Server::protect_files, Server::release_files).await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_read_only_database_a_server_says_so_and_does_not_start() -> Result<()> {
    let mut server = Server::start().await?;
    server.kill();
    server.protect_files()?;
    let mut command = Command::new(binary());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
    let command = command.arg(server.data()).env_remove("LIANXIN_DATABASE");
    let child = command.stderr(Stdio::piped()).kill_on_drop(true).spawn()?;
    let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await??;
    let said = String::from_utf8_lossy(&ended.stderr);
    ensure!(
        ended.status.code() == Some(1) && said.contains("readonly database"),
        "{}: {said}",
        ended.status
    );
    server.release_files()?;
    server.resume().await
}

/// Work goes on while the disk takes nothing, from where `stop` stops it until `go` lets it go on.
async fn costs_nothing(
    stop: impl Fn(&mut Server) -> Result<()>,
    go: impl Fn(&mut Server) -> Result<()>,
) -> Result<()> {
    let mut server = Server::start().await?;
    let mut tablet = Tablet::sign_in(&server.url(), "host1", PASSWORD).await?;
    tablet.sync_through(5).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let kept = tablet.take_down("在磁盘停下以前。", theme)?;
    tablet.sync_through(5).await?;

    stop(&mut server)?;
    let mut waiting = Vec::new();
    for n in 0..20 {
        waiting.push(tablet.take_down(&format!("磁盘停下了〔{n}〕"), theme)?);
    }
    ensure!(tablet.sync().await? == Line::Off, "the exchange went through");
    ensure!(
        tablet.unsent() == waiting.len(),
        "something was acknowledged that cannot be kept"
    );
    is_told(&server).await?;
    // It lives, and still reads.
    let health = reqwest::get(format!("{}/health", server.url())).await?;
    ensure!(health.status().is_success(), "the server has given up");

    go(&mut server)?;
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

/// Whoever wants something that has to be written down is told in words that it cannot be now, and to come again.
async fn is_told(server: &Server) -> Result<()> {
    let credentials = json!({ "user": "host1", "password": PASSWORD });
    let request = reqwest::Client::new().post(format!("{}/api/session", server.url()));
    let answer = request.json(&credentials).send().await?;
    ensure!(answer.status() == 503, "{}", answer.status());
    ensure!(
        answer.headers().contains_key("retry-after"),
        "not when to come again"
    );
    let problem: Value = answer.json().await?;
    let has_words = problem["detail"].as_str().is_some_and(|words| !words.is_empty());
    ensure!(problem["code"] == "unavailable" && has_words, "{problem}");
    Ok(())
}
