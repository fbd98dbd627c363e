//! A device that was away comes back, on a server that may have very many records which are not its own.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow, ensure};
use serde_json::json;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use super::measure::{Phase, disk, rest};
use super::meter::Meter;
use super::scenario::{Ground, Settings, deflated, emit, through};
use super::workload::Edit;
use crate::server::Server;

/// How many records are sent before the device lets go of them, so that its process does not have to hold them all.
const AT_ONCE: u64 = 10_000;

/// The records on the server that are neither device's.
#[derive(Debug, Default)]
pub struct Others<'a> {
    /// How many.
    pub count: u64,
    /// The folder where the server's data is kept once they are there. If it is there already, they are in it.
    pub kept: Option<&'a Path>,
}

impl Others<'_> {
    /// A server that has them.
    async fn ground(&self, settings: &Settings, first: u64) -> Result<Ground> {
        let server = Server::stopped()?;
        if let Some(kept) = self.kept.filter(|kept| kept.exists()) {
            copy(kept, &server.data())?;
            return Ground::lay_again(server, settings).await;
        }
        let mut ground = Ground::lay_on(server, settings, 2).await?;
        let mut stranger = ground.device(&ground.server.url(), "fleet1").await?;
        for from in (0..self.count).step_by(AT_ONCE as usize) {
            let to = self.count.min(from + AT_ONCE);
            for n in first + from..first + to {
                stranger.start(&ground.workload.record(n))?;
            }
            through(&mut stranger).await?;
            stranger.forget();
            eprintln!("{to} of {} others are there", self.count);
        }
        if self.count > 0 {
            let s = rest(ground.server.pid()).await;
            eprintln!("the server rests after {s:.0} s");
        }
        if let Some(kept) = self.kept {
            ground.server.kill();
            copy(&ground.server.data(), kept)?;
            ground.server.resume().await?;
        }
        Ok(ground)
    }
}

/// Copies a folder that nobody writes to.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let done = Command::new("cp").arg("--archive").arg(from).arg(to).output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// Device A, back with `local` edits, and device B, which made `remote` others meanwhile.
pub async fn reconnect(
    settings: &Settings,
    scenario: &str,
    docs: u64,
    local: u64,
    remote: u64,
    others: &Others<'_>,
) -> Result<()> {
    let mut ground = others.ground(settings, docs).await?;
    let direct = ground.server.url();
    let meter = Meter::open(ground.server.port()).await?;
    let mut a = ground.device(&meter.url(), "fleet0").await?;
    let mut b = ground.device(&direct, "fleet0").await?;
    let records = ground.fill(&mut a, 0, docs)?;
    through(&mut a).await?;
    through(&mut b).await?;
    let (left, rest) = records.split_at(local as usize);
    let (right, rest) = rest.split_at(remote as usize);
    for (n, id) in left {
        ground.edit(&mut a, *n, *id, Edit::Local)?;
    }
    for (n, id) in right {
        ground.edit(&mut b, *n, *id, Edit::Remote)?;
    }
    let changes = deflated(&a.unsent_changes()?)? + deflated(&b.unsent_changes()?)?;
    through(&mut b).await?;
    a.requests = 0;
    // B is at its line and comes when it is told to, while A is still reading: two machines, so a thread for each.
    let mut line = b.wait_to_be_woken().await?;
    let runtime = Handle::current();
    let phase = Phase::begin(&meter, ground.server.pid());
    block_in_place(|| {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                runtime.block_on(async {
                    while ground.missing(&b, left, &[Edit::Local])? > 0 {
                        line.woken().await?;
                        through(&mut b).await?;
                    }
                    anyhow::Ok(())
                })
            });
            runtime.block_on(through(&mut a))?;
            other.join().map_err(|_| anyhow!("the other device panicked"))?
        })
    })?;
    let missing = ground.missing(&a, right, &[Edit::Remote])?;
    let mut measured = phase.end();
    measured.insert("http_requests".to_owned(), json!(a.requests));
    a.reopen()?;
    b.reopen()?;
    let mut all = 0;
    for device in [&a, &b] {
        all += ground.wrong(device, left, &[Edit::Local])? + ground.wrong(device, right, &[Edit::Remote])?;
        all += ground.wrong(device, rest, &[])?;
    }
    measured.insert("verified_all".to_owned(), json!(all == 0));
    ground.server.kill();
    let kept = disk(&ground.server.data());
    ground.server.resume().await?;
    let mut fresh = ground.device(&direct, "fleet0").await?;
    through(&mut fresh).await?;
    let lost = ground.wrong(&fresh, left, &[Edit::Local])? + ground.wrong(&fresh, right, &[Edit::Remote])?;
    measured.insert("edits_lost_on_kill".to_owned(), json!(lost));
    let floor = json!({ "N": docs, "L": local, "R": remote, "S": others.count, "changes_deflated": changes });
    emit(scenario, "reconnect", &floor, missing == 0, measured, kept);
    Ok(())
}
