//! Installs what a bare machine lacks, and says so. Nothing is ever skipped because it is absent: what
//! cannot be installed is an error that names the command to run by hand.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, succeed};

/// The compilation target of the client.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A browser and the program that drives it in tests.
pub(crate) struct Browser {
    /// The path of Chromium.
    pub(crate) chromium: PathBuf,
    /// The path of its WebDriver.
    pub(crate) driver: PathBuf,
}

/// Makes sure that the pinned toolchain can compile for the browser.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    let output = workspace
        .program("rustc")
        .args(["--print", "target-libdir", "--target", WASM])
        .output()
        .context("rustc does not start")?;
    if Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir() {
        return Ok(());
    }
    rustup(workspace, &["target", "add", WASM])
}

/// Makes sure that the pinned toolchain can format and lint.
pub(crate) fn lints(workspace: &Workspace) -> Result<()> {
    for (component, proof) in [("rustfmt", "fmt --version"), ("clippy", "clippy --version")] {
        let mut command = workspace.cargo(proof);
        let present = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?
            .success();
        if !present {
            rustup(workspace, &["component", "add", component])?;
        }
    }
    Ok(())
}

/// Makes sure that there are Chromium, its driver and a Chinese font. The variables `CHROMIUM` and
/// `CHROMEDRIVER` name other ones than those on the path.
pub(crate) fn browser() -> Result<Browser> {
    let chromium = || named("CHROMIUM").or_else(|| on_path("chromium"));
    let driver = || named("CHROMEDRIVER").or_else(|| on_path("chromedriver"));
    let mut missing = Vec::new();
    if chromium().is_none() {
        missing.push("chromium");
    }
    if driver().is_none() {
        missing.push("chromium-driver");
    }
    if !has_chinese_font() {
        missing.extend(["fonts-noto-cjk", "fontconfig"]);
    }
    if !missing.is_empty() {
        packages(&missing)?;
    }
    Ok(Browser {
        chromium: chromium().context("chromium is installed but not on the path")?,
        driver: driver().context("chromedriver is installed but not on the path")?,
    })
}

/// Makes sure that there is PostgreSQL; answers the folder of its programs. Debian keeps them off the path, by version.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(folder) = postgres_programs() {
        return Ok(folder);
    }
    packages(&["postgresql"])?;
    postgres_programs().context("PostgreSQL is installed but its programs are not found")
}

/// Makes sure that a program's clock can be set; answers the library that does so.
pub(crate) fn faketime() -> Result<PathBuf> {
    if let Some(library) = faketime_library() {
        return Ok(library);
    }
    packages(&["libfaketime"])?;
    faketime_library().context("libfaketime is installed but its library is not found")
}

fn faketime_library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let library = |folder: fs::DirEntry| folder.path().join("faketime/libfaketime.so.1");
    folders.map(library).find(|library| library.is_file())
}

fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let path = on_path("postgres").and_then(|program| program.parent().map(Path::to_owned));
    debian
        .chain(path)
        .filter(|folder| {
            ["initdb", "postgres", "pg_isready"]
                .iter()
                .all(|program| folder.join(program).is_file())
        })
        .max()
}

/// Makes sure that there are the programs with which the tests make files read-only.
pub(crate) fn file_attributes() -> Result<()> {
    match on_path("chattr") {
        Some(_) => Ok(()),
        None => packages(&["e2fsprogs"]),
    }
}

/// Makes sure that there is pebble, the small authority that gives certificates to the tests.
pub(crate) fn authority() -> Result<()> {
    match on_path("pebble") {
        Some(_) => Ok(()),
        None => packages(&["pebble"]),
    }
}

/// Makes sure that there are Node and the packages of the stock client that the tests drive; answers its folder.
pub(crate) fn stock_client(workspace: &Workspace) -> Result<PathBuf> {
    packages_of_node(workspace, "tests/interop")
}

/// Makes sure that there are Node and the packages that a folder of the project asks for; answers its path. They are installed
/// anew when the lock file is newer.
pub(crate) fn packages_of_node(workspace: &Workspace, folder: &str) -> Result<PathBuf> {
    let missing: Vec<_> = ["node", "npm"]
        .into_iter()
        .filter(|name| on_path(name).is_none())
        .collect();
    if !missing.is_empty() {
        packages(&["nodejs", "npm"])?;
    }
    let folder = workspace.root.join(folder);
    let changed = |file: &str| folder.join(file).metadata()?.modified();
    let lock = changed("package-lock.json").context("there is no lock file")?;
    // npm writes this file last.
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock) {
        return Ok(folder);
    }
    // Nothing that is used here would have to be built.
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let command = format!("npm {}", arguments.join(" "));
    eprintln!("xtask: missing in {}, running: {command}", folder.display());
    succeed(workspace.program("npm").args(arguments).current_dir(&folder))
        .with_context(|| format!("please run by hand, in {}: {command}", folder.display()))?;
    Ok(folder)
}

