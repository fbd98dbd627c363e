//! The scenarios. Each verifies what it measured: by reading the other side, and after the server was killed and started again.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use flate2::{Compression, write::DeflateEncoder};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::Line;
use serde_json::{Map, Value, json};

use super::measure::{Phase, disk};
use super::meter::Meter;
use super::workload::{Edit, Workload};
use crate::server::Server;
use crate::tablet::Tablet;

pub(super) const PASSWORD: &str = "fleet-0-password";

/// How many devices sign in at once.
const AT_ONCE: usize = 8;

/// What all scenarios have in common.
#[derive(Debug, Clone)]
pub struct Settings {
    /// From which the records follow.
    pub seed: u64,
    /// Real bodies instead of drawn ones.
    pub texts: Option<PathBuf>,
}

impl Settings {
    /// The records, over these themes.
    pub fn workload(&self, themes: Vec<DocId>) -> Result<Workload> {
        let workload = Workload::new(self.seed, themes);
        match &self.texts {
            Some(texts) => workload.with_texts(texts),
            None => Ok(workload),
        }
    }
}

/// A server with hosts, each at a station of their own, and a reader who is at home in all of them.
pub(super) struct Ground {
    pub(super) server: Server,
    pub(super) workload: Workload,
}

impl Ground {
    pub(super) async fn lay(settings: &Settings, hosts: usize) -> Result<Self> {
        Self::lay_on(Server::stopped()?, settings, hosts).await
    }

    /// On a server that does not run yet.
    pub(super) async fn lay_on(server: Server, settings: &Settings, hosts: usize) -> Result<Self> {
        let stations: Vec<_> = (0..hosts).map(station).collect();
        for (n, station) in stations.iter().enumerate() {
            server.add_host(&format!("fleet{n}"), PASSWORD, &[*station])?;
        }
        server.add_host("reader", PASSWORD, &stations)?;
        Self::lay_again(server, settings).await
    }

    /// On one whose hosts are there already.
    pub(super) async fn lay_again(mut server: Server, settings: &Settings) -> Result<Self> {
        server.resume().await?;
        let mut scout = Tablet::sign_in(&server.url(), "fleet0", PASSWORD).await?;
        scout.sync_through(10).await?;
        let themes = scout.of_kind("theme").iter().map(|theme| theme.doc).collect();
        let workload = settings.workload(themes)?;
        Ok(Self { server, workload })
    }

    pub(super) async fn device(&self, url: &str, user: &str) -> Result<Tablet> {
        let http = reqwest::Client::builder().tcp_nodelay(true).build()?;
        Tablet::over(http, url, user, PASSWORD).await
    }

    /// Starts records `from..to` on a device, each with its two edits.
    pub(super) fn fill(&self, device: &mut Tablet, from: u64, to: u64) -> Result<Vec<(u64, DocId)>> {
        (from..to)
            .map(|n| {
                let id = device.start(&self.workload.record(n))?;
                for edit in [Edit::Theme, Edit::Splice] {
                    self.edit(device, n, id, edit)?;
                }
                Ok((n, id))
            })
            .collect()
    }

    /// The same for many devices, each from its own record on, on all cores.
    fn fill_all(&self, devices: &mut [(u64, Tablet)], each: u64) -> Result<Vec<(u64, DocId)>> {
        let cores = std::thread::available_parallelism()?.get();
        let share = devices.len().div_ceil(cores).max(1);
        let fill = |some: &mut [(u64, Tablet)]| {
            let mut records = Vec::new();
            for (from, device) in some {
                records.extend(self.fill(device, *from, *from + each)?);
            }
            anyhow::Ok(records)
        };
        std::thread::scope(|scope| {
            let filling = devices.chunks_mut(share);
            let filling: Vec<_> = filling.map(|some| scope.spawn(move || fill(some))).collect();
            let mut records = Vec::new();
            for some in filling {
                records.extend(some.join().map_err(|_| anyhow!("a device panicked"))??);
            }
            Ok(records)
        })
    }

