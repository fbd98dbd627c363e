//! Takes the pictures of the book and the README, from the real pages in a real browser.

use anyhow::Result;

use crate::server::{self, BuildOptions};
use crate::test::browser_variables;
use crate::tools;
use crate::workspace::{Workspace, succeed};

/// Builds everything and runs the program that takes the pictures.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let browser = tools::browser()?;
    server::build(workspace, &BuildOptions::default())?;
    let mut command = workspace.cargo("run --package lianxin-tests --bin screenshots");
    succeed(command.envs(browser_variables(workspace, &browser)))
}
