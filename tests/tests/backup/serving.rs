//! Backups that a server makes by itself.

use anyhow::Result;
use lianxin_tests::server::Server;
use lianxin_tests::until::until;

use crate::safe::{Safe, host, text};

#[tokio::test(flavor = "multi_thread")]
async fn while_it_serves_a_server_makes_its_backups_and_a_place_that_is_gone_does_no_harm() -> Result<()> {
    let safe = Safe::new()?;
    let mut server = Server::stopped()?;
    server.set("LIANXIN_BACKUP_TO", text(&safe.place())?);
    server.set("LIANXIN_BACKUP_FOR", &safe.recipient);
    server.set("LIANXIN_BACKUP_EVERY", "100ms");
    server.resume().await?;
    let last = server.data().join("last-backup");
    let first = until("a backup", async || std::fs::read_to_string(&last).ok()).await?;
    first.trim().parse::<jiff::Timestamp>()?;
    // The place is gone, and a file stands where it was.
    std::fs::rename(safe.place(), safe.folder.path().join("moved"))?;
    std::fs::write(safe.place(), "")?;
    until("the log to say so", async || {
        server.log().ok()?.contains("backup.failed").then_some(())
    })
    .await?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    tablet.take_down("照常服务。", theme)?;
    tablet.sync_through(5).await?;
    // It is there again.
    std::fs::remove_file(safe.place())?;
    std::fs::rename(safe.folder.path().join("moved"), safe.place())?;
    let before = std::fs::read_to_string(&last)?;
    until("another backup", async || {
        std::fs::read_to_string(&last).ok().filter(|at| *at > before)
    })
    .await?;
    Ok(())
}
