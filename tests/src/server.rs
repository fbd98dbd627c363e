//! A real server process, stopped and started on one address and one database.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::database::Database;
use crate::until::until;

/// The server binary: the variable `LIANXIN_BIN`, or else where cargo puts it.
pub fn binary() -> PathBuf {
    std::env::var_os("LIANXIN_BIN").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/debug/lianxin"),
        PathBuf::from,
    )
}

/// A server with demonstration data. It is killed when dropped.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    /// The address of its database; in its folder if there is none.
    database: Option<String>,
    port: u16,
    child: Option<Child>,
}

impl Server {
    /// Starts one on a free port, over a folder of its own, and waits until it serves.
    pub async fn start() -> Result<Self> {
        Self::start_over(None).await
    }

    /// Starts one on a free port, over a PostgreSQL database, and waits until it serves.
    pub async fn start_on(database: &Database) -> Result<Self> {
        Self::start_over(Some(database.address())).await
    }

    async fn start_over(database: Option<String>) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Self {
            folder: TempDir::new()?,
            database,
            port,
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

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
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
            .open(self.folder.path().join("log"))?;
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = Command::new(binary());
        command.args(["serve", "--demo", "--listen", &listen]);
        match &self.database {
            Some(address) => command.env("LIANXIN_DATABASE", address),
            None => command
                .env_remove("LIANXIN_DATABASE")
                .arg("--data")
                .arg(self.data()),
        };
        let child = command
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
        .with_context(|| std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
