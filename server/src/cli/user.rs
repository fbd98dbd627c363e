//! `user`.

use std::io::Read as _;

use clap::{Args, Subcommand};
use lianxin_shared::id::{DocId, UserId};
use lianxin_shared::rules::{Principal, RESERVED, Role};

use super::CommandError;
use crate::clock::now;
use crate::config::raw::{Raw, Store};
use crate::config::{Installation, Place};
use crate::files::Files;
use crate::store::Account;
use crate::{auth, demo};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Adds an account; the password is read from the input, or made up and printed.
    Add(Add),
    /// Lists the accounts.
    List(Store),
}

#[derive(Args)]
pub(super) struct Add {
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
    store: Store,
}

impl Command {
    pub(super) async fn carry_out(self, file: Raw) -> Result<(), CommandError> {
        match self {
            Self::Add(user) => add(user, file).await,
            Self::List(store) => list(&Installation::named(store, file)?.store).await,
        }
    }
}

async fn list(place: &Place) -> Result<(), CommandError> {
    let (store, _) = place.open().await?;
    for account in store.accounts().await? {
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

async fn add(add: Add, file: Raw) -> Result<(), CommandError> {
    if RESERVED.contains(&add.user.as_str()) {
        return Err(CommandError::Reserved);
    }
    // An account has nothing to do with files.
    let place = Installation::named(add.store, file)?.store;
    let app = place.app(Files::in_memory()).await?;
    demo::lay_ground(&app).await?;
    let password = if add.password_stdin {
        read_password()?
    } else {
        auth::made_up()?
    };
    if auth::is_weak(&password, &[add.user.as_str(), &add.name]) {
        return Err(CommandError::WeakPassword);
    }
    let principal = Principal {
        hosts: add.hosts.into_iter().collect(),
        member_of: add.member_of.into_iter().collect(),
        ..Principal::new(add.user, add.roles)
    };
    let user = principal.user.clone();
    demo::add_person(&app, &principal, &add.name).await?;
    demo::attach(&app, &principal).await?;
    let hash = auth::hash(password.clone()).await?;
    let account = Account {
        principal,
        name: add.name,
        password: hash,
        language: None,
        disabled: false,
        created_at: now(),
    };
    app.store.add_account(account).await?;
    app.members.renew().await?;
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
