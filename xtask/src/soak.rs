//! Lets devices write for minutes while the server is killed, its disk is full, and its clock jumps.

use anyhow::Result;
use clap::Args;

use crate::postgres::{Cluster, VARIABLE};
use crate::tools;
use crate::workspace::{Workspace, succeed};

/// How long and how much.
#[derive(Args)]
pub(crate) struct Options {
    /// How many minutes, over both kinds of database.
    #[arg(long, default_value = "5")]
    minutes: String,
    /// How many devices write at once.
    #[arg(long, default_value = "8")]
    devices: String,
    /// How long a device rests after an exchange, in milliseconds.
    #[arg(long, default_value = "250")]
    rest: String,
}

/// Runs it on an optimised server.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let library = tools::faketime()?;
    let cluster = Cluster::start()?;
    succeed(
        &mut workspace.cargo(
            "build --release --package lianxin-server --package lianxin-tests --bin lianxin --bin soak",
        ),
    )?;
    let folder = workspace.target.join("release");
    let mut command = workspace.program(folder.join("soak"));
    command
        .args(["--minutes", &options.minutes, "--devices", &options.devices])
        .args(["--rest", &options.rest])
        .env("LIANXIN_BIN", folder.join("lianxin"))
        .env("LIBFAKETIME", library)
        .env(VARIABLE, cluster.address());
    succeed(&mut command)
}
