//! Measures the app in a real browser. What the crates measure of themselves is `cargo bench`.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::server::{self, BuildOptions};
use crate::test::browser_variables;
use crate::tools;
use crate::workspace::{Workspace, succeed};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    #[arg(value_enum)]
    what: What,
    /// For the program that measures: `--docs N --page N --times N --slowed N`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// What can be measured.
#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Starting with many records, and a page of records that arrives.
    Browser,
}

/// Builds the client and an optimised server around it, and measures both in Chromium.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let What::Browser = options.what;
    let browser = tools::browser()?;
    let binary = server::build(workspace, &BuildOptions { release: true })?;
    let mut command = workspace.cargo("run --release --package lianxin-tests --bin bench --");
    command
        .args(&options.arguments)
        .envs(browser_variables(workspace, &browser))
        .env("LIANXIN_BIN", binary);
    succeed(&mut command)
}
