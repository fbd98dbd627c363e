//! The server is restored from a backup that is older than what devices hold: they give back what it lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_shared::sync::Line;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;

const PASSWORD: &str = "lianxin-demo";
const USERS: [&str; 5] = ["host1", "host2", "host3", "member1", "host1"];
const DEVICES: usize = 30;

/// What is written after the backup, by which device, and where.
struct Story {
    server: Server,
    devices: Vec<Tablet>,
    words: BTreeMap<DocId, Vec<String>>,
}

/// Thirty devices write; a backup is made; for three days they write on, in their own records and in others'. Half of them sync
/// to the end.
async fn three_days(backup: &Path) -> Result<Story> {
    let mut server = Server::start().await?;
    let mut devices = Vec::new();
    let mut words: BTreeMap<DocId, Vec<String>> = BTreeMap::new();
    for n in 0..DEVICES {
        let mut device = Tablet::sign_in(&server.url(), USERS[n % USERS.len()], PASSWORD).await?;
        device.sync_through(5).await?;
        let theme = device.of_kind("theme").first().context("no themes")?.doc;
        for record in 0..3 {
            let body = format!("〔前{n}-{record}〕");
            let id = device.take_down(&body, theme)?;
            words.entry(id).or_default().push(body);
        }
        device.sync_through(5).await?;
        devices.push(device);
    }
    for device in &mut devices {
        device.sync_through(5).await?;
    }
    server.kill();
    copy(&server.data(), backup)?;
    server.resume().await?;
    for day in 0..3 {
        for (n, device) in devices.iter_mut().enumerate() {
            let theme = device.of_kind("theme").first().context("no themes")?.doc;
            let body = format!("〔后{day}-{n}〕");
            let id = device.take_down(&body, theme)?;
            words.entry(id).or_default().push(body);
            let others: Vec<_> = device
                .of_kind("suggestion")
                .iter()
                .map(|summary| summary.doc)
                .collect();
            let id = others[(n * 7 + day) % others.len()];
            // Only in records that are written in freely; those of the demonstration may be closed.
            if let Some(list) = words.get_mut(&id) {
                let more = format!("〔加{day}-{n}〕");
                let body = device.text(id, "body")? + &more;
                device.write(id, "body", Value::from(&*body))?;
                list.push(more);
            }
            device.sync_through(5).await?;
        }
    }
    for device in devices.iter_mut().step_by(2) {
        device.sync_through(5).await?;
    }
    Ok(Story {
        server,
        devices,
        words,
    })
}

impl Story {
    fn restore(&mut self, backup: &Path) -> Result<()> {
        self.server.kill();
        let data = self.server.data();
        std::fs::remove_dir_all(&data)?;
        copy(backup, &data)
    }

    /// Everything that was ever accepted stands on the server, and every device holds what its channels hold.
    async fn judge(&mut self) -> Result<()> {
        // Twice: the first to come back cannot hear of what the last one brings.
        for device in &mut self.devices {
            device.sync_through(10).await?;
        }
        let mut found = BTreeSet::new();
        for user in USERS {
            let mut fresh = Tablet::sign_in(&self.server.url(), user, PASSWORD).await?;
            fresh.sync_through(5).await?;
            for (id, list) in &self.words {
                let Ok(body) = fresh.text(*id, "body") else {
                    continue;
                };
                found.insert(*id);
                for words in list {
                    ensure!(body.contains(words), "{words} is lost");
                }
            }
            for device in self.devices.iter().filter(|d| d.principal.user.as_str() == user) {
                ensure!(device.refused()?.is_empty(), "something of {user} was refused");
                ensure!(
                    device.state()? == fresh.state()?,
                    "a device of {user} differs from its channels"
                );
            }
        }
        ensure!(
            found.len() == self.words.len(),
            "{} of {} records",
            found.len(),
            self.words.len()
        );
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_server_lost_comes_back_from_the_devices() -> Result<()> {
    let backup = tempfile::tempdir()?;
    let mut story = three_days(backup.path()).await?;
    story.restore(backup.path())?;
    story.server.begin_new_life()?;
    story.server.resume().await?;
    // Those who wrote the most of it never come back: others hold it, and the server knows its own receipts.
    let gone: Vec<_> = story.devices.drain(..5).collect();
    drop(gone);
    for device in &mut story.devices {
        device.sync_through(10).await?;
    }
    story.judge().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_to_be_sure_has_everything_compared() -> Result<()> {
    let backup = tempfile::tempdir()?;
    let mut story = three_days(backup.path()).await?;
    // Nobody told the server that it is an old one.
    story.restore(backup.path())?;
    story.server.resume().await?;
    for device in &mut story.devices {
        ensure!(device.check().await? == Line::On, "the check did not go through");
    }
    for device in &mut story.devices {
        ensure!(device.check().await? == Line::On, "the check did not go through");
    }
    story.judge().await
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        // The database's own files: a restored server need not have what hangs on records.
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
