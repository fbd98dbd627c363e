//! A stock automerge-repo client in a process of its own.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The folder with the client and its packages: the variable `LIANXIN_INTEROP`, or else where they are installed.
fn folder() -> PathBuf {
    std::env::var_os("LIANXIN_INTEROP").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("interop"),
        PathBuf::from,
    )
}

/// A client with one connection. It is killed when dropped.
#[derive(Debug)]
pub struct Stock {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Stock {
    /// Starts one that knows nothing but the address of the server's endpoint and a token.
    pub fn start(url: &str, token: &str) -> Result<Self> {
        let address = format!("{}/repo?token={token}", url.replacen("http", "ws", 1));
        let mut child = Command::new("node")
            .arg("stock.mjs")
            .arg(address)
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node does not start")?;
        let input = child.stdin.take().context("no input")?;
        let output = child.stdout.take().context("no output")?;
        Ok(Self {
            input,
            output: BufReader::new(output).lines(),
            _child: child,
        })
    }

    /// Tells it to do something and waits for its answer. What the client throws is the error.
    pub async fn tell(&mut self, command: &str, mut with: Value) -> Result<Value> {
        with["command"] = json!(command);
        self.input.write_all(format!("{with}\n").as_bytes()).await?;
        let line = self.output.next_line().await?;
        let line = line.with_context(|| format!("the client died at {with}"))?;
        let mut said: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
        if let Some(error) = said["error"].as_str() {
            bail!("{error}");
        }
        Ok(said["answer"].take())
    }
}
