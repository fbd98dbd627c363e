//! The last backup, and what the next one is to be made with.

use lianxin_shared::id::Moment;

use super::{Finding, written};
use crate::backup::{Recipients, Unreadable};
use crate::config::Backup;

/// How old it may be: a day, and a day on which it failed.
const OLD: i64 = 2 * 24 * 60 * 60 * 1000;

/// Looks when the last backup was made, as the database and the file in the data folder say.
pub(super) fn check(
    in_database: Option<Moment>,
    in_folder: Result<Option<Moment>, Unreadable>,
    now: Moment,
) -> Finding {
    let Ok(in_folder) = in_folder else {
        return Finding::wrong("backup-unreadable");
    };
    let Some(at) = in_database.max(in_folder) else {
        return Finding::notice("backup-none");
    };
    let finding = if now.0.saturating_sub(at.0) > OLD {
        Finding::wrong("backup-old")
    } else {
        Finding::good("backup")
    };
    finding.with("at", &written(at))
}

/// Looks whether anybody could open them; says nothing if so.
pub(super) fn recipients(backup: &Backup) -> Option<Finding> {
    let error = Recipients::parse(&backup.recipients).err()?;
    Some(Finding::wrong("backup-unopenable").with("reason", &error))
}
