//! A certificate that an authority gives: pebble, Let's Encrypt's own small one (`apt-get install pebble`).

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use lianxin_server::app::App;
use lianxin_server::config::{Acme, Certificate};
use lianxin_server::{listen, run_secure};
use serde_json::json;

use crate::authority::Authority;
use crate::line::{get, until};

/// A running authority. It ends with the test.
struct Pebble {
    process: Child,
    directory: String,
    management: SocketAddr,
}

impl Pebble {
    /// Starts one that looks for whoever asks on a port of this machine. Its own interface is known by a certificate of
    /// `authority`.
    fn start(folder: &Path, authority: &Authority, port: u16) -> Self {
        let (chain, key) = (folder.join("pebble.pem"), folder.join("pebble-key.pem"));
        authority.give(&["localhost", "127.0.0.1"], &chain, &key);
        let (interface, management) = (free(), free());
        let config = json!({ "pebble": {
            "listenAddress": interface.to_string(),
            "managementListenAddress": management.to_string(),
            "certificate": chain,
            "privateKey": key,
            "httpPort": 1,
            "tlsPort": port,
        } });
        let file = folder.join("pebble.json");
        std::fs::write(&file, config.to_string()).unwrap();
        let process = Command::new("pebble")
            .arg("-config")
            .arg(&file)
            .env("PEBBLE_VA_NOSLEEP", "1")
            // Now and then it refuses a good request, to see that it is repeated; that takes time.
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pebble does not start; `cargo xtask test` installs it");
        Self {
            process,
            directory: format!("https://localhost:{}/dir", interface.port()),
            management,
        }
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An address that nobody listens on.
fn free() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn an_authority_gives_a_certificate_and_a_restart_asks_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let trust = folder.path().join("trust.pem");
    std::fs::write(&trust, &authority.root).unwrap();
    let address = free();
    let pebble = Pebble::start(folder.path(), &authority, address.port());
    // What it gives is signed by a root that it makes at its start.
    let root = until("pebble", async || {
        let answer = get(pebble.management, &authority.root, "/roots/0").await.ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        Some(body.to_owned())
    })
    .await;
    let acme = Certificate::Acme(Acme {
        domains: vec!["localhost".to_owned()],
        contact: Some("admin@district.example".to_owned()),
        directory: pebble.directory.clone(),
        trust: Some(trust),
        folder: folder.path().join("acme"),
    });

    let app = App::open(&folder.path().join("data")).await.unwrap();
    // The server is to be waited for later.
    #[allow(clippy::async_yields_async)]
    let start = async || {
        let listener = listen::bind(address).await.unwrap();
        let secure = listen::secure(&acme).unwrap();
        tokio::spawn(run_secure(app.clone(), listener, secure, std::future::pending()))
    };
    let answers = async || {
        let answer = get(address, &root, "/health").await.ok()?;
        answer.starts_with("HTTP/1.1 200").then_some(())
    };
    let server = start().await;
    until("a certificate", answers).await;

    server.abort();
    let _ = server.await;
    drop(pebble);
    let _server = start().await;
    until("the kept certificate", answers).await;
}
