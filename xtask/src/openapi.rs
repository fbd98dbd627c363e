//! Holds a running server to its own description: schemathesis makes requests from `openapi.json`, sensible and senseless ones,
//! and looks at each answer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::tools;
use crate::workspace::{NATIVE, Workspace, show, succeed};

/// How much to try.
#[derive(Args)]
pub(crate) struct Options {
    /// Requests for each operation and way of making them.
    #[arg(long, default_value_t = 20)]
    examples: u32,
    /// The seed: the same one makes the same requests.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            examples: 20,
            seed: 1,
        }
    }
}

/// Longer than this a run may not take.
const PATIENCE: Duration = Duration::from_secs(600);

/// What is looked for: faults of the server's, and answers that are not as described. What is asked of requests beyond their
/// types is said in words, so what schemathesis takes for sensible may rightly be refused.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Left out: the line that stays open; signing out, after which nothing more could be asked; and what takes bytes that
/// schemathesis cannot make (the devices' exchange, sealed work, pieces of files), which is fed with damaged ones elsewhere.
const LEFT_OUT: [&str; 5] = ["live", "close_session", "sync", "deliver", "append"];

/// A server with demonstration data, for the length of a run.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Builds the server and asks it everything.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let schemathesis = tools::schemathesis(workspace)?;
    // With the tests, although none is run: without them its dependencies have other features, and all is built once more.
    succeed(&mut workspace.cargo(&format!("build {NATIVE} --bins --tests")))?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(&workspace.target.join("debug/lianxin"), folder.path())?;
    let token = sign_in(&server.address)?;
    let mut command = Command::new(schemathesis);
    command
        // It leaves notes where it runs.
        .current_dir(folder.path())
        .arg("run")
        .arg(format!("http://{}/api/openapi.json", server.address))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", &options.examples.to_string()])
        .args(["--seed", &options.seed.to_string()])
        .args(["--request-timeout", "30", "--warnings", "off"]);
    for operation in LEFT_OUT {
        command.args(["--exclude-operation-id", operation]);
    }
    // The command holds the token, so it is not shown as it is.
    println!(
        "$ schemathesis run /api/openapi.json --max-examples {}",
        options.examples
    );
    let mut process = command.spawn().context("schemathesis does not start")?;
    let start = Instant::now();
    loop {
        if let Some(status) = process.try_wait()? {
            if !status.success() {
                bail!("the server does not keep to its description ({status})");
            }
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            process.kill()?;
            process.wait()?;
            bail!("schemathesis takes longer than {} s", PATIENCE.as_secs());
        }
        sleep(Duration::from_millis(100));
    }
}

impl Server {
    fn start(binary: &Path, data: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command
            .env_remove("LIANXIN_DATABASE")
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.join("data"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped());
        let mut process = command
            .spawn()
            .with_context(|| format!("{} does not start", show(&command)))?;
        let output = process
            .stdout
            .take()
            .context("the server's output is not readable")?;
        let mut lines = BufReader::new(output).lines();
        let address = loop {
            let line = lines.next().context("the server ended before it listened")??;
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().to_owned();
            }
        };
        // Whatever it says later goes nowhere, and does not hold it up.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, address })
    }
}

/// A session of a clerk's, who may call most.
fn sign_in(address: &str) -> Result<String> {
    let credentials = json!({ "user": "clerk1", "password": "lianxin-demo" }).to_string();
    let mut line = TcpStream::connect(address)?;
    write!(
        line,
        "POST /api/session HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{credentials}",
        credentials.len()
    )?;
    let mut answer = String::new();
    line.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("no answer to signing in")?;
    let opened: Value = serde_json::from_str(body)?;
    let token = opened["token"].as_str().context("no token for the clerk")?;
    Ok(token.to_owned())
}
