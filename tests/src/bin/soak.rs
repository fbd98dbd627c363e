//! Lets devices write for minutes while the server meets what servers meet: it is killed again and again, its disk is full for a
//! while, a backup is made, it is restarted from another path as after an upgrade, and its clock jumps. Then what was
//! acknowledged is counted against what is there. One line of JSON for a server on a folder, one for three nodes on PostgreSQL.
//! `LIANXIN_BIN` names the server, `LIANXIN_POSTGRES` the database server, `LIBFAKETIME` the library by which a clock jumps.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_shared::sync::Line;
use lianxin_tests::database::Database;
use lianxin_tests::fleet::live::allow_files;
use lianxin_tests::fleet::scenario::station;
use lianxin_tests::memory;
use lianxin_tests::server::{Server, binary};
use lianxin_tests::tablet::Tablet;
use serde_json::json;
use tempfile::TempDir;
use tokio::time::sleep;

const PASSWORD: &str = "soak-0-password";

/// How many accounts there are at most, each at a station of its own; each has as many devices as it takes.
const ACCOUNTS: usize = 40;

/// How often something happens to the servers at least; in a long run every half minute.
const STEPS: u32 = 20;
const STEP: Duration = Duration::from_secs(30);

/// How far the clock jumps.
const JUMP: &str = "+1d";

/// How long a disk stays full.
const FULL: Duration = Duration::from_secs(3);

#[derive(Parser)]
struct Arguments {
    /// How long, over both kinds of database.
    #[arg(long, default_value_t = 5.0)]
    minutes: f64,
    /// How many devices write at once.
    #[arg(long, default_value_t = 8)]
    devices: usize,
    /// How long a device rests after an exchange, in milliseconds.
    #[arg(long, default_value_t = 250)]
    rest: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let part = Duration::from_secs_f64(arguments.minutes * 60.0 / 2.0);
    allow_files(4 * arguments.devices as u64 + 1_000)?;
    soak("folder", vec![Server::stopped()?], &arguments, part).await?;
    let database = Database::new().await?;
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(Server::stopped_on(&database)?);
    }
    soak("postgresql", nodes, &arguments, part).await
}

fn account(n: usize) -> String {
    format!("soak{n}")
}

/// What a device knows that the server has: the words of each record as they were when it said so.
type Acknowledged = BTreeMap<DocId, String>;

/// What devices report while they write.
#[derive(Default)]
struct Report {
    over: AtomicBool,
    exchanges: AtomicUsize,
    failed: AtomicUsize,
}

async fn soak(kind: &str, mut nodes: Vec<Server>, arguments: &Arguments, part: Duration) -> Result<()> {
    let urls: Arc<Vec<String>> = Arc::new(nodes.iter().map(Server::url).collect());
    let report = Arc::new(Report::default());
    let accounts = arguments.devices.min(ACCOUNTS);
    for n in 0..accounts {
        nodes[0].add_host(&account(n), PASSWORD, &[station(n)])?;
    }
    for node in &mut nodes {
        node.resume().await?;
    }
    let mut tablets = Vec::new();
    for n in 0..arguments.devices {
        let mut tablet = Tablet::sign_in(&urls[n % urls.len()], &account(n % accounts), PASSWORD).await?;
        tablet.sync_through(5).await?;
        tablets.push(tablet);
    }
    eprintln!("{kind}: {} devices are signed in", tablets.len());
    let mut writers = Vec::new();
    for (n, tablet) in tablets.into_iter().enumerate() {
        let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
        let rest = Duration::from_millis(arguments.rest);
        let device = Device { n, theme, rest };
        let first = rest * u32::try_from(n)? / u32::try_from(arguments.devices)?;
        let (urls, report) = (urls.clone(), report.clone());
        writers.push(tokio::spawn(async move {
            // Not all at the same moment.
            sleep(first).await;
            device.write(tablet, urls, report).await
        }));
    }
    let met = meet(&mut nodes, part).await?;
    report.over.store(true, Ordering::Relaxed);

    let mut written: BTreeMap<String, Vec<Written>> = BTreeMap::new();
    let mut took = Vec::new();
    for writer in writers {
        let mut written_here = writer.await??;
        took.append(&mut written_here.took);
        // What was not acknowledged is still on the device, and arrives now.
        written_here.tablet.sync_through(50).await?;
        let user = written_here.tablet.principal.user.to_string();
        written.entry(user).or_default().push(written_here);
    }
    let (mut started, mut acknowledged, mut there) = (0, 0, 0);
    for (user, devices) in &written {
        let mut fresh = Tablet::sign_in(&urls[0], user, PASSWORD).await?;
        fresh.sync_through(20).await?;
        for device in devices {
            started += device.started.len();
            acknowledged += device.acknowledged.len();
            for doc in &device.started {
                there += usize::from(fresh.text(*doc, "body").is_ok());
            }
            for (doc, words) in &device.acknowledged {
                ensure!(
                    fresh.text(*doc, "body")?.contains(words),
                    "{kind}: {words} of {user} is lost"
                );
            }
        }
    }
    took.sort_unstable();
    let at = |part: usize| took.get(took.len() * part / 100).map_or(0, Duration::as_millis);
    let measured = json!({
        "database": kind,
        "seconds": part.as_secs(),
        "devices": arguments.devices,
        "nodes": urls.len(),
        "kills": met.kills,
        "exchanges": report.exchanges.load(Ordering::Relaxed),
        "failed": report.failed.load(Ordering::Relaxed),
        "acknowledged": acknowledged,
        "written": started,
        "there": there,
        "p50_ms": at(50),
        "p95_ms": at(95),
        "p99_ms": at(99),
        "backup": met.backup,
        "clock": met.clock,
        "memory_mib": met.memory,
    });
    println!("{measured}");
    ensure!(
        started == there,
        "{kind}: {started} were written, {there} are there"
    );
    ensure!(acknowledged > 0, "{kind}: nothing was acknowledged");
    Ok(())
}

