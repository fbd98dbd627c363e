//! Everything is destroyed while devices write, and comes back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::Line;
use lianxin_tests::database::Database;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use tempfile::TempDir;

use crate::safe::{Safe, host, text};

const USERS: [&str; 4] = ["host1", "host2", "host3", "host1"];

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_burnt_down_comes_back_from_its_backup_and_its_devices() -> Result<()> {
    burn_down(Server::start().await?, |server| {
        Ok(std::fs::remove_dir_all(server.data())?)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_dropped_comes_back_into_a_new_one() -> Result<()> {
    let database = Database::new().await?;
    let server = Server::start_on(&database).await?;
    let mut database = Some(database);
    let new = Database::new().await?;
    burn_down(server, |server| {
        drop(database.take());
        server.move_to(&new);
        Ok(())
    })
    .await
}

/// What was written, and by whom.
type Words = BTreeMap<DocId, String>;

async fn burn_down(mut server: Server, mut destroy: impl FnMut(&mut Server) -> Result<()>) -> Result<()> {
    let safe = Safe::new()?;
    // Somebody who is never seen again: only the backup has it.
    let (mut gone, theme) = host(&server, "host1").await?;
    let only_there = gone.take_down("只在备份里。", theme)?;
    gone.sync_through(5).await?;
    drop(gone);

    let over = Arc::new(AtomicBool::new(false));
    let exchanges = Arc::new(AtomicUsize::new(0));
    let mut writers = Vec::new();
    for (n, user) in USERS.iter().enumerate() {
        let (tablet, theme) = host(&server, user).await?;
        let (over, exchanges) = (over.clone(), exchanges.clone());
        writers.push(tokio::spawn(async move {
            write(tablet, n, theme, &over, &exchanges).await
        }));
    }
    let get_on = async |more: usize| {
        let goal = exchanges.load(Ordering::Relaxed) + more;
        until("the tablets to get on", async || {
            (exchanges.load(Ordering::Relaxed) >= goal).then_some(())
        })
        .await
    };
    for _ in 0..3 {
        get_on(20).await?;
        safe.back_up(&server)?;
    }
    get_on(20).await?;
    server.kill();
    destroy(&mut server)?;
    let said = safe.restore(&server)?;
    ensure!(said.contains("a new life"), "{said}");
    server.resume().await?;
    get_on(20).await?;
    safe.back_up(&server)?;
    over.store(true, Ordering::Relaxed);

    let mut tablets = Vec::new();
    for writer in writers {
        let (mut tablet, words) = writer.await??;
        tablet.sync_through(20).await?;
        tablets.push((tablet, words));
    }
    let mut records = 0;
    for ((mut tablet, words), user) in tablets.into_iter().zip(USERS) {
        tablet.sync_through(5).await?;
        ensure!(tablet.refused()?.is_empty(), "something of {user} was refused");
        let (fresh, _) = host(&server, user).await?;
        for (id, words) in &words {
            ensure!(fresh.text(*id, "body")? == *words, "{words} of {user} is lost");
        }
        records += words.len();
        ensure!(
            user != "host1" || fresh.text(only_there, "body")? == "只在备份里。",
            "what only the backup had is lost"
        );
        ensure!(
            tablet.state()? == fresh.state()?,
            "a tablet of {user} differs from the server"
        );
    }
    println!("{records} records came through");
    Ok(())
}

async fn write(
    mut tablet: Tablet,
    n: usize,
    theme: DocId,
    over: &AtomicBool,
    exchanges: &AtomicUsize,
) -> Result<(Tablet, Words)> {
    let mut words = Words::new();
    while !over.load(Ordering::Relaxed) {
        // While the server is away a person writes on, but not as fast as a machine.
        if tablet.unsent() < 10 {
            let body = format!("〔{n}-{}〕电梯坏了。", words.len());
            words.insert(tablet.take_down(&body, theme)?, body);
        }
        if tablet.sync().await? == Line::On {
            exchanges.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok((tablet, words))
}

/// A database put back by PostgreSQL's own tools.
#[tokio::test(flavor = "multi_thread")]
async fn postgresqls_own_tools_do_it_too() -> Result<()> {
    let database = Database::new().await?;
    let mut server = Server::start_on(&database).await?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    let before = tablet.take_down("备份以前。", theme)?;
    tablet.sync_through(5).await?;
    let dump = std::process::Command::new(postgres_program("pg_dump")?)
        .args(["--no-owner", &database.address()])
        .output()?;
    ensure!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let after = tablet.take_down("备份以后。", theme)?;
    tablet.sync_through(5).await?;
    server.kill();
    drop(database);

    let new = Database::new().await?;
    let file = TempDir::new()?;
    let copy = file.path().join("copy.sql");
    std::fs::write(&copy, dump.stdout)?;
    let put = std::process::Command::new(postgres_program("psql")?)
        .args([
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--file",
            text(&copy)?,
            &new.address(),
        ])
        .output()?;
    ensure!(put.status.success(), "{}", String::from_utf8_lossy(&put.stderr));
    server.move_to(&new);
    server.begin_new_life()?;
    server.resume().await?;
    tablet.sync_through(10).await?;
    let (fresh, _) = host(&server, "host1").await?;
    ensure!(fresh.text(before, "body")? == "备份以前。" && fresh.text(after, "body")? == "备份以后。");
    ensure!(
        tablet.state()? == fresh.state()?,
        "the tablet differs from the server"
    );
    Ok(())
}

/// A program of PostgreSQL's, of the version that serves: Debian keeps them in a folder of each version.
fn postgres_program(name: &str) -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let mut found: Vec<_> = versions
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin").join(name)))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    Ok(found.pop().unwrap_or_else(|| PathBuf::from(name)))
}
