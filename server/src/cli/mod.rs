//! The commands of the binary: they parse and report; what they do is elsewhere.

mod audit;
mod backup;
mod check;
mod database;
mod place;
mod serve;
mod station;
mod systemd;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::backup::BackupError;
use crate::config::raw::Store;
use crate::config::{self, ConfigError, FileError, Installation, Name};
use crate::districts::SameDatabase;
use crate::store::StoreError;
use crate::{auth, demo, listen};

#[derive(Parser)]
#[command(
    name = "lianxin",
    version,
    about = "Lianxin (连心): the fieldbook for consultation work at the grassroots"
)]
struct Cli {
    /// How it is logged, to the standard error.
    #[arg(long, global = true, value_enum, default_value_t, env = "LIANXIN_LOG_FORM")]
    log: Log,
    /// The file of settings; `/etc/lianxin/lianxin.toml`, if there is one, unless given.
    #[arg(long, global = true, env = "LIANXIN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// One of the districts that the file of settings describes; `serve` and `check` mean all unless given.
    #[arg(long, global = true, env = "LIANXIN_DISTRICT", value_name = "NAME")]
    district: Option<Name>,
    #[command(subcommand)]
    command: Command,
}

/// How it is logged.
#[derive(Clone, Copy, Default, ValueEnum)]
enum Log {
    /// A line each, for people.
    #[default]
    Text,
    /// An object a line, for programs.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the app and its API.
    Serve(serve::Serve),
    /// Says what is wrong with the configuration, the disk, the clock, the certificate, the database and the backup. It fails if
    /// anything is to be mended.
    Check(check::Check),
    /// Brings a database to this version's schema; `serve` does so too.
    Migrate(database::Migrate),
    /// Tells a database that it was restored from a backup, before it is served again: devices then compare what they hold
    /// with what is there, and give back what was lost.
    Restored(Store),
    /// Copies everything from a folder into an empty PostgreSQL database. Stop the server first.
    Copy(database::Copy),
    /// What those who administer did.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Makes a backup, encrypted, in a folder or in S3, while the server serves.
    Backup(backup::Backup),
    /// Makes the key that opens backups, as a file to be kept away from the server, and prints for whom to encrypt.
    BackupKey(backup::Key),
    /// Restores a backup into an empty place. Stop the server first; devices then give back what the backup did not have.
    Restore(backup::Restore),
    /// Prints every key of the file of settings.
    Configuration,
    /// Accounts.
    #[command(subcommand)]
    User(user::Command),
    /// Stations.
    #[command(subcommand)]
    Station(station::Command),
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Districts(#[from] SameDatabase),
    #[error("the district {0}: {1}")]
    District(Name, Box<Self>),
    #[error(transparent)]
    Tls(#[from] listen::TlsError),
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] crate::files::FilesError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Demo(#[from] demo::DemoError),
    #[error(transparent)]
    Password(#[from] auth::PasswordError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
    #[error("that name is the program's own")]
    Reserved,
    #[error("the password is empty")]
    EmptyPassword,
    #[error("the password is too easily guessed")]
    WeakPassword,
    #[error(transparent)]
    Audit(#[from] crate::audit::AuditError),
    #[error("what was done is not what was written down")]
    Broken,
    #[error("there is no database in {0}")]
    NoDatabase(std::path::PathBuf),
    #[error("there is a database in {0}; with --replace it is put aside")]
    Occupied(std::path::PathBuf),
    #[error("a PostgreSQL database is not replaced; make an empty one and restore into that")]
    NotReplaced,
}

/// What `LIANXIN_LOG` stands behind, so that it can say otherwise. automerge opens a span for each document that it reads, and
/// each would be written out for nothing.
const QUIET: &str = "automerge=warn";

/// Does what the arguments say.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = std::env::var("LIANXIN_LOG").unwrap_or_else(|_| "info".to_owned());
    let log = tracing_subscriber::fmt()
        .with_env_filter(format!("{QUIET},{filter}"))
        .with_writer(std::io::stderr)
        // A log that cannot be written, as on a full disk, must not end the request that it speaks of.
        .log_internal_errors(false);
    match cli.log {
        Log::Text => log.init(),
        Log::Json => log.json().init(),
    }
    match carry_out(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("lianxin: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(cli: Cli) -> Result<ExitCode, CommandError> {
    let file = config::read(cli.config.as_deref(), cli.district.as_ref());
    match cli.command {
        // What is wrong with the file is among what it says.
        Command::Check(check) => return Ok(check.carry_out(file).await),
        Command::Serve(serve) => serve.carry_out(file?).await?,
        Command::Migrate(migrate) => migrate.carry_out(file?).await?,
        Command::Restored(store) => database::restored(&Installation::named(store, file?)?.store).await?,
        Command::Copy(copy) => copy.carry_out().await?,
        Command::Audit(command) => command.carry_out(file?).await?,
        Command::Backup(backup) => backup.carry_out(file?).await?,
        Command::BackupKey(key) => key.carry_out()?,
        Command::Restore(restore) => restore.carry_out(file?).await?,
        Command::Configuration => print!("{}", config::reference()),
        Command::User(command) => command.carry_out(file?).await?,
        Command::Station(command) => command.carry_out(file?).await?,
    }
    Ok(ExitCode::SUCCESS)
}
