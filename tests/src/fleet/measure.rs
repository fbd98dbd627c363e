//! Time, processor time, memory and disk of a phase. Linux: it reads `/proc`.

use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::meter::Meter;

/// Ticks a second in `/proc/PID/stat`.
const TICKS: f64 = 100.0;

/// Seconds of processor time within one second, below which a process rests.
const IDLE: f64 = 0.03;

/// One phase being measured.
pub struct Phase<'a> {
    meter: &'a Meter,
    server: u32,
    server_cpu: f64,
    client_cpu: f64,
    start: Instant,
}

impl<'a> Phase<'a> {
    /// Begins: counts and peaks start from here.
    pub fn begin(meter: &'a Meter, server: u32) -> Self {
        for pid in [server, std::process::id()] {
            forget_peak(pid);
        }
        meter.reset();
        Self {
            meter,
            server,
            server_cpu: cpu(server),
            client_cpu: cpu(std::process::id()),
            start: Instant::now(),
        }
    }

    /// What it took. The counting line runs in the devices' process, so its processor time is theirs.
    pub fn end(self) -> Map<String, Value> {
        let wall = self.start.elapsed().as_secs_f64();
        let counts = self.meter.counts();
        let measured = json!({
            "wall_s": rounded(wall),
            "up_bytes": counts.up.load(Relaxed),
            "down_bytes": counts.down.load(Relaxed),
            "up_msgs": 0,
            "down_msgs": 0,
            "ws_control": 0,
            "conns": counts.connections.load(Relaxed),
            "server_cpu_s": rounded(cpu(self.server) - self.server_cpu),
            "server_peak_rss_mb": rounded(peak(self.server)),
            "client_cpu_s": rounded(cpu(std::process::id()) - self.client_cpu),
            "client_peak_rss_mb": rounded(peak(std::process::id())),
            "proxy_cpu_s": 0,
        });
        match measured {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }
}

/// File lengths, blocks in use and files of a folder.
pub fn disk(folder: &Path) -> Map<String, Value> {
    let (mut bytes, mut blocks, mut files) = (0, 0, 0);
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            use std::os::unix::fs::MetadataExt;
            let Ok(meta) = entry.metadata() else { continue };
            blocks += meta.blocks() * 512;
            if meta.is_dir() {
                open.push(entry.path());
            } else {
                bytes += meta.len();
                files += 1;
            }
        }
    }
    let entries = [
        ("disk_bytes", bytes),
        ("disk_alloc", blocks),
        ("disk_files", files),
    ];
    entries
        .into_iter()
        .map(|(name, n)| (name.to_owned(), json!(n)))
        .collect()
}

/// How many seconds of processor time a process has taken so far.
pub(super) fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<_> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / TICKS
}

/// Resets the peak of a process's resident memory to what is resident now.
pub(super) fn forget_peak(pid: u32) {
    let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// The peak of a process's resident memory, in MiB.
pub(super) fn peak(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Two decimals, as the lines of other measurements have them; three for what is short.
pub(super) fn rounded(x: f64) -> f64 {
    let by = if x < 1.0 { 1_000.0 } else { 100.0 };
    (x * by).round() / by
}

/// Waits until a process has nothing left to do, as a server with its index of words; answers how many seconds that took.
pub(super) async fn rest(pid: u32) -> f64 {
    let begun = Instant::now();
    loop {
        let before = cpu(pid);
        tokio::time::sleep(Duration::from_secs(1)).await;
        if cpu(pid) - before < IDLE {
            return begun.elapsed().as_secs_f64();
        }
    }
}
