//! The book: docs/ as pages that link to each other, in both languages.

use anyhow::{Context, Result};

use crate::tools;
use crate::workspace::{Workspace, succeed};

/// Builds it into `target/book`.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let program = tools::mdbook(workspace)?;
    let folder = workspace.target.join("book");
    let mut command = workspace.program(program);
    succeed(command.args(["build", "docs", "--dest-dir"]).arg(&folder))?;
    let first = folder.join("index.html");
    eprintln!(
        "xtask: {}",
        first.canonicalize().context("there is no first page")?.display()
    );
    Ok(())
}
