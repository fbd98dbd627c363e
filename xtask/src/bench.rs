//! Measures and tries the app in a real browser. What the crates measure of themselves is `cargo bench`.

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
    /// For the program that does it: `browser --docs N --page N --times N --slowed N`, `shared-tablet --minutes N --people N
    /// --seed N`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// What can be measured.
#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Starting with many records, and a page of records that arrives.
    Browser,
    /// Several people at one tablet, whose line comes and goes and whose browser is killed: nothing that was saved is lost.
    SharedTablet,
}

impl What {
    fn program(self) -> &'static str {
        match self {
            Self::Browser => "bench",
            Self::SharedTablet => "shared_tablet",
        }
    }
}

/// Builds the client and an optimised server around it, and drives both in Chromium.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let browser = tools::browser()?;
    let binary = server::build(workspace, &BuildOptions { release: true })?;
    let mut command = workspace.cargo("run --release --package lianxin-tests --bin");
    command
        .args([options.what.program(), "--"])
        .args(&options.arguments)
        .envs(browser_variables(workspace, &browser))
        .env("LIANXIN_BIN", binary);
    succeed(&mut command)
}
