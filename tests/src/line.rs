//! A poor line: a proxy that passes bytes on, and drops connections at random bytes, in either direction, is as slow as the
//! second generation of mobile networks, or lets nobody through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// What a slow line carries, in bytes a second: 30 kbit/s.
const SLOW: u64 = 30_000 / 8;

/// How long it takes from end to end.
const DELAY: Duration = Duration::from_millis(400);

/// How much goes in one piece, and how long a lost piece is missed before it is sent again. Of so many pieces one is lost.
const PIECE: usize = 1_400;
const MISSED: Duration = Duration::from_millis(1_600);
const LOST: u64 = 33;

/// A proxy to a port on this machine.
#[derive(Debug)]
pub struct Line {
    port: u16,
    span: Arc<AtomicU64>,
    cuts: Arc<AtomicU64>,
    is_slow: Arc<AtomicBool>,
    is_open: watch::Sender<bool>,
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
        let is_slow = Arc::new(AtomicBool::new(false));
        let slow = is_slow.clone();
        let (is_open, seen) = watch::channel(true);
        tokio::spawn(async move {
            let mut chance = seed;
            while let Ok((device, _)) = listener.accept().await {
                let mut seen = seen.clone();
                if !*seen.borrow_and_update() {
                    continue;
                }
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
                let (counted, slow) = (counted.clone(), slow.clone());
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else {
                        return;
                    };
                    let was_cut = tokio::select! {
                        was_cut = pass(device, server, left, &slow) => was_cut,
                        _ = seen.wait_for(|is_open| !is_open) => false,
                    };
                    if was_cut {
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Ok(Self {
            port,
            span,
            cuts,
            is_slow,
            is_open,
        })
    }

    /// Makes it slow, or as quick as it can be, at once: 30 kbit/s each way on each connection, 800 ms there and back, three pieces
    /// of a hundred lost.
    pub fn set_slow(&self, is_slow: bool) {
        self.is_slow.store(is_slow, Ordering::Relaxed);
    }

    /// Lets nobody through any more: whoever is connected is cut off, whoever connects is turned away.
    pub fn close(&self) {
        self.is_open.send_replace(false);
    }

    /// Lets everybody through again.
    pub fn reopen(&self) {
        self.is_open.send_replace(true);
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
async fn pass(device: TcpStream, server: TcpStream, left: u64, slow: &AtomicBool) -> bool {
    let left = AtomicU64::new(left);
    let (from_device, to_device) = device.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        cut = one_way(from_device, to_server, &left, slow) => cut,
        cut = one_way(from_server, to_device, &left, slow) => cut,
    }
}

async fn one_way(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    left: &AtomicU64,
    slow: &AtomicBool,
) -> bool {
    let mut buffer = [0; PIECE];
    let mut pieces = 0;
    let mut free_at = Instant::now();
    loop {
        let Ok(read) = from.read(&mut buffer).await else {
            return false;
        };
        if read == 0 {
            return false;
        }
        if slow.load(Ordering::Relaxed) {
            let now = Instant::now();
            // What comes while the line is free takes its whole length; what follows at once comes right behind.
            let length = if free_at < now { DELAY } else { Duration::ZERO };
            free_at = now + length + Duration::from_millis(read as u64 * 1_000 / SLOW);
            pieces += 1;
            if pieces % LOST == 0 {
                free_at += MISSED;
            }
            sleep(free_at - now).await;
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
