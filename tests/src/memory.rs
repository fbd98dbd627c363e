//! How much memory processes have in use. Linux: it reads `/proc`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

/// The resident memory of a process, in KiB.
pub fn resident_kib(pid: u32) -> Result<u64> {
    kib(pid, "VmRSS:")
}

/// The part of it that is in no file, in KiB: what is not the program itself, which all processes of a browser share.
pub fn own_kib(pid: u32) -> Result<u64> {
    kib(pid, "RssAnon:")
}

fn kib(pid: u32, what: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kib.context("no such memory")?.trim().parse()?)
}

/// The largest process that draws pages below a driver of browsers.
pub fn largest_renderer(driver: u32) -> Result<u32> {
    let mut parents = BTreeMap::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        // Behind the name, which may hold anything: the state and the parent.
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let rest = stat.rsplit(") ").next().unwrap_or_default();
        let parent = rest
            .split(' ')
            .nth(1)
            .and_then(|parent| parent.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (pid, parent)));
    }
    let is_below = |pid: &u32| {
        let line = std::iter::successors(Some(*pid), |pid| parents.get(pid).copied());
        line.take(parents.len()).any(|pid| pid == driver)
    };
    let draws = |pid: &u32| {
        let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        command.contains("--type=renderer")
    };
    let renderers = parents.keys().filter(|pid| is_below(pid) && draws(pid));
    let sized = renderers.filter_map(|pid| Some((resident_kib(*pid).ok()?, *pid)));
    let (_, largest) = sized.max().context("nothing draws a page")?;
    Ok(largest)
}
