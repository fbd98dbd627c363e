//! Several nodes on one database.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::DocId;
use lianxin_shared::records::Value;
use lianxin_tests::database::Database;
use lianxin_tests::server::{Server, binary};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::{PATIENCE, until};
use tokio::time::{Instant, timeout};

const PASSWORD: &str = "lianxin-demo";
const USERS: [&str; 4] = ["host1", "host2", "host3", "member1"];
const TABLETS: usize = 8;
const ROUNDS: usize = 12;

/// Three nodes, started one after the other: the first lays down the demonstration data.
async fn nodes(database: &Database) -> Result<Vec<Server>> {
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(Server::start_on(database).await?);
    }
    Ok(nodes)
}

/// What one tablet took down, and the words as it last left them.
type Taken = BTreeMap<DocId, String>;

/// Writes round after round, going from node to node, whether that one lives or not.
async fn write(
    mut tablet: Tablet,
    n: usize,
    urls: Vec<String>,
    theme: DocId,
    rounds: Arc<AtomicUsize>,
) -> Result<(Tablet, Taken)> {
    let mut taken = Taken::new();
    for round in 0..ROUNDS {
        let words = format!("第{round}条：{n}号平板，电梯坏了。");
        let doc = tablet.take_down(&words, theme)?;
        taken.insert(doc, words);
        if let Some((doc, words)) = taken.iter_mut().nth(round / 2) {
            words.push_str("还没修。");
            tablet.write(*doc, "body", Value::from(words.as_str()))?;
        }
        tablet.use_line(&urls[(n + round) % urls.len()]);
        tablet.sync().await?;
        rounds.fetch_add(1, Ordering::Relaxed);
    }
    Ok((tablet, taken))
}

