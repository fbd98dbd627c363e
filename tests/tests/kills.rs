//! `kill -9` at random moments while tablets write: what was acknowledged is there after the restart, on both stores.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_tests::database::Database;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;

const PASSWORD: &str = "lianxin-demo";
const USERS: [&str; 4] = ["host1", "host2", "host3", "host1"];
const KILLS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_in_a_folder() -> Result<()> {
    kill_again_and_again(Server::start().await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_on_postgresql() -> Result<()> {
    let database = Database::new().await?;
    kill_again_and_again(Server::start_on(&database).await?).await
}

/// What a tablet knows that the server has: the words of each record as they were when it said so.
type Acknowledged = BTreeMap<DocId, String>;

async fn kill_again_and_again(mut server: Server) -> Result<()> {
    let over = Arc::new(AtomicBool::new(false));
    let exchanges = Arc::new(AtomicUsize::new(0));
    let mut writers = Vec::new();
    for (n, user) in USERS.iter().enumerate() {
        let mut tablet = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
        tablet.sync_through(5).await?;
        let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
        let (over, exchanges) = (over.clone(), exchanges.clone());
        writers.push(tokio::spawn(async move {
            write(tablet, n, theme, &over, &exchanges).await
        }));
    }
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..KILLS {
        // xorshift (G. Marsaglia, 2003): from none to a few exchanges, and some way into the next.
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let (goal, into) = (
            exchanges.load(Ordering::Relaxed) + (chance % 6) as usize,
            chance % 4_096,
        );
        until("the tablets to get on", async || {
            (exchanges.load(Ordering::Relaxed) >= goal).then_some(())
        })
        .await?;
        tokio::time::sleep(Duration::from_micros(into)).await;
        server.kill();
        server.resume().await?;
    }
    over.store(true, Ordering::Relaxed);
    let mut records = 0;
    for (writer, user) in writers.into_iter().zip(USERS) {
        let (mut tablet, acknowledged) = writer.await??;
        let mut fresh = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
        fresh.sync_through(5).await?;
        for (id, words) in &acknowledged {
            ensure!(
                fresh.text(*id, "body")?.contains(words),
                "{words} of {user} is lost"
            );
        }
        records += acknowledged.len();
        // What was not acknowledged is still on the tablet, and arrives now.
        tablet.sync_through(20).await?;
        let mut fresh = Tablet::sign_in(&server.url(), user, PASSWORD).await?;
        fresh.sync_through(5).await?;
        tablet.sync_through(5).await?;
        ensure!(
            tablet.state()? == fresh.state()?,
            "a tablet of {user} differs from the server"
        );
    }
    println!("{KILLS} kills, {records} records acknowledged");
    ensure!(records > KILLS, "too little was written to mean anything");
    Ok(())
}

async fn write(
    mut tablet: Tablet,
    n: usize,
    theme: DocId,
    over: &AtomicBool,
    exchanges: &AtomicUsize,
) -> Result<(Tablet, Acknowledged)> {
    let mut acknowledged = Acknowledged::new();
    let mut last = None;
    for round in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let mut written = Vec::new();
        for record in 0..3 {
            let words = format!("〔{n}-{round}-{record}〕电梯坏了。");
            written.push((tablet.take_down(&words, theme)?, words));
        }
        if let Some((id, words)) = last.take() {
            let more = format!("{words}还没修。");
            tablet.write(id, "body", Value::from(&*more))?;
            written.push((id, more));
        }
        tablet.sync().await?;
        exchanges.fetch_add(1, Ordering::Relaxed);
        for (id, words) in written {
            if !tablet.is_unsent(id) {
                acknowledged.insert(id, words.clone());
            }
            last = Some((id, words));
        }
    }
    Ok((tablet, acknowledged))
}