    pub(super) fn edit(&self, device: &mut Tablet, n: u64, id: DocId, edit: Edit) -> Result<()> {
        let before = device.values(id)?.context("the record is not here")?;
        for (field, value) in self.workload.edit(n, &before, edit) {
            device.write(id, &field, value)?;
        }
        Ok(())
    }

    /// How many records a device does not show as it must, by what it made of each when it arrived.
    pub(super) fn missing(&self, device: &Tablet, records: &[(u64, DocId)], edits: &[Edit]) -> Result<usize> {
        let mut missing = 0;
        for (n, id) in records {
            if !device.shows(*id, &self.workload.expected(*n, edits))? {
                missing += 1;
            }
        }
        Ok(missing)
    }

    /// How many records do not read on a device as they must, each document opened.
    pub(super) fn wrong(&self, device: &Tablet, records: &[(u64, DocId)], edits: &[Edit]) -> Result<usize> {
        let mut wrong = 0;
        for (n, id) in records {
            if device.values(*id)?.as_ref() != Some(&self.workload.expected(*n, edits)) {
                wrong += 1;
            }
        }
        Ok(wrong)
    }

    /// A fresh device on a freshly started server reads everything; answers what it cost and whether all was right.
    async fn bootstrap(
        &mut self,
        user: &str,
        records: &[(u64, DocId)],
    ) -> Result<(Map<String, Value>, bool)> {
        self.server.resume().await?;
        let meter = Meter::open(self.server.port()).await?;
        let mut device = self.device(&meter.url(), user).await?;
        let phase = Phase::begin(&meter, self.server.pid());
        through(&mut device).await?;
        let missing = self.missing(&device, records, &[])?;
        let mut measured = phase.end();
        measured.insert("http_requests".to_owned(), json!(device.requests));
        self.server.kill();
        device.reopen()?;
        let right = missing == 0 && self.wrong(&device, records, &[])? == 0;
        Ok((measured, right))
    }
}

/// One device's new records until the server has them; then a fresh device's, after a kill.
pub async fn upload(settings: &Settings, docs: u64) -> Result<()> {
    let mut ground = Ground::lay(settings, 1).await?;
    let meter = Meter::open(ground.server.port()).await?;
    let mut device = ground.device(&meter.url(), "fleet0").await?;
    let records = ground.fill(&mut device, 0, docs)?;
    let changes = deflated(&device.unsent_changes()?)?;
    let phase = Phase::begin(&meter, ground.server.pid());
    through(&mut device).await?;
    let mut measured = phase.end();
    measured.insert("http_requests".to_owned(), json!(device.requests));
    ground.server.kill();
    let kept = disk(&ground.server.data());
    let (bootstrap, right) = ground.bootstrap("fleet0", &records).await?;
    let floor = json!({ "N": docs, "changes_deflated": changes });
    emit("upload", "bootstrap", &floor, right, bootstrap, Map::new());
    measured.insert("verified_after_kill".to_owned(), json!(right));
    emit("upload", "upload", &floor, true, measured, kept);
    Ok(())
}