/// What the server met.
#[derive(Default)]
struct Met {
    kills: usize,
    backup: String,
    clock: String,
    /// The memory of the largest node, in MiB, over time.
    memory: Vec<u64>,
}

/// Has the nodes meet it all, spread over the time.
async fn meet(nodes: &mut [Server], part: Duration) -> Result<Met> {
    let (mut met, safe) = (Met::default(), TempDir::new()?);
    let end = Instant::now() + part;
    let steps = STEPS.max(u32::try_from(part.as_secs() / STEP.as_secs())?);
    // What happens but once happens after so many, and as many again.
    let fifth = steps / 5;
    for step in 0..steps {
        let pids = nodes.iter().map(Server::pid);
        let largest = pids.filter_map(|pid| memory::resident_kib(pid).ok()).max();
        met.memory.push(largest.unwrap_or_default() / 1024);
        let node = step as usize % nodes.len();
        match (step / fifth, step % fifth) {
            (1, 0) => full_disk(&nodes[node]).await?,
            (2, 0) => met.backup = back_up(&nodes[node], safe.path())?,
            (3, 0) => upgrade(nodes, safe.path()).await?,
            (4, 0) => met.clock = jump(&mut nodes[node]).await?,
            _ => {
                nodes[node].kill();
                nodes[node].resume().await?;
                met.kills += 1;
            }
        }
        let left = end.saturating_duration_since(Instant::now());
        sleep(left / (steps - step)).await;
    }
    Ok(met)
}

/// No file may grow for a while. Where the database is a server of its own, its disk is not ours to fill.
async fn full_disk(node: &Server) -> Result<()> {
    node.bound_files(Some(0))?;
    sleep(FULL).await;
    node.bound_files(None)
}

fn back_up(node: &Server, safe: &Path) -> Result<String> {
    let (key, place) = (safe.join("key"), safe.join("backups"));
    let (key, place) = (key.to_str().context("a path")?, place.to_str().context("a path")?);
    let recipient = new_key(key)?;
    let made = node.carry_out(&["backup", "--to", place, "--for", recipient.trim()])?;
    Ok(made.trim().to_owned())
}

fn new_key(file: &str) -> Result<String> {
    let made = std::process::Command::new(binary())
        .args(["backup-key", file])
        .output()?;
    Ok(String::from_utf8(made.stdout)?)
}

/// Each node in turn is restarted from another path, as a package's upgrade does.
async fn upgrade(nodes: &mut [Server], folder: &Path) -> Result<()> {
    let newer = folder.join("lianxin");
    std::fs::copy(binary(), &newer)?;
    for node in nodes {
        node.use_binary(&newer);
        node.kill();
        node.resume().await?;
    }
    Ok(())
}

/// A node's clock jumps forward, where there is a library for it.
async fn jump(node: &mut Server) -> Result<String> {
    let Ok(library) = std::env::var("LIBFAKETIME") else {
        return Ok("no LIBFAKETIME".to_owned());
    };
    node.set("LD_PRELOAD", &library);
    node.set("FAKETIME", JUMP);
    node.set("DONT_FAKE_MONOTONIC", "1");
    node.kill();
    node.resume().await?;
    Ok(JUMP.to_owned())
}

/// One that writes.
struct Device {
    n: usize,
    theme: DocId,
    rest: Duration,
}

/// What a device has written.
struct Written {
    tablet: Tablet,
    started: Vec<DocId>,
    acknowledged: Acknowledged,
    /// How long each exchange took that went through.
    took: Vec<Duration>,
}

impl Device {
    /// Writes until it is over, going from node to node.
    async fn write(self, tablet: Tablet, urls: Arc<Vec<String>>, report: Arc<Report>) -> Result<Written> {
        let mut written = Written {
            tablet,
            started: Vec::new(),
            acknowledged: Acknowledged::new(),
            took: Vec::new(),
        };
        let mut last: Option<(DocId, String)> = None;
        for round in 0.. {
            if report.over.load(Ordering::Relaxed) {
                break;
            }
            let tablet = &mut written.tablet;
            let words = format!("〔{}-{round}〕电梯坏了。", self.n);
            let doc = tablet.take_down(&words, self.theme)?;
            written.started.push(doc);
            let mut sent = vec![(doc, words)];
            if let Some((doc, words)) = last.take() {
                let more = format!("{words}还没修。");
                tablet.write(doc, "body", Value::from(&*more))?;
                sent.push((doc, more));
            }
            tablet.use_line(&urls[(self.n + round) % urls.len()]);
            let begun = Instant::now();
            let line = tablet.sync().await?;
            report.exchanges.fetch_add(1, Ordering::Relaxed);
            if line == Line::Off {
                report.failed.fetch_add(1, Ordering::Relaxed);
            } else {
                written.took.push(begun.elapsed());
            }
            for (doc, words) in sent {
                if !written.tablet.is_unsent(doc) {
                    written.acknowledged.insert(doc, words.clone());
                }
                last = Some((doc, words));
            }
            sleep(self.rest).await;
        }
        Ok(written)
    }
}
