//! A PostgreSQL server for the length of a run: in a temporary folder, on a socket there, gone with its end.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::tools;
use crate::workspace::{Workspace, show, succeed};

/// The variable that names the server to tests.
pub(crate) const VARIABLE: &str = "LIANXIN_POSTGRES";

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The port; it only names the socket, since nothing listens on the network.
const PORT: &str = "5432";

/// A running server. It is stopped and its folder removed when this is dropped.
pub(crate) struct Cluster {
    folder: TempDir,
    server: Child,
}

impl Cluster {
    /// Makes and starts one; installs PostgreSQL when it is missing. It keeps nothing from a crash of the machine, so it
    /// does not wait for the disk.
    pub(crate) fn start() -> Result<Self> {
        let programs = tools::postgres()?;
        let account = Account::find()?;
        let folder = tempfile::Builder::new().prefix("lianxin-postgres-").tempdir()?;
        account.owns(folder.path())?;
        let data = folder.path().join("data");
        let mut make = account.command(&programs.join("initdb"));
        make.args([
            "--username=lianxin",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ])
        .args(["--no-sync", "--pgdata"])
        .arg(&data)
        .stdout(Stdio::null());
        succeed(&mut make)?;
        let mut serve = account.command(&programs.join("postgres"));
        serve.arg("-D").arg(&data).arg("-k").arg(folder.path());
        for setting in [
            &format!("port={PORT}"),
            "listen_addresses=",
            "fsync=off",
            "max_connections=300",
            // Of what a database server is given; the default is for machines of long ago.
            "shared_buffers=512MB",
            "log_min_messages=fatal",
        ] {
            serve.args(["-c", setting]);
        }
        let log = fs::File::create(folder.path().join("log"))?;
        serve.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let server = serve
            .spawn()
            .with_context(|| format!("{} does not start", show(&serve)))?;
        let mut cluster = Self { folder, server };
        cluster.wait(&programs)?;
        Ok(cluster)
    }

    /// Its address, with the database `postgres`.
    pub(crate) fn address(&self) -> String {
        let folder = self.folder.path().to_string_lossy().replace('/', "%2F");
        format!("postgres://lianxin@{folder}:{PORT}/postgres")
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL ended ({status}): {}", self.log());
            }
            let mut ready = Command::new(programs.join("pg_isready"));
            ready
                .arg("--quiet")
                .arg("--host")
                .arg(self.folder.path())
                .args(["--port", PORT]);
            if ready.status()?.success() {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL does not get ready: {}", self.log())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT: the server ends its processes and itself at once.
        let stop = Command::new("kill")
            .args(["-QUIT", &self.server.id().to_string()])
            .status();
        if !stop.is_ok_and(|status| status.success()) {
            drop(self.server.kill());
        }
        drop(self.server.wait());
    }
}

/// Runs a command beside a server that it finds in the variable.
pub(crate) fn run(workspace: &Workspace, command: &[String]) -> Result<ExitCode> {
    let cluster = Cluster::start()?;
    let (program, arguments) = command.split_first().context("no command")?;
    let mut command = workspace.program(program);
    let status = command.args(arguments).env(VARIABLE, cluster.address()).status();
    let status = status.with_context(|| format!("{} does not start", show(&command)))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whom the server runs as: PostgreSQL refuses to run as root.
struct Account(Option<(u32, u32)>);

impl Account {
    fn find() -> Result<Self> {
        if !tools::is_root()? {
            return Ok(Self(None));
        }
        let id = |flag: &str| -> Result<u32> {
            let output = Command::new("id")
                .args([flag, "postgres"])
                .output()
                .context("id does not start")?;
            let id = String::from_utf8_lossy(&output.stdout);
            id.trim()
                .parse()
                .context("there is no user postgres, which its package makes")
        };
        Ok(Self(Some((id("-u")?, id("-g")?))))
    }

    /// Gives it a folder, into which others may look for the socket.
    fn owns(&self, folder: &Path) -> Result<()> {
        if let Some((user, group)) = self.0 {
            chown(folder, Some(user), Some(group))?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    fn command(&self, program: &PathBuf) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/");
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }
}
