//! `lianxin`: the one binary. It parses and reports; what it does is in the library.

use std::io::Read as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use lianxin_server::app::App;
use lianxin_server::clock::now;
use lianxin_server::store::{Account, Filter, StoreError};
use lianxin_server::{assets, auth, demo, run};
use lianxin_shared::id::{DocId, UserId};
use lianxin_shared::rules::{Principal, Role};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
#[command(
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
    Serve {
        #[command(flatten)]
        place: Place,
        /// The address to listen on.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Fills an empty database with demonstration data.
        #[arg(long)]
        demo: bool,
    },
    /// Accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Stations.
    #[command(subcommand)]
    Station(StationCommand),
}

#[derive(Subcommand)]
enum UserCommand {
    /// Adds an account; the password is read from the input, or made up and printed.
    Add(AddUser),
    /// Lists the accounts.
    List(Place),
}

#[derive(Subcommand)]
enum StationCommand {
    /// Lists the stations with their ids.
    List(Place),
}

#[derive(Args)]
struct Place {
    /// The folder of the database; made when missing.
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

#[derive(Args)]
struct AddUser {
    /// The name at sign-in: 1 to 32 of a-z 0-9 . _ -
    user: UserId,
    /// The name that people know.
    #[arg(long)]
    name: String,
    /// A role; may be given several times.
    #[arg(long = "role", required = true)]
    roles: Vec<Role>,
    /// A station that the user hosts, by id; may be given several times.
    #[arg(long = "host")]
    hosts: Vec<DocId>,
    /// A station that the user is attached to, by id; may be given several times.
    #[arg(long = "member")]
    member_of: Vec<DocId>,
    /// Reads the password from the input instead of making one up.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    place: Place,
}

/// Why the command was not carried out.
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
    #[error("the password is empty")]
    EmptyPassword,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = std::env::var("LIANXIN_LOG").unwrap_or_else(|_| "info".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match carry_out(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lianxin: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve { place, listen, demo } => serve(place, listen, demo).await,
        Command::User(UserCommand::Add(user)) => add_user(user).await,
        Command::User(UserCommand::List(place)) => {
            for account in App::open(&place.data).await?.store.accounts().await? {
                let roles: Vec<_> = account.principal.roles.iter().map(|role| role.as_str()).collect();
                println!(
                    "{}\t{}\t{}",
                    account.principal.user,
                    account.name,
                    roles.join(",")
                );
            }
            Ok(())
        }
        Command::Station(StationCommand::List(place)) => {
            let app = App::open(&place.data).await?;
            let filter = Filter {
                kinds: vec!["station".to_owned()],
                ..Filter::default()
            };
            for station in app.store.records(filter, None, 500).await?.records {
                println!("{}\t{}", station.doc, station.row.title);
            }
            Ok(())
        }
    }
}

async fn serve(place: Place, listen: SocketAddr, with_demo: bool) -> Result<(), CommandError> {
    let app = App::open(&place.data).await?;
    demo::lay_ground(&app).await?;
    let is_demo = with_demo && demo::fill(&app).await?;
    let listener = TcpListener::bind(listen).await?;
    println!("Lianxin 连心: http://{}", listener.local_addr()?);
    if !assets::has_client() {
        println!("This binary carries no client; build it with `cargo xtask build`.");
    }
    if is_demo {
        println!("Demonstration accounts, password {}:", demo::PASSWORD);
        for (user, name) in demo::people() {
            println!("  {user:<12} {name}");
        }
    }
    run(app, listener, stop_signal()).await?;
    Ok(())
}

async fn add_user(add: AddUser) -> Result<(), CommandError> {
    let app = App::open(&add.place.data).await?;
    demo::lay_ground(&app).await?;
    let password = if add.password_stdin {
        read_password()?
    } else {
        made_up_password()?
    };
    let principal = Principal {
        user: add.user,
        roles: add.roles.into_iter().collect(),
        hosts: add.hosts.into_iter().collect(),
        member_of: add.member_of.into_iter().collect(),
    };
    let user = principal.user.clone();
    demo::add_person(&app, &principal, &add.name).await?;
    let hash = auth::hash(password.clone()).await?;
    let account = Account {
        principal,
        name: add.name,
        password: hash,
        language: None,
        created_at: now(),
    };
    app.store.add_account(account).await?;
    println!("{user} added");
    if !add.password_stdin {
        println!("password: {password}");
    }
    Ok(())
}

fn read_password() -> Result<String, CommandError> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        Err(CommandError::EmptyPassword)
    } else {
        Ok(password)
    }
}

fn made_up_password() -> Result<String, CommandError> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

async fn stop_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
