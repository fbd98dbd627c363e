//! A line that counts what passes: bytes of the TCP streams in each direction, and connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A counting proxy to a port on this machine.
#[derive(Debug)]
pub struct Meter {
    port: u16,
    counts: Arc<Counts>,
}

/// What has passed.
#[derive(Debug, Default)]
pub struct Counts {
    /// Bytes from devices.
    pub up: AtomicU64,
    /// Bytes to devices.
    pub down: AtomicU64,
    /// Connections that were opened.
    pub connections: AtomicU64,
}

impl Meter {
    /// Opens one.
    pub async fn open(to: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let counts = Arc::new(Counts::default());
        let counted = counts.clone();
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                counted.connections.fetch_add(1, Relaxed);
                let counted = counted.clone();
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else {
                        return;
                    };
                    let _ = (device.set_nodelay(true), server.set_nodelay(true));
                    let (mut from_device, mut to_device) = device.into_split();
                    let (mut from_server, mut to_server) = server.into_split();
                    tokio::join!(
                        pass(&mut from_device, &mut to_server, &counted.up),
                        pass(&mut from_server, &mut to_device, &counted.down),
                    );
                });
            }
        });
        Ok(Self { port, counts })
    }

    /// The address to use instead of the server's.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What has passed.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Counts anew from nothing.
    pub fn reset(&self) {
        for count in [&self.counts.up, &self.counts.down, &self.counts.connections] {
            count.store(0, Relaxed);
        }
    }
}

async fn pass(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    count: &AtomicU64,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(n) = from.read(&mut buffer).await
        && n > 0
    {
        count.fetch_add(n as u64, Relaxed);
        if to.write_all(&buffer[..n]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