/// Reads on and on until all is written.
async fn read(mut tablet: Tablet, rounds: Arc<AtomicUsize>) -> Result<Tablet> {
    while rounds.load(Ordering::Relaxed) < TABLETS * ROUNDS {
        tablet.sync().await?;
    }
    Ok(tablet)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_though_tablets_move_between_nodes_and_one_is_killed() -> Result<()> {
    let database = Database::new().await?;
    let mut nodes = nodes(&database).await?;
    let urls: Vec<_> = nodes.iter().map(Server::url).collect();
    let rounds = Arc::new(AtomicUsize::new(0));
    let mut writing = Vec::new();
    let mut reading = Vec::new();
    for (n, user) in (0..TABLETS).zip(USERS.into_iter().cycle()) {
        let mut tablet = Tablet::sign_in(&urls[n % 3], user, PASSWORD).await?;
        tablet.sync_through(1).await?;
        let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
        writing.push(tokio::spawn(write(
            tablet,
            n,
            urls.clone(),
            theme,
            rounds.clone(),
        )));
    }
    for (user, url) in [("host1", &urls[0]), ("host2", &urls[2])] {
        let tablet = Tablet::sign_in(url, user, PASSWORD).await?;
        reading.push(tokio::spawn(read(tablet, rounds.clone())));
    }

    until("half of it to be written", async || {
        (rounds.load(Ordering::Relaxed) > TABLETS * ROUNDS / 2).then_some(())
    })
    .await?;
    nodes[1].kill();

    let mut tablets = Vec::new();
    let mut taken: BTreeMap<String, Taken> = BTreeMap::new();
    for tablet in writing {
        let (mut tablet, own) = tablet.await??;
        tablet.use_line(&urls[0]);
        tablet.sync_through(3).await?;
        taken
            .entry(tablet.principal.user.to_string())
            .or_default()
            .extend(own);
        tablets.push(tablet);
    }
    for tablet in reading {
        tablets.push(tablet.await??);
    }
    // The last word of each: what the others wrote meanwhile.
    for tablet in &mut tablets {
        tablet.use_line(&urls[2]);
        tablet.sync_through(1).await?;
    }
    for user in USERS {
        let mut fresh = Tablet::sign_in(&urls[0], user, PASSWORD).await?;
        fresh.sync_through(1).await?;
        let expected = fresh.state()?;
        for (doc, words) in &taken[user] {
            assert_eq!(&fresh.text(*doc, "body")?, words);
        }
        let of_user = |tablet: &&Tablet| tablet.principal.user.as_str() == user;
        for tablet in tablets.iter().filter(of_user) {
            assert_eq!(
                tablet.state()?,
                expected,
                "a tablet of {user} holds something else than its channels"
            );
        }
    }
    assert_eq!(taken.values().map(BTreeMap::len).sum::<usize>(), TABLETS * ROUNDS);
    Ok(())
}

/// A line on which a node tells what moved.
struct Live {
    answer: reqwest::Response,
    said: String,
}

impl Live {
    async fn open(url: &str, user: &str) -> Result<Self> {
        let http = reqwest::Client::new();
        let body = serde_json::json!({ "user": user, "password": PASSWORD });
        let session = http.post(format!("{url}/api/session")).json(&body).send().await?;
        let session: serde_json::Value = session.error_for_status()?.json().await?;
        let token = session["token"].as_str().context("no token")?;
        let answer = http
            .get(format!("{url}/api/live"))
            .bearer_auth(token)
            .send()
            .await?;
        Ok(Self {
            answer: answer.error_for_status()?,
            said: String::new(),
        })
    }

    /// Waits until it says that some channels moved.
    async fn moved(&mut self) -> Result<()> {
        loop {
            if let Some((event, rest)) = self.said.split_once("\n\n") {
                let is_move = event.contains("data:");
                self.said = rest.to_owned();
                if is_move {
                    return Ok(());
                }
                continue;
            }
            let bytes = self.answer.chunk().await?.context("the line has ended")?;
            self.said.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_on_one_node_wakes_devices_on_another_within_a_second() -> Result<()> {
    let database = Database::new().await?;
    let (here, there) = (
        Server::start_on(&database).await?,
        Server::start_on(&database).await?,
    );
    let mut tablet = Tablet::sign_in(&here.url(), "host1", PASSWORD).await?;
    tablet.sync_through(1).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    let mut live = Live::open(&there.url(), "host1").await?;
    let mut quickest = PATIENCE;
    for n in 0..5 {
        tablet.take_down(&format!("第{n}条"), theme)?;
        tablet.sync_through(1).await?;
        let sent = Instant::now();
        timeout(PATIENCE, live.moved()).await.context("no word comes")??;
        quickest = quickest.min(sent.elapsed());
    }
    // A busy machine may be late now and then.
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_notices_nothing_when_its_server_moves_to_postgresql() -> Result<()> {
    let mut old = Server::start().await?;
    let mut tablet = Tablet::sign_in(&old.url(), "host1", PASSWORD).await?;
    tablet.sync_through(1).await?;
    let theme = tablet.of_kind("theme").first().context("no themes")?.doc;
    tablet.take_down("搬家之前写的。", theme)?;
    tablet.sync_through(1).await?;
    let state = tablet.state()?;
    old.kill();

    let database = Database::new().await?;
    let mut copy = Command::new(binary());
    copy.arg("copy").arg("--data").arg(old.data());
    let copied = copy.env("LIANXIN_DATABASE", database.address()).output()?;
    ensure!(
        copied.status.success(),
        "{}",
        String::from_utf8_lossy(&copied.stderr)
    );

    let new = Server::start_on(&database).await?;
    tablet.use_line(&new.url());
    // Still signed in, still at its place: nothing comes.
    let before = tablet.received();
    tablet.sync_through(1).await?;
    assert_eq!(tablet.state()?, state);
    assert!(
        tablet.received() - before < 500,
        "{} bytes came",
        tablet.received() - before
    );
    let doc = tablet.take_down("搬家之后写的。", theme)?;
    tablet.sync_through(1).await?;
    let mut fresh = Tablet::sign_in(&new.url(), "host1", PASSWORD).await?;
    fresh.sync_through(1).await?;
    assert_eq!(fresh.state()?, tablet.state()?);
    assert_eq!(fresh.text(doc, "body")?, "搬家之后写的。");
    Ok(())
}
