//! The commands of the binary: they parse and report; what they do is elsewhere.

mod audit;
mod database;
mod place;
mod serve;
mod station;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::store::StoreError;
use crate::{auth, demo};

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
    /// Brings a database to this version's schema; `serve` does so too.
    Migrate(place::Place),
    /// Tells a database that it was restored from a backup, before it is served again: devices then compare what they hold
    /// with what is there, and give back what was lost.
    Restored(place::Place),
    /// Copies everything from a folder into an empty PostgreSQL database. Stop the server first.
    Copy(database::Copy),
    /// What those who administer did.
    #[command(subcommand)]
    Audit(audit::Command),
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
}

/// Does what the arguments say.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = std::env::var("LIANXIN_LOG").unwrap_or_else(|_| "info".to_owned());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that cannot be written, as on a full disk, must not end the request that it speaks of.
        .log_internal_errors(false);
    match cli.log {
        Log::Text => log.init(),
        Log::Json => log.json().init(),
    }
    let outcome = match cli.command {
        Command::Serve(serve) => serve.carry_out().await,
        Command::Migrate(place) => database::migrate(&place).await,
        Command::Restored(place) => database::restored(&place).await,
        Command::Copy(copy) => copy.carry_out().await,
        Command::Audit(command) => command.carry_out().await,
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
