//! A release: what must hold for one, the binary and the package made the same way wherever they are built, what it is made of,
//! and its tag.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::package::{self, Manner};
use crate::workspace::{Workspace, show, succeed};
use crate::{bill, server};

/// What to release.
#[derive(Args)]
pub(crate) struct Options {
    /// The version, as in `Cargo.toml`.
    version: String,
    /// Looks whether all is in order and writes what it would be made of, without building and tagging.
    #[arg(long)]
    dry_run: bool,
}

/// Builds the release and tags it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let version = &options.version;
    let manifest = fs::read_to_string(workspace.root.join("Cargo.toml"))?;
    let changes = fs::read_to_string(workspace.root.join("CHANGELOG.md")).context("no CHANGELOG.md")?;
    is_the_version(version, &manifest)?;
    ensure!(
        section(&changes, version).is_some(),
        "CHANGELOG.md says nothing under `## {version}`"
    );
    let tag = format!("v{version}");
    let loose = git(workspace, &["status", "--porcelain"])?;
    ensure!(loose.is_empty(), "not committed:\n{loose}");
    let known = git(workspace, &["tag", "--list", &tag])?;
    ensure!(known.is_empty(), "{tag} is there already");
    let committed = git(workspace, &["log", "-1", "--format=%ct"])?;

    let out = workspace.target.join("dist");
    fs::create_dir_all(&out)?;
    let parts = out.join(format!("lianxin-{version}.cdx.json"));
    fs::write(&parts, bill::of_materials(workspace, version)?)?;
    println!("{}", parts.display());
    if options.dry_run {
        println!("all is in order for {tag}; nothing was built, nothing tagged");
        return Ok(());
    }
    let binary = build(workspace, &committed)?;
    let manner = Manner {
        not_after: Some(&committed),
        ..Manner::default()
    };
    let package = package::pack(workspace, &binary, version, manner)?;
    let made = [
        (&binary, format!("lianxin-{version}")),
        (&package, file_name(&package)?),
        (&parts, file_name(&parts)?),
    ];
    let mut sums = String::new();
    for (from, name) in made {
        let to = out.join(&name);
        if *from != to {
            fs::copy(from, &to)?;
        }
        sums += &format!("{}  {name}\n", sum(&to)?);
    }
    fs::write(out.join("SHA256SUMS"), &sums)?;
    print!("{sums}");
    let message = format!("Lianxin {version}");
    succeed(workspace.program("git").args(["tag", "-a", &tag, "-m", &message]))?;
    println!("{tag}");
    Ok(())
}

/// Builds as every machine does: without the folders of this one in the binary, and with the time of the commit for that of
/// the build (reproducible-builds.org/specs/source-date-epoch).
fn build(workspace: &Workspace, committed: &str) -> Result<std::path::PathBuf> {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .context("neither CARGO_HOME nor HOME is set")?;
    let root = workspace.root.display().to_string();
    let target = workspace.target.display().to_string();
    // The last that fits counts.
    let folders = [(root, "/lianxin"), (target, "/lianxin/target"), (home, "/cargo")];
    let rust: Vec<_> = folders
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={from}={to}"))
        .collect();
    let c: Vec<_> = folders
        .iter()
        .map(|(from, to)| format!("-ffile-prefix-map={from}={to}"))
        .collect();
    let mut command = Command::new(std::env::current_exe()?);
    command
        .current_dir(&workspace.root)
        .args(["build", "--release"])
        .env("SOURCE_DATE_EPOCH", committed)
        .env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}"))
        .env("CFLAGS", c.join(" "))
        .env("CARGO_INCREMENTAL", "0");
    succeed(&mut command)?;
    Ok(server::binary(workspace, "release"))
}

fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().context("no file")?;
    Ok(name.to_string_lossy().into_owned())
}

fn is_the_version(version: &str, manifest: &str) -> Result<()> {
    let numbers: Vec<_> = version.split('.').map(str::parse::<u64>).collect();
    ensure!(
        numbers.len() == 3 && numbers.iter().all(Result::is_ok),
        "`{version}` is no version such as 1.2.3"
    );
    let line = format!("version = \"{version}\"");
    let stands = manifest
        .split("[workspace.package]")
        .nth(1)
        .is_some_and(|package| {
            package
                .lines()
                .take_while(|l| !l.starts_with('['))
                .any(|l| l == line)
        });
    ensure!(
        stands,
        "Cargo.toml has another version: set `{line}` under [workspace.package]"
    );
    Ok(())
}

/// What the list of changes says of a version, if it says anything.
fn section<'a>(changes: &'a str, version: &str) -> Option<&'a str> {
    let heading = format!("## {version}");
    let mut lines = changes.match_indices(&heading);
    let begins = |at: usize| at == 0 || changes[..at].ends_with('\n');
    let (at, _) = lines.find(|(at, _)| {
        let rest = &changes[at + heading.len()..];
        begins(*at) && rest.starts_with(['\n', ' '])
    })?;
    let (_, rest) = changes[at..].split_once('\n')?;
    let end = rest.find("\n## ").unwrap_or(rest.len());
    let words = rest[..end].trim();
    (!words.is_empty() && !words.starts_with("## ")).then_some(words)
}

fn git(workspace: &Workspace, arguments: &[&str]) -> Result<String> {
    let mut command = workspace.program("git");
    let done = command.args(arguments).output()?;
    if !done.status.success() {
        bail!("{}: {}", show(&command), String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8(done.stdout)?.trim().to_owned())
}

fn sum(file: &Path) -> Result<String> {
    let digest = Sha256::digest(fs::read(file)?);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_one_of_the_workspace() {
        let manifest = "[workspace]\nversion = \"9.9.9\"\n[workspace.package]\nversion = \"1.2.3\"\n[x]\nversion = \"4.5.6\"\n";
        assert!(is_the_version("1.2.3", manifest).is_ok());
        for other in ["9.9.9", "4.5.6", "1.2", "1.2.3-a", "v1.2.3"] {
            assert!(is_the_version(other, manifest).is_err(), "{other}");
        }
    }

    #[test]
    fn a_section_says_something_of_just_this_version() {
        let changes = "# Changes\n\n## 1.2.30 (2027-01-02)\n\nOther.\n\n## 1.2.3 (2027-01-01)\n\nThis.\n\n## 1.2.2\n\n## 1.2.1\nx\n";
        assert_eq!(section(changes, "1.2.3"), Some("This."));
        assert_eq!(section(changes, "1.2.1"), Some("x"));
        assert_eq!(section(changes, "1.2.2"), None);
        assert_eq!(section(changes, "1.2"), None);
    }
}
