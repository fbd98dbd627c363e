//! `cargo xtask`: the one entry to build, run and test the project.
//!
//! - [`workspace`] knows the folders and starts cargo; [`tools`] installs what a bare machine lacks.
//! - [`client`] compiles the browser's side; [`site`] makes the folder of files that the server carries
//!   out of it and of `client/static`; [`compress`] writes them.
//! - [`server`] builds and runs the server; [`mod@test`] runs everything that can fail, [`tally`] counts it;
//!   [`postgres`] is a database server for the length of a run; [`openapi`] holds the server to its description;
//!   [`screenshots`] photographs the pages; [`package`] packs the server for Debian.
//! - [`release`] builds and tags one; [`bill`] lists what it is made of; [`book`] makes pages of docs/.
//! - [`measure`] says what sync costs, here and in other stacks, [`mod@bench`] what the browser takes; [`fuzz`] damages bytes.

mod bench;
mod bill;
mod book;
mod client;
mod compress;
mod fuzz;
mod measure;
mod openapi;
mod package;
mod postgres;
mod release;
mod screenshots;
mod server;
mod site;
mod soak;
mod tally;
mod test;
mod tools;
mod wording;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs and tests Lianxin, and installs what that needs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the client and the server around it.
    Build(server::BuildOptions),
    /// Builds everything and starts the server in the foreground, with demonstration data.
    Run(server::RunOptions),
    /// Runs every check and test; the last line counts them.
    Test(test::Options),
    /// Runs a command beside a PostgreSQL server of its own, which the tests find in LIANXIN_POSTGRES.
    Postgres {
        /// The command with its arguments.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Lets devices write for minutes while servers are killed and worse, and counts what is there; one line of JSON a database.
    Soak(soak::Options),
    /// Measures what sync costs; one line of JSON a phase.
    Fleet(measure::FleetOptions),
    /// Measures the same work on other sync stacks and on ours, in turn.
    Peers(measure::PeersOptions),
    /// Measures the app in a real browser, or tries what people at one tablet do to it; one line of JSON.
    Bench(bench::Options),
    /// Feeds every decoder that meets the outside with damaged bytes, for a time.
    Fuzz(fuzz::Options),
    /// Holds a running server to its own description of its interface.
    Openapi(openapi::Options),
    /// Packs the released server for Debian.
    Package(package::Options),
    /// Takes pictures of every page, and those of the book and the README.
    Screenshots(screenshots::Options),
    /// Makes a book of docs/, in target/book.
    Book,
    /// Builds a release with a list of what it is made of, and tags it.
    Release(release::Options),
}

fn main() -> ExitCode {
    perform(Arguments::parse().task).unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn perform(task: Task) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match task {
        Task::Build(options) => server::build(&workspace, &options).map(|_| ExitCode::SUCCESS),
        Task::Run(options) => server::run(&workspace, &options),
        Task::Test(options) => test::run(&workspace, &options),
        Task::Postgres { command } => postgres::run(&workspace, &command),
        Task::Soak(options) => soak::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Fleet(options) => measure::fleet(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Peers(options) => measure::peers(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Bench(options) => bench::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Fuzz(options) => fuzz::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Openapi(options) => openapi::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Package(options) => package::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Release(options) => release::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Screenshots(options) => screenshots::run(&workspace, &options).map(|()| ExitCode::SUCCESS),
        Task::Book => book::run(&workspace).map(|()| ExitCode::SUCCESS),
    }
}
