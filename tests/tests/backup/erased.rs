//! What was removed for good stays away.

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_tests::server::{Server, binary};
use lianxin_tests::until::until;
use serde_json::json;

use crate::safe::{PASSWORD, Safe, host, text};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_does_not_come_back_from_an_older_backup() -> Result<()> {
    let mut server = Server::start().await?;
    let safe = Safe::new()?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    let stays = tablet.take_down("这条留下。", theme)?;
    let goes = tablet.take_down("这条要删除。", theme)?;
    tablet.sync_through(5).await?;
    // Who signs in later has to sign in again.
    let (mut away, _) = host(&server, "host1").await?;
    safe.back_up(&server)?;
    let listed = std::process::Command::new(binary())
        .args(["restore", text(&safe.place())?, "--list"])
        .output()?;
    let older = String::from_utf8(listed.stdout)?.trim().to_owned();

    let later = tablet.take_down("后来的，也要删除。", theme)?;
    tablet.sync_through(5).await?;
    away.sync_through(5).await?;
    for doc in [goes, later] {
        erase(&server, doc).await?;
    }
    safe.back_up(&server)?;
    server.kill();
    let said = safe.restore_with(&server, &safe.key(), &["--replace", "--at", &older])?;
    ensure!(said.contains("erased since"), "{said}");
    server.resume().await?;
    // A device that has not heard of it brings both again, with the server's own receipts.
    away.sync_through(10).await?;
    ensure!(
        away.text(goes, "body").is_err() && away.text(later, "body").is_err(),
        "a device keeps it"
    );
    let (fresh, _) = host(&server, "host1").await?;
    ensure!(fresh.text(stays, "body")? == "这条留下。");
    ensure!(
        fresh.text(goes, "body").is_err() && fresh.text(later, "body").is_err(),
        "it came back"
    );
    let bytes = std::fs::read(server.data().join("lianxin.sqlite"))?;
    let words = "要删除".as_bytes();
    ensure!(
        !bytes.windows(words.len()).any(|here| here == words),
        "it stands in the file"
    );
    Ok(())
}

async fn erase(server: &Server, doc: DocId) -> Result<()> {
    let http = reqwest::Client::new();
    let credentials = json!({ "user": "admin", "password": PASSWORD });
    let session = http
        .post(format!("{}/api/session", server.url()))
        .json(&credentials);
    let session: serde_json::Value = session.send().await?.error_for_status()?.json().await?;
    http.delete(format!("{}/api/documents/{doc}", server.url()))
        .bearer_auth(session["token"].as_str().context("no token")?)
        .json(&json!({ "reason": "本人要求" }))
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_for_good_is_in_a_backup_at_once() -> Result<()> {
    let safe = Safe::new()?;
    let mut server = Server::stopped()?;
    server.set("LIANXIN_BACKUP_TO", text(&safe.place())?);
    server.set("LIANXIN_BACKUP_FOR", &safe.recipient);
    server.resume().await?;
    let last = server.data().join("last-backup");
    let first = until("a backup", async || std::fs::read_to_string(&last).ok()).await?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    let doc = tablet.take_down("这条要删除。", theme)?;
    tablet.sync_through(5).await?;
    erase(&server, doc).await?;
    until("the next one, an hour early", async || {
        std::fs::read_to_string(&last).ok().filter(|at| *at > first)
    })
    .await
    .map(drop)
}
