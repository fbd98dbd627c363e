//! A line that somebody opens and closes: a proxy to a port on this machine.

use anyhow::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The proxy. While it is closed, whoever connects is turned away, and whoever was connected is cut off.
#[derive(Debug)]
pub struct Gate {
    port: u16,
    is_open: watch::Sender<bool>,
}

impl Gate {
    /// One that is open.
    pub async fn open(to: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (is_open, seen) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut device, _)) = listener.accept().await {
                let mut seen = seen.clone();
                if !*seen.borrow_and_update() {
                    continue;
                }
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(("127.0.0.1", to)).await else {
                        return;
                    };
                    tokio::select! {
                        _ = copy_bidirectional(&mut device, &mut server) => {}
                        _ = seen.wait_for(|is_open| !is_open) => {}
                    }
                });
            }
        });
        Ok(Self { port, is_open })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Lets nobody through any more.
    pub fn close(&self) {
        self.is_open.send_replace(false);
    }

    /// Lets everybody through again.
    pub fn reopen(&self) {
        self.is_open.send_replace(true);
    }
}
