//! Everything there is to run, step by step. A step that fails does not stop the next ones, so that one
//! run shows all there is to mend.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::client;
use crate::openapi;
use crate::package;
use crate::postgres::{self, Cluster};
use crate::tally::Tally;
use crate::tools::{self, Browser, WASM};
use crate::workspace::{NATIVE, Workspace, show, succeed};

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs this step alone; may be given several times.
    #[arg(long, value_enum)]
    only: Vec<Step>,
}

/// The steps, in their order.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The sources are formatted.
    Fmt,
    /// Clippy has nothing to say.
    Clippy,
    /// Clippy has nothing to say about the client as the browser gets it.
    ClippyClient,
    /// The documentation has no broken link.
    Doc,
    /// The client, the server around it, and the tests are built.
    Build,
    /// The tests of every crate but the client: units, properties, server, browser, interop.
    Test,
    /// The tests of the client's logic, without a browser.
    TestClient,
    /// The server answers as its description says, whatever it is asked.
    Openapi,
    /// The package installs, serves, upgrades and goes, and the records stay.
    Package,
}

/// The programs that the tests drive.
struct Drives {
    browser: Browser,
    /// The folder of the stock automerge-repo client.
    stock_client: PathBuf,
    /// The folder of the rules of accessibility.
    axe: PathBuf,
}

/// Runs the steps; the last line says how many tests passed and failed. A failed step that runs no tests
/// counts as one failure.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    tools::lints(workspace)?;
    tools::wasm_target(workspace)?;
    let drives = Drives {
        browser: tools::browser()?,
        stock_client: tools::stock_client(workspace)?,
        axe: tools::packages_of_node(workspace, "tests/axe")?,
    };
    tools::postgres()?;
    tools::file_attributes()?;
    tools::authority()?;

    let mut total = Tally::default();
    let mut failed = Vec::new();
    for step in Step::value_variants() {
        if !options.only.is_empty() && !options.only.contains(step) {
            continue;
        }
        let name = step
            .to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default();
        println!("\n== {name}");
        let tally = step.run(workspace, &drives).unwrap_or_else(|error| {
            eprintln!("xtask: {error:#}");
            Tally::FAILED_STEP
        });
        total += tally;
        if tally.failed > 0 {
            failed.push(name);
        }
    }

    println!();
    if !failed.is_empty() {
        println!("failed: {}", failed.join(", "));
    }
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Step {
    fn run(self, workspace: &Workspace, drives: &Drives) -> Result<Tally> {
        // The client is a program of the browser's: as a whole it is checked for wasm, its logic tested here.
        const CLIENT: &str = "--package lianxin-client";
        let check = |arguments: String| announce(&mut workspace.cargo(&arguments)).map(|()| Tally::default());
        match self {
            Self::Fmt => check("fmt --all --check".to_owned()),
            Self::Clippy => check(format!("clippy {NATIVE} --all-targets -- -D warnings")),
            Self::ClippyClient => check(format!("clippy {CLIENT} --target {WASM} -- -D warnings")),
            Self::Doc => {
                for selection in [NATIVE.to_owned(), format!("{CLIENT} --target {WASM}")] {
                    let mut command = workspace.cargo(&format!("doc --no-deps {selection}"));
                    announce(command.env("RUSTDOCFLAGS", "-D warnings"))?;
                }
                Ok(Tally::default())
            }
            Self::Build => {
                client::build(workspace)?;
                check(format!("build {NATIVE} --bins --tests"))
            }
            Self::Test => {
                let mut command = workspace.cargo(&format!("test {NATIVE} --no-fail-fast"));
                let cluster = Cluster::start()?;
                command.env(postgres::VARIABLE, cluster.address());
                command.envs(browser_variables(workspace, &drives.browser));
                command.env("LIANXIN_AXE", &drives.axe);
                test(command.env("LIANXIN_INTEROP", &drives.stock_client))
            }
            Self::Package => package::trial(workspace).map(|()| Tally::default()),
            Self::Openapi => openapi::run(workspace, &openapi::Options::default()).map(|()| Tally::default()),
            Self::TestClient => test(&mut workspace.cargo(&format!("test {CLIENT} --no-fail-fast"))),
        }
    }
}

/// How the browser tests find what they drive, and the servers they start no settings of this machine.
pub(crate) fn browser_variables(workspace: &Workspace, browser: &Browser) -> [(&'static str, PathBuf); 4] {
    [
        ("LIANXIN_BIN", workspace.target.join("debug/lianxin")),
        ("CHROMIUM", browser.chromium.clone()),
        ("CHROMEDRIVER", browser.driver.clone()),
        ("LIANXIN_CONFIG", "/dev/null".into()),
    ]
}

fn announce(command: &mut Command) -> Result<()> {
    println!("$ {}", show(command));
    succeed(command)
}

/// Runs tests, their output passed through and counted.
fn test(command: &mut Command) -> Result<Tally> {
    println!("$ {}", show(command));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo does not start")?;
    let output = child.stdout.take().context("cargo's output is not readable")?;
    let mut tally = Tally::default();
    let mut screen = std::io::stdout();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        screen.write_all(&line)?;
        screen.write_all(b"\n")?;
        tally += Tally::of_line(&String::from_utf8_lossy(&line)).unwrap_or_default();
    }
    let status = child.wait()?;
    // Tests that do not compile, or a runner that dies, print no closing line.
    if !status.success() && tally.failed == 0 {
        tally += Tally::FAILED_STEP;
    }
    Ok(tally)
}
