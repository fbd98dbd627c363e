//! A line that is cut: a proxy that passes bytes on and drops connections at random bytes, in either direction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// A proxy to a port on this machine.
#[derive(Debug)]
pub struct Line {
    port: u16,
    span: Arc<AtomicU64>,
    cuts: Arc<AtomicU64>,
}

impl Line {
    /// Opens one. Two connections of three are cut, each after some number of bytes below `span` that follows from `seed`.
    pub async fn open(to: u16, seed: u64, span: u64) -> Result<Self> {
        let line = Self::steady(to, seed).await?;
        line.cut_below(span);
        Ok(line)
    }

    /// Cuts connections that are opened from now on, as [`Line::open`] does.
    pub fn cut_below(&self, span: u64) {
        self.span.store(span, Ordering::Relaxed);
    }

    /// Opens one that is not cut before [`Line::cut_below`] says so.
    pub async fn steady(to: u16, seed: u64) -> Result<Self> {
        let span = Arc::new(AtomicU64::new(0));
        let cutting = span.clone();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let cuts = Arc::new(AtomicU64::new(0));
        let counted = cuts.clone();
        tokio::spawn(async move {
            let mut chance = seed;
            while let Ok((device, _)) = listener.accept().await {
                // Knuth's linear congruential generator; its high bits are good enough to cut lines.
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let draw = chance >> 33;
                let span = cutting.load(Ordering::Relaxed);
                let left = if span == 0 || draw.is_multiple_of(3) {
                    u64::MAX
                } else {
                    (draw / 3) % span
                };
                let counted = counted.clone();
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else {
                        return;
                    };
                    if pass(device, server, left).await {
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Ok(Self { port, span, cuts })
    }

    /// The address to use instead of the server's.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections have been cut.
    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::Relaxed)
    }
}

/// Passes bytes both ways until an end closes or `left` bytes have gone through; answers whether it was cut.
async fn pass(device: TcpStream, server: TcpStream, left: u64) -> bool {
    let left = AtomicU64::new(left);
    let (from_device, to_device) = device.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        cut = one_way(from_device, to_server, &left) => cut,
        cut = one_way(from_server, to_device, &left) => cut,
    }
}

async fn one_way(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, left: &AtomicU64) -> bool {
    let mut buffer = [0; 4096];
    loop {
        let Ok(read) = from.read(&mut buffer).await else {
            return false;
        };
        if read == 0 {
            return false;
        }
        let allowed = left.load(Ordering::Relaxed).min(read as u64);
        left.fetch_sub(allowed, Ordering::Relaxed);
        let allowed = usize::try_from(allowed).unwrap_or(read);
        if to.write_all(&buffer[..allowed]).await.is_err() {
            return false;
        }
        if allowed < read {
            return true;
        }
    }
}
