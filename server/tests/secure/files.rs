//! A certificate from files.

use std::net::SocketAddr;
use std::path::PathBuf;

use lianxin_server::app::App;
use lianxin_server::config::Certificate;
use lianxin_server::listen::{self, CertificateFile, TlsError};
use lianxin_server::run_secure;
use rustix::process::{Signal, getpid, kill_process};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::authority::Authority;
use crate::line::{ask, certificate, get, open, until};

/// A running server over HTTPS. It ends with the test.
struct Server {
    address: SocketAddr,
    authority: Authority,
    chain: PathBuf,
    key: PathBuf,
    _folder: TempDir,
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
        let authority = Authority::new();
        authority.give(&["localhost"], &chain, &key);
        let listener = listen::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let files = Certificate::Files {
            chain: chain.clone(),
            key: key.clone(),
        };
        let secure = listen::secure(&files).unwrap();
        let app = App::open(&folder.path().join("data")).await.unwrap();
        tokio::spawn(run_secure(app, listener, secure, std::future::pending()));
        Self {
            address,
            authority,
            chain,
            key,
            _folder: folder,
        }
    }
}

#[tokio::test]
async fn https_is_served_and_asked_for_again() {
    let server = Server::start().await;
    let answer = get(server.address, &server.authority.root, "/health")
        .await
        .unwrap();
    let head = answer.to_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{answer}");
    assert!(
        head.contains("\r\nstrict-transport-security: max-age="),
        "{answer}"
    );
    let line = open(server.address, &server.authority.root, "h2").await.unwrap();
    assert_eq!(line.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let stranger = Authority::new();
    assert!(get(server.address, &stranger.root, "/health").await.is_err());
}

#[tokio::test]
async fn who_says_nothing_holds_up_nobody() {
    let server = Server::start().await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let plain = TcpStream::connect(server.address).await.unwrap();
    let answer = ask(plain, "/health").await.unwrap_or_default();
    assert!(
        !answer.contains("HTTP/1.1 200"),
        "plain HTTP on a secure port: {answer}"
    );
    let answer = get(server.address, &server.authority.root, "/health")
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
    let server = Server::start().await;
    let served = async || {
        let line = open(server.address, &server.authority.root, "http/1.1")
            .await
            .ok()?;
        Some(certificate(&line))
    };
    let first = served().await.unwrap();

    std::fs::write(&server.key, "-----BEGIN NOTHING-----").unwrap();
    kill_process(getpid(), Signal::HUP).unwrap();
    assert_eq!(served().await.unwrap(), first);

    server.authority.give(&["localhost"], &server.chain, &server.key);
    kill_process(getpid(), Signal::HUP).unwrap();
    until("the renewed certificate", async || {
        served().await.filter(|now| *now != first)
    })
    .await;
}

#[tokio::test]
async fn plain_http_is_sent_on() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    tokio::spawn(listen::redirect(address, 8443).await.unwrap());
    let line = TcpStream::connect(address).await.unwrap();
    let answer = ask(line, "/public?lang=en").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
    let location = "location: https://localhost:8443/public?lang=en\r\n";
    assert!(answer.to_lowercase().contains(location), "{answer}");
}

#[test]
fn what_is_wrong_with_the_files_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let authority = Authority::new();
    authority.give(&["localhost", "127.0.0.1"], &at("chain"), &at("key"));
    authority.give(&["localhost"], &at("other-chain"), &at("other-key"));
    std::fs::write(at("empty"), "").unwrap();
    let load = |chain: &str, key: &str| CertificateFile::new(&at(chain), &at(key)).load();

    assert!(load("chain", "key").is_ok());
    assert!(matches!(
        load("chain", "other-key"),
        Err(TlsError::Mismatch { .. })
    ));
    assert!(matches!(load("none", "key"), Err(TlsError::Io { .. })));
    assert!(matches!(
        load("chain", "empty"),
        Err(TlsError::Empty {
            what: "private key",
            ..
        })
    ));
    assert!(matches!(
        load("empty", "key"),
        Err(TlsError::Empty {
            what: "certificate",
            ..
        })
    ));

    let facts = CertificateFile::new(&at("chain"), &at("key")).facts().unwrap();
    assert_eq!(facts.names, ["localhost", "127.0.0.1"]);
    assert!(facts.from < facts.until);
}
