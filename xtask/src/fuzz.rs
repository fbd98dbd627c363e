//! Feeds decoders with damaged bytes for as long as one likes; the tests do so for a moment.

use anyhow::Result;
use clap::Args;

use crate::workspace::{Workspace, succeed};

/// How long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each decoder.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Runs the tests that damage bytes, optimised, each for so long; they print how many inputs they tried.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut command = workspace
        .cargo("test --release --package lianxin-shared --test fuzz -- --nocapture --test-threads 2");
    succeed(command.env("LIANXIN_FUZZ_SECONDS", options.seconds.to_string()))
}
