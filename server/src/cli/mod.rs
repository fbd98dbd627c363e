//! The commands of the binary: they parse and report; what they do is elsewhere.

mod database;
mod place;
mod serve;
mod station;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    Migrate(place::Place),
    /// Tells a database that it was restored from a backup, before it is served again: devices then compare what they hold
    /// with what is there, and give back what was lost.
    Restored(place::Place),
    /// Copies everything from a folder into an empty PostgreSQL database. Stop the server first.
    Copy(database::Copy),
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
        Command::Migrate(place) => database::migrate(&place).await,
        Command::Restored(place) => database::restored(&place).await,
        Command::Copy(copy) => copy.carry_out().await,
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
