//! A real server process, stopped and started on one address and one data folder.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::until::until;

/// The server binary: the variable `LIANXIN_BIN`, or else where cargo puts it.
pub fn binary() -> PathBuf {
    std::env::var_os("LIANXIN_BIN").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/debug/lianxin"),
        PathBuf::from,
    )
}

/// A server with demonstration data in a folder of its own. It is killed when dropped.
#[derive(Debug)]
pub struct Server {
    data: TempDir,
    port: u16,
    level: &'static str,
    child: Option<Child>,
}

impl Server {
    /// Starts one on a free port and waits until it serves.
    pub async fn start() -> Result<Self> {
        Self::start_logging("info").await
    }

    /// The same, with a level of what it logs.
    pub async fn start_logging(level: &'static str) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Self {
            data: TempDir::new()?,
            port,
            level,
            child: None,
        };
        server.resume().await?;
        Ok(server)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it has logged.
    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.data.path().join("log"))?)
    }

    /// Stops it as `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Starts it again on the same data and waits until it serves.
    pub async fn resume(&mut self) -> Result<()> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.data.path().join("log"))?;
        let child = Command::new(binary())
            .args([
                "serve",
                "--demo",
                "--listen",
                &format!("127.0.0.1:{}", self.port),
                "--data",
            ])
            .arg(self.data.path().join("data"))
            .env("LIANXIN_LOG", self.level)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} does not start", binary().display()))?;
        self.child = Some(child);
        let health = self.url() + "/health";
        until("the server to serve", async || {
            reqwest::get(&health)
                .await
                .ok()
                .filter(|r| r.status().is_success())
        })
        .await
        .map(drop)
        .with_context(|| std::fs::read_to_string(self.data.path().join("log")).unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
