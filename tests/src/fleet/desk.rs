//! The office at work: many users at once on a server that holds many records.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, json};

use super::scenario::{Ground, PASSWORD, Settings, emit, station, through};
use crate::database::Database;
use crate::memory::resident_kib;
use crate::server::Server;

/// The stations among which the records are spread; one of them is exported whole.
const STATIONS: usize = 10;

/// How many records a device takes at once into its memory.
const PIECE: u64 = 5_000;

/// What a user asks for, by the name of the figure. `{station}` stands for a station's id.
const PAGES: &[(&str, &str)] = &[
    ("inbox", "/api/records?limit=50"),
    (
        "filtered",
        "/api/records?kind=suggestion&state=received&station={station}&limit=50",
    ),
    ("counts", "/api/records/counts"),
    ("search", "/api/records?q=%E7%94%B5%E6%A2%AF&limit=50"),
    (
        "search_pair",
        "/api/records?q=%E5%B1%85%E6%B0%91%20%E5%81%9C%E8%BD%A6&limit=50",
    ),
    ("year", "/api/year?all=true"),
    ("twins", "/api/records/{record}/twins"),
];

/// Fills a server with `docs` records, then lets `users` ask for each page `rounds` times, all at once. `postgres`: on a
/// database of the server that `LIANXIN_POSTGRES` names.
pub async fn desk(settings: &Settings, docs: u64, users: usize, rounds: usize, postgres: bool) -> Result<()> {
    let database = if postgres {
        Some(Database::new().await?)
    } else {
        None
    };
    let server = database
        .as_ref()
        .map_or_else(Server::stopped, Server::stopped_on)?;
    server.add_user("clerk", "clerk", PASSWORD, &[])?;
    let ground = Ground::lay_on(server, settings, STATIONS).await?;
    let url = ground.server.url();
    let (share, begun) = (docs / STATIONS as u64, Instant::now());
    for n in 0..STATIONS as u64 {
        let mut device = ground.device(&url, &format!("fleet{n}")).await?;
        for from in (0..share).step_by(PIECE as usize) {
            let to = share.min(from + PIECE);
            for record in n * share + from..n * share + to {
                device.start(&ground.workload.record(record))?;
            }
            through(&mut device).await?;
            device.forget();
        }
    }
    let filled_s = begun.elapsed().as_secs_f64();
    let http = reqwest::Client::builder().tcp_nodelay(true).build()?;
    let token = token(&http, &url).await?;
    let first: serde_json::Value = get(&http, &url, &token, "/api/records?limit=1")
        .await?
        .json()
        .await?;
    let record = first["records"][0]["id"]
        .as_str()
        .context("no record")?
        .to_owned();

    let mut measured = Map::new();
    measured.insert("fill_s".to_owned(), json!(filled_s));
    for (name, path) in PAGES {
        let path = path
            .replace("{station}", &station(3).to_string())
            .replace("{record}", &record);
        // Once for nothing: what is read for the first time is not what users wait for all day.
        get(&http, &url, &token, &path).await?;
        let asking = (0..users).map(|_| {
            let (http, url, token, path) = (http.clone(), url.clone(), token.clone(), path.clone());
            tokio::spawn(async move {
                let mut took = Vec::new();
                for _ in 0..rounds {
                    let begun = Instant::now();
                    get(&http, &url, &token, &path).await?.bytes().await?;
                    took.push(begun.elapsed().as_secs_f64() * 1_000.0);
                }
                anyhow::Ok(took)
            })
        });
        let mut took = Vec::new();
        for user in asking.collect::<Vec<_>>() {
            took.extend(user.await??);
        }
        took.sort_by(f64::total_cmp);
        let at = |part: f64| took[((took.len() as f64 * part) as usize).min(took.len() - 1)];
        measured.insert(
            format!("{name}_ms"),
            json!({ "p50": at(0.5).round(), "p95": at(0.95).round() }),
        );
    }
    let before = resident_kib(ground.server.pid())? / 1_024;
    for format in ["csv", "xlsx"] {
        let begun = Instant::now();
        let path = format!(
            "/api/records/export.{format}?kind=suggestion&station={}",
            station(3)
        );
        let bytes = get(&http, &url, &token, &path).await?.bytes().await?;
        measured.insert(
            format!("export_{format}"),
            json!({ "ms": begun.elapsed().as_millis() as u64, "bytes": bytes.len(), "rows": share }),
        );
    }
    measured.insert("memory_mib_before_exports".to_owned(), json!(before));
    measured.insert(
        "memory_mib".to_owned(),
        json!(resident_kib(ground.server.pid())? / 1_024),
    );
    let parameters = json!({ "N": docs, "users": users, "rounds": rounds, "postgres": postgres });
    emit("desk", "desk", &parameters, true, measured, Map::new());
    Ok(())
}

async fn token(http: &reqwest::Client, url: &str) -> Result<String> {
    let credentials = json!({ "user": "clerk", "password": PASSWORD });
    let opened = http
        .post(format!("{url}/api/session"))
        .json(&credentials)
        .send()
        .await?;
    let opened: serde_json::Value = opened.json().await?;
    Ok(opened["token"]
        .as_str()
        .context("the clerk may not sign in")?
        .to_owned())
}

async fn get(http: &reqwest::Client, url: &str, token: &str, path: &str) -> Result<reqwest::Response> {
    let answer = http.get(format!("{url}{path}")).bearer_auth(token).send().await?;
    ensure!(answer.status().is_success(), "{path}: {}", answer.status());
    Ok(answer)
}
