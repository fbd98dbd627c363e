//! A real server process, stopped and started on one address and one database.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use lianxin_shared::id::DocId;
use tempfile::TempDir;

use crate::database::Database;
use crate::until::until;

/// The server binary: the variable `LIANXIN_BIN`, or else where cargo puts it.
pub fn binary() -> PathBuf {
    std::env::var_os("LIANXIN_BIN").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/debug/lianxin"),
        PathBuf::from,
    )
}

/// A server with demonstration data. It is killed when dropped.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    /// The address of its database; in its folder if there is none.
    database: Option<String>,
    port: u16,
    level: &'static str,
    child: Option<Child>,
    /// Whether its database is read-only.
    is_protected: bool,
    /// The program that it is started from, where that is another.
    binary: Option<PathBuf>,
    /// Variables that it is started with.
    environment: Vec<(&'static str, String)>,
}

impl Server {
    /// Starts one on a free port, over a folder of its own, and waits until it serves.
    pub async fn start() -> Result<Self> {
        Self::start_logging("info").await
    }

    /// The same, with a level of what it logs.
    pub async fn start_logging(level: &'static str) -> Result<Self> {
        let mut server = Self::stopped()?;
        server.level = level;
        server.resume().await?;
        Ok(server)
    }

    /// Starts one on a free port, over a PostgreSQL database, and waits until it serves.
    pub async fn start_on(database: &Database) -> Result<Self> {
        let mut server = Self::stopped_on(database)?;
        server.resume().await?;
        Ok(server)
    }

    /// One that does not run yet, over a folder of its own.
    pub fn stopped() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self {
            folder: TempDir::new()?,
            database: None,
            port,
            level: "info",
            child: None,
            is_protected: false,
            binary: None,
            environment: Vec::new(),
        })
    }

    /// One that does not run yet, over a PostgreSQL database.
    pub fn stopped_on(database: &Database) -> Result<Self> {
        let mut server = Self::stopped()?;
        server.database = Some(database.address());
        Ok(server)
    }

    /// Has it use another database from its next start on.
    pub fn move_to(&mut self, database: &Database) {
        self.database = Some(database.address());
    }

    /// Adds the host of a few stations, by the program's command.
    pub fn add_host(&self, user: &str, password: &str, stations: &[DocId]) -> Result<()> {
        self.add_user(user, "host", password, stations)
    }

    /// Adds somebody with a role, as the host of these stations, by the program's command.
    pub fn add_user(&self, user: &str, role: &str, password: &str, stations: &[DocId]) -> Result<()> {
        self.add_account(user, "主持人甲", password, &[role], ("--host", stations))
    }

    /// Adds a member who leads the party group and is attached to these stations, by the program's command.
    pub fn add_leader(&self, user: &str, name: &str, password: &str, stations: &[DocId]) -> Result<()> {
        let roles = ["member", "leader"];
        self.add_account(user, name, password, &roles, ("--member", stations))
    }

    fn add_account(
        &self,
        user: &str,
        name: &str,
        password: &str,
        roles: &[&str],
        (place, stations): (&str, &[DocId]),
    ) -> Result<()> {
        let mut command = Command::new(binary());
        command.args(["user", "add", user, "--name", name, "--password-stdin"]);
        for role in roles {
            command.args(["--role", role]);
        }
        self.at_its_database(&mut command);
        for station in stations {
            command.arg(place).arg(station.to_string());
        }
        let log = Stdio::from(self.open_log()?);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(password.as_bytes())?;
        }
        anyhow::ensure!(child.wait()?.success(), "the account was not added");
        Ok(())
    }

    fn at_its_database(&self, command: &mut Command) {
        match &self.database {
            Some(address) => command.env("LIANXIN_DATABASE", address),
            None => command
                .env_remove("LIANXIN_DATABASE")
                .arg("--data")
                .arg(self.data()),
        };
    }

    /// The number of its process; 0 while it does not run.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    fn open_log(&self) -> Result<File> {
        let path = self.folder.path().join("log");
        Ok(OpenOptions::new().create(true).append(true).open(path)?)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets its files grow to so many bytes and no further, as a full disk does; or as they like.
    pub fn bound_files(&self, bytes: Option<u64>) -> Result<()> {
        let bound = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let mut command = Command::new("prlimit");
        command
            .arg(format!("--pid={}", self.pid()))
            .arg(format!("--fsize={bound}:unlimited"));
        let set = command.output().context("prlimit (util-linux) does not start")?;
        anyhow::ensure!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
        Ok(())
    }

    /// Makes its database read-only, for root and for files that are open too (`chattr`, ext4). Not the index of the log
    /// beside it: that is memory which the server shares with itself, and to write there would be the end of it by a signal.
    pub fn protect_files(&mut self) -> Result<()> {
        self.is_protected = true;
        self.change_attributes("+i")
    }

    /// Makes its database writable again.
    pub fn release_files(&mut self) -> Result<()> {
        self.is_protected = false;
        self.change_attributes("-i")
    }

    fn change_attributes(&self, change: &str) -> Result<()> {
        let files = ["lianxin.sqlite", "lianxin.sqlite-wal"].map(|name| self.data().join(name));
        let mut command = Command::new("chattr");
        command
            .arg(change)
            .args(files.iter().filter(|file| file.exists()));
        let set = command.output().context("chattr (e2fsprogs) does not start")?;
        anyhow::ensure!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
        Ok(())
    }

    /// Tells its database, by the program's command, that it was restored.
    pub fn begin_new_life(&self) -> Result<()> {
        self.carry_out(&["restored"]).map(drop)
    }

    /// Carries out a command of the program on its database; answers what it said, in the error too.
    pub fn carry_out(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(binary());
        command.args(arguments);
        self.at_its_database(&mut command);
        let done = command.env("LIANXIN_LOG", "warn").output()?;
        let said = String::from_utf8_lossy(&[&done.stdout[..], &done.stderr].concat()).into_owned();
        anyhow::ensure!(done.status.success(), "{said}");
        Ok(said)
    }

    /// Has it started from another program from the next time on.
    pub fn use_binary(&mut self, program: &Path) {
        self.binary = Some(program.to_owned());
    }

    /// Has it started with a variable from the next time on.
    pub fn set(&mut self, variable: &'static str, value: &str) {
        self.environment.push((variable, value.to_owned()));
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it has logged.
    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.folder.path().join("log"))?)
    }

    /// Stops it as `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Starts it again on the same data and waits until it serves.
    pub async fn resume(&mut self) -> Result<()> {
        let log = self.open_log()?;
        let listen = format!("127.0.0.1:{}", self.port);
        // The signal that a file has met its bound would end the process; an error is what a full disk gives.
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(self.binary.clone().unwrap_or_else(binary));
        command.args(["serve", "--demo", "--listen", &listen]);
        self.at_its_database(&mut command);
        let child = command
            .env("LIANXIN_LOG", self.level)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} does not start", binary().display()))?;
        self.child = Some(child);
        let health = self.url() + "/health";
        until("the server to serve", async || {
            reqwest::get(&health)
                .await
                .ok()
                .filter(|r| r.status().is_success())
        })
        .await
        .map(drop)
        .with_context(|| std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if self.is_protected {
            // Or its folder would stay for ever.
            drop(self.release_files());
        }
    }
}
