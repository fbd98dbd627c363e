//! The clock: records carry its time, sessions and certificates end by it.

use std::path::PathBuf;

use lianxin_shared::id::Moment;

use super::{Finding, changed, written};

/// How far clocks of a disk and of a program may be apart.
const TOLERANCE: i64 = 2 * 60 * 1000;

/// Holds the clock against what was last accepted, and against the files that were written since: none can be later than now.
/// This program's own file too, which is what is left where nothing was ever accepted.
pub(super) fn check(now: Moment, last_accepted: Option<Moment>, files: &[PathBuf]) -> Finding {
    let program = std::env::current_exe().ok();
    let files = files
        .iter()
        .chain(&program)
        .filter_map(|file| changed(file))
        .max();
    let latest = last_accepted.max(files).unwrap_or(now);
    if latest.0 > now.0.saturating_add(TOLERANCE) {
        let finding = Finding::wrong("clock-behind").with("now", &written(now));
        finding.with("latest", &written(latest))
    } else {
        Finding::good("clock").with("now", &written(now))
    }
}
