//! The commands of the binary: they parse and report; what they do is elsewhere.

mod backup;
mod database;
mod place;
mod serve;
mod station;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::backup::BackupError;
use crate::store::StoreError;
use crate::{auth, demo};

#[derive(Parser)]
#[command(
    name = "lianxin",
    version,
    about = "Lianxin (连心): the fieldbook for consultation work at the grassroots"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the app and its API.
    Serve(serve::Serve),
    /// Brings a database to this version's schema; `serve` does so too.
    Migrate(database::Migrate),
    /// Tells a database that it was restored from a backup, before it is served again: devices then compare what they hold
    /// with what is there, and give back what was lost.
    Restored(place::Place),
    /// Copies everything from a folder into an empty PostgreSQL database. Stop the server first.
    Copy(database::Copy),
    /// Makes a backup, encrypted, in a folder or in S3, while the server serves.
    Backup(backup::Backup),
    /// Makes the key that opens backups, as a file to be kept away from the server, and prints for whom to encrypt.
    BackupKey(backup::Key),
    /// Restores a backup into an empty place. Stop the server first; devices then give back what the backup did not have.
    Restore(backup::Restore),
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
    #[error("there is no database in {0}")]
    NoDatabase(std::path::PathBuf),
    #[error("there is a database in {0}; with --replace it is put aside")]
    Occupied(std::path::PathBuf),
    #[error("a PostgreSQL database is not replaced; make an empty one and restore into that")]
    NotReplaced,
}

/// Does what the arguments say.
pub async fn main() -> ExitCode {
    let filter = std::env::var("LIANXIN_LOG").unwrap_or_else(|_| "info".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that cannot be written, as on a full disk, must not end the request that it speaks of.
        .log_internal_errors(false)
        .init();
    let outcome = match Cli::parse().command {
        Command::Serve(serve) => serve.carry_out().await,
        Command::Migrate(migrate) => migrate.carry_out().await,
        Command::Restored(place) => database::restored(&place).await,
        Command::Copy(copy) => copy.carry_out().await,
        Command::Backup(backup) => backup.carry_out().await,
        Command::BackupKey(key) => key.carry_out(),
        Command::Restore(restore) => restore.carry_out().await,
        Command::User(command) => command.carry_out().await,
        Command::Station(command) => command.carry_out().await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lianxin: {error}");
            ExitCode::FAILURE
        }
    }
}
