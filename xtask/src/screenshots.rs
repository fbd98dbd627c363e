//! Takes pictures of the real pages in a real browser: those of the book and the README, and of every page.

use anyhow::Result;
use clap::Args;

use crate::server::{self, BuildOptions};
use crate::test::browser_variables;
use crate::tools;
use crate::workspace::{Workspace, succeed};

/// Which pictures.
#[derive(Args)]
pub(crate) struct Options {
    /// Those of the book and the README alone; else every page in both languages, at three widths, light and dark, as well.
    #[arg(long)]
    book: bool,
}

/// Builds everything and runs the program that takes the pictures.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let browser = tools::browser()?;
    server::build(workspace, &BuildOptions::default())?;
    let mut command = workspace.cargo("run --package lianxin-tests --bin screenshots");
    if options.book {
        command.args(["--", "--book"]);
    }
    succeed(command.envs(browser_variables(workspace, &browser)))
}