/// Makes sure that there is schemathesis, in an environment of its own under cargo's target folder; answers its path.
pub(crate) fn schemathesis(workspace: &Workspace) -> Result<PathBuf> {
    /// Which version: another one makes other requests.
    const VERSION: &str = "4.32.5";
    let folder = workspace.target.join(format!("schemathesis-{VERSION}"));
    let program = folder.join("bin/schemathesis");
    if program.is_file() {
        return Ok(program);
    }
    // Debian's Python comes without what makes environments.
    let has_venv = || {
        let mut command = Command::new("python3");
        let command = command.args(["-c", "import ensurepip"]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !has_venv() {
        packages(&["python3", "python3-venv"])?;
    }
    eprintln!(
        "xtask: missing: schemathesis; installing it in {}",
        folder.display()
    );
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let package = format!("schemathesis=={VERSION}");
    succeed(Command::new(folder.join("bin/pip")).args(["install", "--quiet", &package])).with_context(
        || {
            format!(
                "please run by hand: {}/bin/pip install {package}",
                folder.display()
            )
        },
    )?;
    Ok(program)
}

/// Makes sure that there is mdbook, under cargo's target folder; answers its path.
pub(crate) fn mdbook(workspace: &Workspace) -> Result<PathBuf> {
    const VERSION: &str = "0.5.4";
    let folder = workspace.target.join(format!("mdbook-{VERSION}"));
    let program = folder.join("bin/mdbook");
    if program.is_file() {
        return Ok(program);
    }
    eprintln!("xtask: missing: mdbook; installing it in {}", folder.display());
    // It makes a book in a second, whichever way it was built.
    let arguments = "install mdbook --locked --debug --no-default-features --features search";
    let mut command = workspace.cargo(arguments);
    succeed(command.args(["--version", VERSION, "--root"]).arg(&folder))?;
    Ok(program)
}

/// Makes sure that there is what libFuzzer is compiled with.
pub(crate) fn compiler_of_cpp() -> Result<()> {
    match on_path("g++") {
        Some(_) => Ok(()),
        None => packages(&["g++"]),
    }
}

/// Makes sure that SQLite for Node is built among the packages of a folder; it comes as source. What it is compiled against is
/// Debian's.
pub(crate) fn sqlite_of_node(workspace: &Workspace, folder: &Path) -> Result<()> {
    let package = folder.join("node_modules/better-sqlite3");
    if package.join("build/Release/better_sqlite3.node").is_file() {
        return Ok(());
    }
    let mut missing = Vec::new();
    if !Path::new("/usr/include/node/node.h").is_file() {
        missing.push("libnode-dev");
    }
    if on_path("g++").is_none() || on_path("make").is_none() {
        missing.push("build-essential");
    }
    if on_path("python3").is_none() {
        missing.push("python3");
    }
    if !missing.is_empty() {
        packages(&missing)?;
    }
    let arguments = [
        "rebuild",
        "better-sqlite3",
        "--build-from-source",
        "--nodedir=/usr",
    ];
    succeed(workspace.program("npm").args(arguments).current_dir(folder))
}

fn rustup(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let command = format!("rustup {}", arguments.join(" "));
    eprintln!("xtask: missing in the toolchain, running: {command}");
    succeed(workspace.program("rustup").args(arguments))
        .with_context(|| format!("please run by hand, in {}: {command}", workspace.root.display()))
}

/// Installs packages of Debian's.
fn packages(names: &[&str]) -> Result<()> {
    let install = format!("apt-get install -y --no-install-recommends {}", names.join(" "));
    let prefix = if is_root()? { "" } else { "sudo " };
    let by_hand = format!("please run by hand: {prefix}apt-get update && {prefix}{install}");
    if on_path("apt-get").is_none() {
        bail!(
            "missing: {}. There is no apt-get here; please install them by this system's means",
            names.join(", ")
        );
    }
    for step in ["apt-get update", &install] {
        let line = format!("{prefix}{step}");
        eprintln!(
            "xtask: missing on this machine: {}; running: {line}",
            names.join(", ")
        );
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        succeed(&mut command).with_context(|| by_hand.clone())?;
    }
    Ok(())
}

/// Whether everything here runs as root.
pub(crate) fn is_root() -> Result<bool> {
    let output = Command::new("id")
        .arg("-u")
        .output()
        .context("id does not start")?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn has_chinese_font() -> bool {
    let list = Command::new("fc-list").arg(":lang=zh-cn").output();
    list.is_ok_and(|output| !output.stdout.trim_ascii().is_empty())
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
