//! A place for backups with its key, and who writes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_tests::server::{Server, binary};
use lianxin_tests::tablet::Tablet;
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "lianxin-demo";

/// A place for backups, with the key that opens them.
pub(crate) struct Safe {
    pub(crate) folder: TempDir,
    pub(crate) recipient: String,
}

impl Safe {
    pub(crate) fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let recipient = new_key(&folder.path().join("key"))?;
        Ok(Self { folder, recipient })
    }

    pub(crate) fn place(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    pub(crate) fn back_up(&self, server: &Server) -> Result<String> {
        server.carry_out(&["backup", "--to", text(&self.place())?, "--for", &self.recipient])
    }

    pub(crate) fn restore(&self, server: &Server) -> Result<String> {
        self.restore_with(server, &self.key(), &[])
    }

    pub(crate) fn restore_with(&self, server: &Server, key: &Path, more: &[&str]) -> Result<String> {
        let place = self.place();
        let arguments = ["restore", text(&place)?, "--identity", text(key)?];
        server.carry_out(&[&arguments[..], more].concat())
    }

    /// Every file of the backups.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for shelf in ["manifests", "chunks", "files"] {
            let Ok(listed) = std::fs::read_dir(self.place().join(shelf)) else {
                continue;
            };
            for entry in listed {
                files.push(entry?.path());
            }
        }
        Ok(files)
    }
}

pub(crate) fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

pub(crate) fn new_key(file: &Path) -> Result<String> {
    let mut command = std::process::Command::new(binary());
    let made = command.arg("backup-key").arg(file).output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(String::from_utf8(made.stdout)?.trim().to_owned())
}

pub(crate) async fn host(server: &Server, user: &str) -> Result<(Tablet, DocId)> {
    let mut tablet = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
    tablet.sync_through(5).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    Ok((tablet, theme))
}

pub(crate) fn is_in(path: &Path, shelf: &str) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with(shelf))
}
