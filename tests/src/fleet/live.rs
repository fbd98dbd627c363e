//! Many devices that wait to be woken: what an idle line costs the server, and how long a wake takes to reach all of them.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::memory::resident_kib;
use crate::server::Server;
use crate::tablet::Tablet;

const USER: &str = "fleet0";
const PASSWORD: &str = "fleet-0-password";

/// How many lines are opened at once: more would wait in the kernel's queue.
const AT_ONCE: usize = 100;

/// How often all are woken.
const WAKES: usize = 5;

/// Opens so many lines of `GET /api/live`, and has something move that all of them are to hear of.
pub async fn live(devices: usize) -> Result<()> {
    allow_files(2 * devices as u64 + 1_000)?;
    let mut server = Server::stopped()?;
    server.add_host(USER, PASSWORD, &[DocId([0x5a; 16])])?;
    server.resume().await?;
    let mut tablet = Tablet::sign_in(&server.url(), USER, PASSWORD).await?;
    tablet.sync_through(5).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let request = format!(
        "GET /api/live HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {}\r\n\r\n",
        token(&server).await?
    );

    let (woken, mut wakes) = mpsc::channel(devices);
    let before = resident_kib(server.pid())?;
    let opening = Instant::now();
    let mut left = devices;
    while left > 0 {
        let some = left.min(AT_ONCE);
        let lines = (0..some).map(|_| tokio::spawn(open(server.port(), request.clone())));
        for line in lines.collect::<Vec<_>>() {
            tokio::spawn(listen(line.await??, woken.clone()));
        }
        left -= some;
    }
    let opened = opening.elapsed();
    let idle = resident_kib(server.pid())?;

    let mut took: Vec<Vec<Duration>> = Vec::new();
    for n in 0..WAKES {
        tablet.take_down(&format!("大家都听见了〔{n}〕"), theme)?;
        // From here on: the record has to go up and onto the disk first.
        let moved = Instant::now();
        tablet.sync_through(5).await?;
        let mut heard = Vec::new();
        while heard.len() < devices {
            let at = tokio::time::timeout(Duration::from_secs(60), wakes.recv()).await;
            let at: Instant = at
                .with_context(|| format!("{} woke", heard.len()))?
                .context("no line")?;
            heard.push(at.saturating_duration_since(moved));
        }
        heard.sort();
        took.push(heard);
    }
    let last = |heard: &Vec<Duration>| heard.last().copied().unwrap_or_default();
    let best = took.iter().min_by_key(|heard| last(heard)).context("no wake")?;
    let ms = |at: Option<&Duration>| at.map(|at| (at.as_secs_f64() * 1_000.0).round());
    let per_line = |kib: u64| kib.saturating_sub(before) as f64 / devices as f64;
    let line = json!({
        "peer": "lianxin",
        "scenario": "live",
        "D": devices,
        "open_s": opened.as_secs_f64(),
        "server_rss_before_kib": before,
        "server_rss_idle_kib": idle,
        "kib_per_line_idle": per_line(idle),
        "kib_per_line_after_wakes": per_line(resident_kib(server.pid())?),
        "wake_first_ms": ms(best.first()),
        "wake_median_ms": ms(best.get(devices / 2)),
        "wake_last_ms": ms(best.last()),
        "wake_last_of_all_ms": ms(took.iter().map(last).max().as_ref()),
    });
    println!("{line}");
    Ok(())
}

async fn token(server: &Server) -> Result<String> {
    let credentials = json!({ "user": USER, "password": PASSWORD });
    let request = reqwest::Client::new().post(format!("{}/api/session", server.url()));
    let opened: serde_json::Value = request.json(&credentials).send().await?.json().await?;
    Ok(opened["token"].as_str().context("no token")?.to_owned())
}

/// A line on which the answer has begun. By hand, so that five thousand of them cost this process little.
async fn open(port: u16, request: String) -> Result<TcpStream> {
    let mut line = TcpStream::connect(("127.0.0.1", port)).await?;
    line.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await?);
    }
    ensure!(
        head.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&head)
    );
    Ok(line)
}

/// Tells of each event, when it came, until the line is cut.
async fn listen(mut line: TcpStream, woken: mpsc::Sender<Instant>) {
    let mut buffer = [0; 512];
    while let Ok(read @ 1..) = line.read(&mut buffer).await {
        // What else comes are comments that keep the line alive.
        let is_event = buffer[..read].windows(5).any(|bytes| bytes == b"data:");
        if is_event && woken.send(Instant::now()).await.is_err() {
            return;
        }
    }
}

/// Lets this process, and the server that it starts, have so many files open.
pub fn allow_files(most: u64) -> Result<()> {
    let mut command = Command::new("prlimit");
    command
        .arg(format!("--pid={}", std::process::id()))
        .arg(format!("--nofile={most}:{most}"));
    let set = command.output().context("prlimit (util-linux) does not start")?;
    ensure!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    Ok(())
}
