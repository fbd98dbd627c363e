//! Measures what sync costs: our own scenarios, and the same work on other stacks beside them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::tools;
use crate::workspace::{Workspace, succeed};

/// What to measure.
#[derive(Args)]
pub(crate) struct FleetOptions {
    /// The scenario and its options: `upload --docs N`, `reconnect --docs N --local L --remote R`, `fleet --devices D --docs M`,
    /// `idle --docs N`, `live --devices D`, `storm --devices D`, `floor --docs N`, `grow --docs N,N --others N,N --kept FOLDER`, `desk --docs N --users U`;
    /// `--texts FILE` takes real bodies.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    scenario: Vec<String>,
}

/// What to compare.
#[derive(Args)]
pub(crate) struct PeersOptions {
    /// The other stacks; the first three take minutes with many records, and not all get through.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "automerge,samod,hocuspocus,pouchdb"
    )]
    peers: Vec<String>,
    /// Records of the upload, the bootstrap and the reconnect.
    #[arg(long, default_value_t = 10_000)]
    docs: u64,
    /// Seconds after which a phase of another stack is given up.
    #[arg(long, default_value_t = 150)]
    limit: u64,
}

/// Runs a scenario on an optimised server.
pub(crate) fn fleet(workspace: &Workspace, options: &FleetOptions) -> Result<()> {
    let mut command = Measured::build(workspace)?.command();
    succeed(command.args(&options.scenario))
}

/// Runs the same work on each stack in turn, and on ours last: one line of JSON a phase.
pub(crate) fn peers(workspace: &Workspace, options: &PeersOptions) -> Result<()> {
    let folder = tools::packages_of_node(workspace, "tests/peers")?;
    if options.peers.iter().any(|peer| peer == "samod") {
        let mut command = workspace.cargo("build --release --locked --target-dir target");
        succeed(command.current_dir(folder.join("samod-server")))?;
    }
    if options.peers.iter().any(|peer| peer == "hocuspocus") {
        tools::sqlite_of_node(workspace, &folder)?;
    }
    let ours = Measured::build(workspace)?;
    let docs = options.docs.to_string();
    let scenarios = [
        vec!["upload", &docs],
        vec!["reconnect", &docs, "50", "200"],
        vec!["fleet", "100", "50"],
    ];
    for scenario in &scenarios {
        for peer in &options.peers {
            let mut command = workspace.program("node");
            command
                .current_dir(&folder)
                .arg("bench.mjs")
                .arg(peer)
                .args(scenario);
            // What does not get through says so in its line; the others go on.
            let _ = command.env("LIMIT_S", options.limit.to_string()).status();
        }
    }
    for scenario in [
        format!("upload --docs {docs}"),
        format!("reconnect --docs {docs} --local 50 --remote 200"),
        "fleet --devices 100 --docs 50".to_owned(),
    ] {
        succeed(ours.command().args(scenario.split(' ')))?;
    }
    Ok(())
}

/// The programs that measure ours.
struct Measured {
    fleet: PathBuf,
    server: PathBuf,
}

impl Measured {
    fn build(workspace: &Workspace) -> Result<Self> {
        succeed(&mut workspace.cargo(
            "build --release --package lianxin-server --package lianxin-tests --bin lianxin --bin fleet",
        ))?;
        let folder = workspace.target.join("release");
        Ok(Self {
            fleet: folder.join("fleet"),
            server: folder.join("lianxin"),
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.fleet);
        command
            .env("LIANXIN_BIN", &self.server)
            .env_remove("LIANXIN_DATABASE");
        command
    }
}
