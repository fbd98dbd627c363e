//! The folder, and the disk it lies on.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access, statvfs};

use super::Finding;

const MIB: u64 = 1024 * 1024;
/// With less free than this, records may be refused any day.
const TOO_LITTLE: u64 = 512 * MIB;
/// With less free than this, it is time to see to it.
const LITTLE: u64 = 4 * 1024 * MIB;

/// Looks at the folder; answers with it the files in it.
pub(super) fn check(folder: &Path) -> (Vec<Finding>, Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        let finding = if folder.exists() {
            Finding::wrong("folder-unreadable")
        } else {
            Finding::notice("folder-missing")
        };
        return (vec![finding.at(folder)], Vec::new());
    };
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let mut findings = vec![space(folder)];
    findings.extend(rights(folder, &files));
    (findings, files)
}

fn space(folder: &Path) -> Finding {
    let Ok(disk) = statvfs(folder) else {
        return Finding::wrong("folder-unreadable").at(folder);
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let finding = match free {
        0..TOO_LITTLE => Finding::wrong("disk-full"),
        TOO_LITTLE..LITTLE => Finding::notice("disk-nearly-full"),
        _ => Finding::good("disk"),
    };
    finding.at(folder).with("free", &(free / MIB))
}

/// Whether whoever owns the folder, who is who the server runs as, may write all that is in it.
fn rights(folder: &Path, files: &[PathBuf]) -> Vec<Finding> {
    if access(folder, Access::WRITE_OK).is_err() {
        return vec![Finding::wrong("folder-read-only").at(folder)];
    }
    let Ok(owner) = folder.metadata().map(|known| known.uid()) else {
        return vec![Finding::wrong("folder-unreadable").at(folder)];
    };
    let foreign = files.iter().filter(|file| {
        let known = file.metadata();
        known.is_ok_and(|known| known.uid() != owner)
    });
    let foreign: Vec<_> = foreign
        .map(|file| Finding::wrong("file-foreign").at(file))
        .collect();
    let me = rustix::process::geteuid().as_raw();
    if me != 0 && me != owner {
        return vec![Finding::notice("folder-of-another").at(folder)];
    }
    if foreign.is_empty() {
        vec![Finding::good("folder").at(folder)]
    } else {
        foreign
    }
}
