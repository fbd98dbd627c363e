//! The app over HTTPS that the server speaks itself: from its first opening to the day without a network.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lianxin_tests::browser::Driver;
use lianxin_tests::server::binary;
use lianxin_tests::steps::{all_sent, no_line};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PublicKeyData as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};

const PASSWORD: &str = "lianxin-demo";

/// A server with a certificate of an authority that was made for it. It is killed when dropped.
struct Secure {
    process: Child,
    /// What it says goes on being taken.
    _said: BufReader<ChildStdout>,
    url: String,
    /// The hash of the authority's public key, as Chromium takes it.
    authority: String,
}

impl Secure {
    fn start(folder: &Path) -> Result<Self> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = STANDARD.encode(Sha256::digest(key.subject_public_key_info()));
        let root = params.self_signed(&key)?;
        let own = KeyPair::generate()?;
        let given = CertificateParams::new(vec!["localhost".to_owned()])?;
        let given = given.signed_by(&own, &Issuer::new(params, key))?;
        let (chain, own_key) = (folder.join("chain.pem"), folder.join("key.pem"));
        std::fs::write(&chain, given.pem() + &root.pem())?;
        std::fs::write(&own_key, own.serialize_pem())?;

        let mut process = Command::new(binary())
            .env_remove("LIANXIN_DATABASE")
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .arg("--tls-certificate")
            .arg(chain)
            .arg("--tls-key")
            .arg(own_key)
            .stdout(Stdio::piped())
            .spawn()?;
        let said = process.stdout.take().context("nothing is said")?;
        let mut said = BufReader::new(said);
        let mut line = String::new();
        // The accounts of the demonstration come before the address.
        while !line.contains("https://") {
            line.clear();
            ensure!(said.read_line(&mut line)? > 0, "the server has ended");
        }
        let port = line.trim().rsplit(':').next().context("no port")?;
        let url = format!("https://localhost:{port}");
        Ok(Self {
            process,
            _said: said,
            url,
            authority,
        })
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Signs in by itself and opens a line as automerge-repo's clients do.
const SOCKET: &str = "
    const [user, password, done] = arguments;
    const body = JSON.stringify({ user, password });
    const headers = { 'content-type': 'application/json' };
    const opened = fetch('/api/session', { method: 'POST', headers, body });
    opened.then((answer) => answer.json()).then(({ token }) => {
        const socket = new WebSocket(`wss://${location.host}/repo?token=${token}`);
        socket.onopen = () => done('open');
        socket.onerror = () => done('refused');
    });
";

#[tokio::test(flavor = "multi_thread")]
async fn the_app_works_over_https_and_then_without_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Secure::start(folder.path())?;
    let driver = Driver::start()?;
    let tablet = driver
        .open_trusting("zh-CN", 800, 1280, &server.authority)
        .await?;
    tablet.sign_in(&server.url, "host1", PASSWORD).await?;
    all_sent(&tablet).await?;
    let over = "arguments[0](performance.getEntriesByType('navigation')[0].nextHopProtocol)";
    let protocol = tablet.run(over, Vec::new()).await?;
    ensure!(protocol == "h2", "{protocol}");
    let opened = tablet.run(SOCKET, vec![json!("host1"), json!(PASSWORD)]).await?;
    ensure!(opened == "open", "a websocket over HTTP/2: {opened}");
    let kept = "navigator.serviceWorker.ready.then(() => arguments[0](isSecureContext))";
    let secure = tablet.run(kept, Vec::new()).await?;
    ensure!(secure == true, "{secure}");

    drop(server);
    tablet.client.refresh().await?;
    no_line(&tablet).await
}
