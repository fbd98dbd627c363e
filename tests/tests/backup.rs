//! Backups are made while devices write, everything is destroyed, and nothing that a backup or a device held is lost.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::sync::Line;
use lianxin_tests::database::Database;
use lianxin_tests::server::{Server, binary};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use serde_json::json;
use tempfile::TempDir;

const PASSWORD: &str = "lianxin-demo";
const USERS: [&str; 4] = ["host1", "host2", "host3", "host1"];

/// A place for backups, with the key that opens them.
struct Safe {
    folder: TempDir,
    recipient: String,
}

impl Safe {
    fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let recipient = new_key(&folder.path().join("key"))?;
        Ok(Self { folder, recipient })
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn back_up(&self, server: &Server) -> Result<String> {
        server.carry_out(&["backup", "--to", text(&self.place())?, "--for", &self.recipient])
    }

    fn restore(&self, server: &Server) -> Result<String> {
        self.restore_with(server, &self.key(), &[])
    }

    fn restore_with(&self, server: &Server, key: &Path, more: &[&str]) -> Result<String> {
        let place = self.place();
        let arguments = ["restore", text(&place)?, "--identity", text(key)?];
        server.carry_out(&[&arguments[..], more].concat())
    }

    /// Every file of the backups.
    fn files(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for shelf in ["manifests", "chunks", "files"] {
            let Ok(listed) = std::fs::read_dir(self.place().join(shelf)) else {
                continue;
            };
            for entry in listed {
                files.push(entry?.path());
            }
        }
        Ok(files)
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}

fn new_key(file: &Path) -> Result<String> {
    let mut command = std::process::Command::new(binary());
    let made = command.arg("backup-key").arg(file).output()?;
    ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(String::from_utf8(made.stdout)?.trim().to_owned())
}

async fn host(server: &Server, user: &str) -> Result<(Tablet, DocId)> {
    let mut tablet = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
    tablet.sync_through(5).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    Ok((tablet, theme))
}

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
        ensure!(tablet.state()? == fresh.state()?, "a tablet of {user} differs from the server");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_restored_is_told_and_changes_nothing() -> Result<()> {
    let server = Server::start().await?;
    let safe = Safe::new()?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    for n in 0..200 {
        tablet.take_down(&format!("三号楼电梯又停了〔{n}〕"), theme)?;
    }
    tablet.sync_through(5).await?;
    // A file that hangs on a record.
    std::fs::create_dir_all(server.data().join("files"))?;
    std::fs::write(server.data().join("files/00ff"), "一张照片")?;
    safe.back_up(&server)?;

    let chunks: Vec<_> = safe.files()?.into_iter().filter(|path| is_in(path, "chunks")).collect();
    ensure!(chunks.len() > 3, "{} chunks", chunks.len());
    let is_plain = |bytes: &[u8], words: &str| bytes.windows(words.len()).any(|here| here == words.as_bytes());
    for path in safe.files()? {
        let bytes = std::fs::read(&path)?;
        for words in ["电梯", "照片", "host1", "suggestion", "主持人", "argon2"] {
            ensure!(!is_plain(&bytes, words), "{words} stands in {}", path.display());
        }
    }

    let empty = Server::stopped()?;
    let refuses = |key: &Path, words: &str| -> Result<()> {
        let said = format!("{:#}", safe.restore_with(&empty, key, &[]).err().context("it was restored")?);
        ensure!(said.contains(words), "{said}");
        ensure!(!empty.data().exists(), "something was written");
        Ok(())
    };
    let other = safe.folder.path().join("other");
    new_key(&other)?;
    refuses(&other, "encrypted for somebody else")?;
    refuses(&safe.folder.path().join("none"), "No such file")?;
    // Damaged: a byte, the end, another's content in its place, and gone.
    let whole = std::fs::read(&chunks[1])?;
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for bytes in [damaged, whole[..whole.len() - 1].to_vec(), std::fs::read(&chunks[2])?] {
        std::fs::write(&chunks[1], bytes)?;
        refuses(&safe.key(), "is damaged")?;
    }
    std::fs::remove_file(&chunks[1])?;
    refuses(&safe.key(), "is missing")?;
    std::fs::write(&chunks[1], &whole)?;
    let files = safe.files()?;
    let file = files.iter().find(|path| is_in(path, "files")).context("no file")?;
    let sealed = std::fs::read(file)?;
    std::fs::write(file, &sealed[1..])?;
    refuses(&safe.key(), "is damaged")?;
    std::fs::write(file, sealed)?;
    // A manifest that leaves a chunk out is not what was sealed.
    let manifest = files.iter().find(|path| is_in(path, "manifests")).context("no manifest")?;
    let written = std::fs::read_to_string(manifest)?;
    let name = chunks[0].file_name().and_then(|name| name.to_str()).context("no name")?;
    let line = written.lines().find(|line| line.contains(name)).context("not named")?;
    std::fs::write(manifest, written.replacen(&format!("{line}\n"), "", 1))?;
    refuses(&safe.key(), "is damaged")?;
    std::fs::write(manifest, written)?;

    // Now it is whole again. What is there already is not overwritten, unless that is asked for.
    safe.restore(&empty)?;
    ensure!(std::fs::read_to_string(empty.data().join("files/00ff"))? == "一张照片");
    let said = format!("{:#}", safe.restore(&empty).err().context("it was overwritten")?);
    ensure!(said.contains("--replace"), "{said}");
    let said = safe.restore_with(&empty, &safe.key(), &["--replace"])?;
    ensure!(said.contains("replaced-"), "{said}");
    Ok(())
}

fn is_in(path: &Path, shelf: &str) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with(shelf))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_costs_what_changed_and_heals_what_is_missing() -> Result<()> {
    let server = Server::start().await?;
    let safe = Safe::new()?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    for n in 0..400 {
        tablet.take_down(&format!("三号楼电梯又停了〔{n}〕"), theme)?;
    }
    tablet.sync_through(5).await?;
    safe.back_up(&server)?;
    let before = safe.files()?.len();
    tablet.take_down("又一条。", theme)?;
    tablet.sync_through(5).await?;
    safe.back_up(&server)?;
    let new = safe.files()?.len() - before;
    // The manifest, the end of the documents, and what stands before and behind them.
    ensure!(before > 10 && new <= 5, "{new} new beside {before}");

    let chunk = safe.files()?.into_iter().find(|path| is_in(path, "chunks")).context("no chunk")?;
    std::fs::remove_file(&chunk)?;
    safe.back_up(&server)?;
    ensure!(chunk.exists(), "what is missing is not written again");
    // Another database is not mixed in.
    let other = Server::start().await?;
    let said = format!("{:#}", safe.back_up(&other).err().context("it was mixed in")?);
    ensure!(said.contains("another database"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_does_not_come_back_from_an_older_backup() -> Result<()> {
    let mut server = Server::start().await?;
    let safe = Safe::new()?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    let stays = tablet.take_down("这条留下。", theme)?;
    let goes = tablet.take_down("这条要删除。", theme)?;
    tablet.sync_through(5).await?;
    // Who signs in later has to sign in again.
    let (mut away, _) = host(&server, "host1").await?;
    safe.back_up(&server)?;
    let listed = std::process::Command::new(binary())
        .args(["restore", text(&safe.place())?, "--list"])
        .output()?;
    let older = String::from_utf8(listed.stdout)?.trim().to_owned();

    let later = tablet.take_down("后来的，也要删除。", theme)?;
    tablet.sync_through(5).await?;
    away.sync_through(5).await?;
    for doc in [goes, later] {
        erase(&server, doc).await?;
    }
    safe.back_up(&server)?;
    server.kill();
    let said = safe.restore_with(&server, &safe.key(), &["--replace", "--at", &older])?;
    ensure!(said.contains("erased since"), "{said}");
    server.resume().await?;
    // A device that has not heard of it brings both again, with the server's own receipts.
    away.sync_through(10).await?;
    ensure!(away.text(goes, "body").is_err() && away.text(later, "body").is_err(), "a device keeps it");
    let (fresh, _) = host(&server, "host1").await?;
    ensure!(fresh.text(stays, "body")? == "这条留下。");
    ensure!(fresh.text(goes, "body").is_err() && fresh.text(later, "body").is_err(), "it came back");
    let bytes = std::fs::read(server.data().join("lianxin.sqlite"))?;
    let words = "要删除".as_bytes();
    ensure!(!bytes.windows(words.len()).any(|here| here == words), "it stands in the file");
    Ok(())
}

async fn erase(server: &Server, doc: DocId) -> Result<()> {
    let http = reqwest::Client::new();
    let credentials = json!({ "user": "admin", "password": PASSWORD });
    let session = http.post(format!("{}/api/session", server.url())).json(&credentials);
    let session: serde_json::Value = session.send().await?.error_for_status()?.json().await?;
    http.delete(format!("{}/api/documents/{doc}", server.url()))
        .bearer_auth(session["token"].as_str().context("no token")?)
        .json(&json!({ "reason": "本人要求" }))
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_serves_a_server_makes_its_backups_and_a_place_that_is_gone_does_no_harm() -> Result<()> {
    let safe = Safe::new()?;
    let mut server = Server::stopped()?;
    server.set("LIANXIN_BACKUP_TO", text(&safe.place())?);
    server.set("LIANXIN_BACKUP_FOR", &safe.recipient);
    server.set("LIANXIN_BACKUP_EVERY", "100ms");
    server.resume().await?;
    let last = server.data().join("last-backup");
    let first = until("a backup", async || std::fs::read_to_string(&last).ok()).await?;
    first.trim().parse::<jiff::Timestamp>()?;
    // The place is gone, and a file stands where it was.
    std::fs::rename(safe.place(), safe.folder.path().join("moved"))?;
    std::fs::write(safe.place(), "")?;
    until("the log to say so", async || server.log().ok()?.contains("backup.failed").then_some(())).await?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    tablet.take_down("照常服务。", theme)?;
    tablet.sync_through(5).await?;
    // It is there again.
    std::fs::remove_file(safe.place())?;
    std::fs::rename(safe.folder.path().join("moved"), safe.place())?;
    let before = std::fs::read_to_string(&last)?;
    until("another backup", async || std::fs::read_to_string(&last).ok().filter(|at| *at > before)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_for_good_is_in_a_backup_at_once() -> Result<()> {
    let safe = Safe::new()?;
    let mut server = Server::stopped()?;
    server.set("LIANXIN_BACKUP_TO", text(&safe.place())?);
    server.set("LIANXIN_BACKUP_FOR", &safe.recipient);
    server.resume().await?;
    let last = server.data().join("last-backup");
    let first = until("a backup", async || std::fs::read_to_string(&last).ok()).await?;
    let (mut tablet, theme) = host(&server, "host1").await?;
    let doc = tablet.take_down("这条要删除。", theme)?;
    tablet.sync_through(5).await?;
    erase(&server, doc).await?;
    until("the next one, an hour early", async || {
        std::fs::read_to_string(&last).ok().filter(|at| *at > first)
    })
    .await
    .map(drop)
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
        .args(["--quiet", "--set=ON_ERROR_STOP=1", "--file", text(&copy)?, &new.address()])
        .output()?;
    ensure!(put.status.success(), "{}", String::from_utf8_lossy(&put.stderr));
    server.move_to(&new);
    server.begin_new_life()?;
    server.resume().await?;
    tablet.sync_through(10).await?;
    let (fresh, _) = host(&server, "host1").await?;
    ensure!(fresh.text(before, "body")? == "备份以前。" && fresh.text(after, "body")? == "备份以后。");
    ensure!(tablet.state()? == fresh.state()?, "the tablet differs from the server");
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