/// Many devices, each with new records, all at once.
pub async fn fleet(settings: &Settings, devices: usize, docs: u64) -> Result<()> {
    let mut ground = Ground::lay(settings, devices).await?;
    let meter = Meter::open(ground.server.port()).await?;
    let begin = async |n: u64| {
        let mut tablet = ground.device(&meter.url(), &format!("fleet{n}")).await?;
        // What the district has for everybody is there already: measured is what the devices bring.
        through(&mut tablet).await?;
        anyhow::Ok((n * docs, tablet))
    };
    let beginning = stream::iter((0..devices as u64).map(begin)).buffered(AT_ONCE);
    let mut tablets: Vec<_> = beginning.try_collect().await?;
    let records = ground.fill_all(&mut tablets, docs)?;
    eprintln!("fleet: {devices} devices have their records");
    let phase = Phase::begin(&meter, ground.server.pid());
    let syncing = tablets.into_iter().map(|(_, mut tablet)| {
        tokio::spawn(async move {
            let start = std::time::Instant::now();
            tablet.requests = 0;
            at_its_pace(&mut tablet).await?;
            let ms = start.elapsed().as_secs_f64() * 1_000.0;
            anyhow::Ok((ms, tablet.requests, tablet.turned_away))
        })
    });
    let (mut took, mut requests, mut turned_away) = (Vec::new(), 0, 0);
    for sync in syncing.collect::<Vec<_>>() {
        let (ms, made, away) = sync.await??;
        took.push(ms);
        requests += made;
        turned_away += away;
    }
    let mut measured = phase.end();
    took.sort_by(f64::total_cmp);
    let at = |part: f64| took.get(((took.len() as f64 * part) as usize).min(took.len().saturating_sub(1)));
    measured.insert("http_requests".to_owned(), json!(requests));
    measured.insert("turned_away".to_owned(), json!(turned_away));
    measured.insert("device_p50_ms".to_owned(), json!(at(0.5)));
    measured.insert("device_p99_ms".to_owned(), json!(at(0.99)));
    ground.server.kill();
    let kept = disk(&ground.server.data());
    let (_, right) = ground.bootstrap("reader", &records).await?;
    measured.insert("verified_after_kill".to_owned(), json!(right));
    emit(
        "fleet",
        "fleet",
        &json!({ "D": devices, "M": docs }),
        true,
        measured,
        kept,
    );
    Ok(())
}

/// A device with nothing new, on a server with nothing new for it.
pub async fn idle(settings: &Settings, docs: u64) -> Result<()> {
    let ground = Ground::lay(settings, 1).await?;
    let meter = Meter::open(ground.server.port()).await?;
    let mut device = ground.device(&meter.url(), "fleet0").await?;
    ground.fill(&mut device, 0, docs)?;
    through(&mut device).await?;
    device.requests = 0;
    let phase = Phase::begin(&meter, ground.server.pid());
    through(&mut device).await?;
    let mut measured = phase.end();
    measured.insert("http_requests".to_owned(), json!(device.requests));
    emit("idle", "idle", &json!({ "N": docs }), true, measured, Map::new());
    Ok(())
}

pub(super) async fn through(device: &mut Tablet) -> Result<()> {
    ensure!(
        device.sync().await? == Line::On,
        "the exchange did not go through"
    );
    ensure!(device.unsent() == 0, "{} records were not sent", device.unsent());
    Ok(())
}

/// A device until all it has is sent, at its own pace: where the server has too much to do, it comes when it was told to.
pub(super) async fn at_its_pace(device: &mut Tablet) -> Result<()> {
    while device.sync().await? != Line::On || device.unsent() > 0 {
        if let Some(wait) = device.waits_ms()? {
            tokio::time::sleep(Duration::from_millis(wait.into())).await;
        }
    }
    Ok(())
}

/// The station of an account's own.
pub fn station(n: usize) -> DocId {
    let mut id = [0x5a; 16];
    id[..8].copy_from_slice(&(n as u64).to_be_bytes());
    DocId(id)
}

/// The size of changes, compressed by themselves in pieces of 64 KiB: what there is to say, without a word about it.
pub(super) fn deflated(changes: &[u8]) -> Result<usize> {
    let mut size = 0;
    for piece in changes.chunks(64 * 1024) {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(piece)?;
        size += encoder.finish()?.len();
    }
    Ok(size)
}

pub(super) fn emit(
    scenario: &str,
    phase: &str,
    parameters: &Value,
    ok: bool,
    measured: Map<String, Value>,
    disk: Map<String, Value>,
) {
    let mut line = Map::new();
    line.insert("peer".to_owned(), json!("lianxin"));
    line.insert("scenario".to_owned(), json!(scenario));
    line.insert("phase".to_owned(), json!(phase));
    line.extend(parameters.as_object().cloned().unwrap_or_default());
    line.insert("ok".to_owned(), json!(ok));
    line.extend(measured);
    line.extend(disk);
    println!("{}", Value::Object(line));
}
