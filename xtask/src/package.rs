//! The Debian package: a folder laid out as it is to be installed, and `dpkg-deb` over it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::server::{self, BuildOptions};
use crate::workspace::{Workspace, show, succeed};

/// What to pack.
#[derive(Args)]
pub(crate) struct Options {
    /// The version, if another than the workspace's.
    #[arg(long)]
    version: Option<String>,
}

/// What goes where, from the project's root, and how it may be used.
const FILES: [(&str, &str, u32); 5] = [
    ("packaging/lianxin.toml", "etc/lianxin/lianxin.toml", 0o640),
    (
        "packaging/lianxin.service",
        "lib/systemd/system/lianxin.service",
        0o644,
    ),
    ("README.md", "usr/share/doc/lianxin/README.md", 0o644),
    ("LICENSE", "usr/share/doc/lianxin/copyright", 0o644),
    (
        "docs/configuration.md",
        "usr/share/doc/lianxin/configuration.md",
        0o644,
    ),
];
/// What dpkg runs and reads.
const CONTROL: [(&str, u32); 4] = [
    ("conffiles", 0o644),
    ("postinst", 0o755),
    ("prerm", 0o755),
    ("postrm", 0o755),
];

/// Builds the server as it is released and packs it; says where the package is.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let binary = server::build(workspace, &BuildOptions { release: true })?;
    let version = options.version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"));
    let package = pack(workspace, &binary, version, Manner::default())?;
    println!("{}", package.display());
    Ok(())
}

/// Installs, serves, upgrades, removes and purges packages of the server that the tests use, on a copy of this system.
pub(crate) fn trial(workspace: &Workspace) -> Result<()> {
    const NEXT: &str = "999.0.0";
    let binary = workspace.target.join("debug/lianxin");
    let quick = Manner {
        compression: "none",
        ..Manner::default()
    };
    let old = pack(workspace, &binary, env!("CARGO_PKG_VERSION"), quick)?;
    let new = pack(workspace, &binary, NEXT, quick)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = if crate::tools::is_root()? {
        workspace.program("packaging/trial.sh")
    } else {
        let mut command = workspace.program("sudo");
        command.arg("packaging/trial.sh");
        command
    };
    command.args([&old, &new]).arg(NEXT).arg(port.to_string());
    println!("$ {}", show(&command));
    let tried = succeed(&mut command);
    fs::remove_file(old)?;
    fs::remove_file(new)?;
    tried
}

/// How a package is made.
#[derive(Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// As dpkg-deb calls it.
    pub(crate) compression: &'a str,
    /// No file in it is younger, in seconds since 1970: with the same binary the same package comes out, whenever it is made.
    pub(crate) not_after: Option<&'a str>,
}

impl Default for Manner<'_> {
    fn default() -> Self {
        Self {
            compression: "xz",
            not_after: None,
        }
    }
}

/// Packs a binary; answers where the package is.
pub(crate) fn pack(
    workspace: &Workspace,
    binary: &Path,
    version: &str,
    manner: Manner<'_>,
) -> Result<PathBuf> {
    let architecture = answer(Command::new("dpkg").arg("--print-architecture"))?;
    let folder = workspace.target.join("package");
    let root = folder.join("root");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    for (from, to, mode) in FILES {
        put(&fs::read(workspace.root.join(from))?, &root.join(to), mode)?;
    }
    put(&fs::read(binary)?, &root.join("usr/bin/lianxin"), 0o755)?;
    let debian = workspace.root.join("packaging/debian");
    for (name, mode) in CONTROL {
        put(
            &fs::read(debian.join(name))?,
            &root.join("DEBIAN").join(name),
            mode,
        )?;
    }
    // The C library of the machine that builds: an older one may lack what the linker found here.
    let libc = answer(Command::new("dpkg-query").args(["--show", "--showformat=${Version}", "libc6"]))?;
    let control = fs::read_to_string(debian.join("control"))?
        .replace("{{version}}", version)
        .replace("{{architecture}}", &architecture)
        .replace("{{libc}}", libc.split('-').next().unwrap_or_default());
    put(control.as_bytes(), &root.join("DEBIAN/control"), 0o644)?;
    let package = folder.join(format!("lianxin_{version}_{architecture}.deb"));
    let mut command = Command::new("dpkg-deb");
    command.args([
        "--root-owner-group",
        &format!("-Z{}", manner.compression),
        "--build",
    ]);
    command.envs(manner.not_after.map(|seconds| ("SOURCE_DATE_EPOCH", seconds)));
    succeed(command.arg(&root).arg(&package))?;
    fs::remove_dir_all(&root)?;
    Ok(package)
}

fn put(bytes: &[u8], to: &Path, mode: u32) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, bytes).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

fn answer(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{} does not start", show(command)))?;
    anyhow::ensure!(output.status.success(), "{} failed", show(command));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
