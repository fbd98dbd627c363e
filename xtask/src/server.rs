//! Builds the server around the client, and runs it.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

use crate::client;
use crate::workspace::{NATIVE, Workspace, show, succeed};

/// How to build.
#[derive(Args, Default)]
pub(crate) struct BuildOptions {
    /// Optimises the server. The client is always built small and fast.
    #[arg(long)]
    pub(crate) release: bool,
}

/// How to build and run.
#[derive(Args)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    build: BuildOptions,
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder of the server's data; `data` in cargo's target folder unless given.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Starts without demonstration data.
    #[arg(long)]
    empty: bool,
}

/// Builds the client, then the server that carries it; answers the path of the binary.
pub(crate) fn build(workspace: &Workspace, options: &BuildOptions) -> Result<PathBuf> {
    client::build(workspace)?;
    let mut command = workspace.cargo(&format!("build {NATIVE} --bin lianxin"));
    if options.release {
        command.arg("--release");
    }
    succeed(&mut command)?;
    let profile = if options.release { "release" } else { "debug" };
    Ok(binary(workspace, profile))
}

/// The path of the binary that a profile builds.
pub(crate) fn binary(workspace: &Workspace, profile: &str) -> PathBuf {
    workspace.target.join(profile).join("lianxin")
}

/// Builds, then becomes the server, so that signals and its exit code pass through.
pub(crate) fn run(workspace: &Workspace, options: &RunOptions) -> Result<ExitCode> {
    let binary = build(workspace, &options.build)?;
    let data = options
        .data
        .clone()
        .unwrap_or_else(|| workspace.target.join("data"));
    let mut command = Command::new(binary);
    command
        // Its own folder, whatever database this machine serves otherwise.
        .env_remove("LIANXIN_DATABASE")
        .args(["--config", "/dev/null"])
        .arg("serve")
        .arg("--data")
        .arg(data)
        .args(["--listen", &format!("127.0.0.1:{}", options.port)]);
    if !options.empty {
        command.arg("--demo");
    }
    become_it(&mut command).with_context(|| format!("{} does not start", show(&command)))
}

#[cfg(unix)]
fn become_it(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
