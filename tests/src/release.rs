//! A newer version of the app, as a browser sees it: a proxy to a server that gives another name to the version in the service
//! worker, once it is out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What stands before the name in the service worker.
const NAMED: &[u8] = b"const VERSION = \"";

/// A proxy to a port on this machine.
#[derive(Debug)]
pub struct Release {
    port: u16,
    is_out: Arc<AtomicBool>,
}

impl Release {
    /// Opens one; the version is the server's own at first.
    pub async fn open(to: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let is_out = Arc::new(AtomicBool::new(false));
        let out = is_out.clone();
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                let out = out.clone();
                // What becomes of one request is the browser's business.
                tokio::spawn(async move { drop(pass(device, to, &out).await) });
            }
        });
        Ok(Self { port, is_out })
    }

    /// The address to use instead of the server's.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on the newer version is there.
    pub fn come_out(&self) {
        self.is_out.store(true, Ordering::Relaxed);
    }
}

/// Passes one request on and its answer back.
async fn pass(mut device: TcpStream, to: u16, is_out: &AtomicBool) -> Result<()> {
    let mut asked = Vec::new();
    let end = loop {
        let mut buffer = [0; 4096];
        let read = device.read(&mut buffer).await?;
        asked.extend_from_slice(
            buffer
                .get(..read)
                .filter(|read| !read.is_empty())
                .context("gone")?,
        );
        if let Some(end) = asked.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8_lossy(&asked[..end]).into_owned();
    let mut server = TcpStream::connect(("127.0.0.1", to)).await?;
    // One request on each line, and an answer that can be read.
    let is_passed = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        !["connection", "accept-encoding", "if-none-match"].contains(&name.as_str())
    };
    let lines: Vec<_> = head.split("\r\n").filter(is_passed).collect();
    let head_passed = format!("{}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
    server.write_all(head_passed.as_bytes()).await?;
    server.write_all(&asked[end + 4..]).await?;
    if head.starts_with("GET /sw.js ") && is_out.load(Ordering::Relaxed) {
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        let named = answer.windows(NAMED.len()).position(|some| some == NAMED);
        let name = answer.get_mut(named.context("no version")? + NAMED.len());
        let first = name.context("no name")?;
        *first = if *first == b'0' { b'1' } else { b'0' };
        device.write_all(&answer).await?;
    } else {
        copy_bidirectional(&mut device, &mut server).await?;
    }
    Ok(())
}
