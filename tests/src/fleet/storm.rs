//! Very many devices that come back at once: the power was cut, and now it is there again. All have something to send. How long
//! does it take until all are served, and does anybody notice who only wants to sign in?

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::live::allow_files;
use super::measure::Phase;
use super::meter::Meter;
use super::scenario::{Ground, PASSWORD, Settings, at_its_pace, emit, through};
use crate::server::Server;
use crate::tablet::Tablet;

/// How many accounts there are; each has as many devices as it takes.
const ACCOUNTS: usize = 40;

/// What each device wrote while there was no power.
const RECORDS: u64 = 3;

/// How long the server is away, while all devices look for it.
const DARK: Duration = Duration::from_secs(3);

/// How often somebody at a desk signs in meanwhile.
const KNOCK: Duration = Duration::from_millis(500);

/// How a device got through.
struct Served {
    after: Duration,
    requests: u64,
    turned_away: u64,
}

/// So many devices come back at once.
pub async fn storm(settings: &Settings, devices: usize) -> Result<()> {
    allow_files(4 * devices as u64 + 1_000)?;
    let accounts = devices.min(ACCOUNTS);
    let mut ground = Ground::lay_on(Server::stopped()?, settings, accounts).await?;
    let meter = Meter::open(ground.server.port()).await?;
    let mut tablets: Vec<Tablet> = Vec::new();
    for n in 0..devices {
        let mut tablet = match n.checked_sub(accounts) {
            Some(first) => tablets[first].another(PASSWORD).await?,
            None => ground.device(&meter.url(), &format!("fleet{n}")).await?,
        };
        through(&mut tablet).await?;
        tablets.push(tablet);
    }
    for (n, tablet) in (0..).zip(&mut tablets) {
        ground.fill(tablet, n * RECORDS, (n + 1) * RECORDS)?;
        tablet.requests = 0;
    }
    ground.server.kill();
    let start = Instant::now();
    let coming = tablets
        .into_iter()
        .map(|tablet| tokio::spawn(come_back(tablet, start)));
    let coming: Vec<_> = coming.collect();
    sleep(DARK).await;
    ground.server.resume().await?;
    let back = start.elapsed();
    let phase = Phase::begin(&meter, ground.server.pid());
    let (done, is_done) = oneshot::channel();
    let desk = tokio::spawn(knock(ground.server.url(), is_done));
    let mut served = Vec::new();
    for device in coming {
        served.push(device.await??);
    }
    drop(done);
    let desk = desk.await??;
    let mut measured = phase.end();
    measured.extend(figures(&served, back));
    measured.insert("desk_longest_ms".to_owned(), json!(desk.as_millis()));
    emit(
        "storm",
        "storm",
        &json!({ "D": devices, "M": RECORDS }),
        true,
        measured,
        Map::new(),
    );
    Ok(())
}

/// What came of it, counted from when the server was back.
fn figures(served: &[Served], back: Duration) -> Map<String, Value> {
    let mut seconds: Vec<_> = served
        .iter()
        .map(|served| served.after.saturating_sub(back).as_secs_f64())
        .collect();
    seconds.sort_by(f64::total_cmp);
    let at = |part: usize| seconds.get((seconds.len() * part / 100).min(seconds.len().saturating_sub(1)));
    let sum = |of: fn(&Served) -> u64| served.iter().map(of).sum::<u64>();
    let mut figures = Map::new();
    for (name, value) in [
        ("served_half_s", json!(at(50))),
        ("served_99_s", json!(at(99))),
        ("served_all_s", json!(at(100))),
        ("http_requests", json!(sum(|served| served.requests))),
        ("turned_away", json!(sum(|served| served.turned_away))),
    ] {
        figures.insert(name.to_owned(), value);
    }
    figures
}

async fn come_back(mut tablet: Tablet, start: Instant) -> Result<Served> {
    at_its_pace(&mut tablet).await?;
    Ok(Served {
        after: start.elapsed(),
        requests: tablet.requests,
        turned_away: tablet.turned_away,
    })
}

/// Signs in again and again, and asks how the server is; answers the longest that it took.
async fn knock(url: String, mut is_done: oneshot::Receiver<()>) -> Result<Duration> {
    let http = reqwest::Client::new();
    let credentials = json!({ "user": "fleet0", "password": PASSWORD });
    let mut longest = Duration::ZERO;
    while is_done.try_recv() == Err(oneshot::error::TryRecvError::Empty) {
        let start = Instant::now();
        for request in [
            http.get(format!("{url}/health")),
            http.post(format!("{url}/api/session")).json(&credentials),
        ] {
            let answer = request.send().await.context("nobody answers the desk")?;
            ensure!(answer.status().is_success(), "the desk got {}", answer.status());
        }
        longest = longest.max(start.elapsed());
        sleep(KNOCK).await;
    }
    Ok(longest)
}
