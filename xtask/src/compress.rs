//! Writes the folder of the web's files, each with its brotli and gzip variant beside it.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::client::Files;

/// Already compressed inside: a variant would not be smaller.
const PACKED: [&str; 1] = ["png"];

/// Makes `folder` hold exactly `files` and their variants. What has not changed is left untouched, since
/// compressing is slow and the server is built again when a file's time changes.
pub(crate) fn write_folder(folder: &Path, files: &Files) -> Result<()> {
    let mut kept = BTreeSet::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        kept.extend([variant(&path, "br"), variant(&path, "gz"), path]);
    }
    sweep(folder, &kept)
}

/// What a file costs on the disk and on the line.
pub(crate) struct Sizes {
    raw: u64,
    brotli: u64,
}

impl Sizes {
    /// Looks at a written file and its variant.
    pub(crate) fn of(path: &Path) -> Result<Self> {
        Ok(Self {
            raw: fs::metadata(path)?.len(),
            brotli: fs::metadata(variant(path, "br"))?.len(),
        })
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wasm {} bytes, {} in brotli", self.raw, self.brotli)
    }
}

/// Writes the variants first: a file that stands has them, whenever the work is cut.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let is_packed = path
        .extension()
        .is_some_and(|extension| PACKED.iter().any(|packed| extension == *packed));
    if !is_packed {
        fs::write(variant(path, "br"), brotli(bytes)?)?;
        fs::write(variant(path, "gz"), gzip(bytes)?)?;
    }
    fs::write(path, bytes)?;
    Ok(())
}

/// Removes what earlier builds left.
fn sweep(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sweep(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn variant(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
