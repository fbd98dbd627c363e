//! The last backup. Whoever makes one leaves its moment in the data folder.

use std::path::Path;

use lianxin_shared::id::Moment;

use super::{Finding, written};

/// The file with the moment of the last backup, in RFC 3339.
const FILE: &str = "last-backup";
/// How old it may be: a day, and a day on which it failed.
const OLD: i64 = 2 * 24 * 60 * 60 * 1000;

/// Looks when the last backup was made.
pub(super) fn check(folder: &Path, now: Moment) -> Finding {
    let file = folder.join(FILE);
    let Ok(text) = std::fs::read_to_string(&file) else {
        return Finding::notice("backup-none").at(&file);
    };
    let Ok(at) = text.trim().parse::<jiff::Timestamp>() else {
        return Finding::wrong("backup-unreadable").at(&file);
    };
    let at = Moment(at.as_millisecond());
    let finding = if now.0.saturating_sub(at.0) > OLD {
        Finding::wrong("backup-old")
    } else {
        Finding::good("backup")
    };
    finding.with("at", &written(at))
}
