//! The office at work: many users at once on a server that holds many records.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::{Map, Value, json};

use super::measure::{cpu, forget_peak, peak, rest, rounded};
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
    ("due", "/api/records?care=open&order=due&limit=50"),
    (
        "assigned_to_nobody",
        "/api/records?handler=-&care=overdue&limit=50",
    ),
    ("counts", "/api/records/counts"),
    ("counts_of_station", "/api/records/counts?station={station}"),
    ("search", "/api/records?q=%E7%94%B5%E6%A2%AF&limit=50"),
    (
        "search_pair",
        "/api/records?q=%E5%B1%85%E6%B0%91%20%E5%81%9C%E8%BD%A6&limit=50",
    ),
    ("year", "/api/year?all=true"),
    ("watch", "/api/watch"),
    ("waits", "/api/waits"),
    ("twins", "/api/records/{record}/twins"),
];

/// Fills a server with `docs` records, then lets `users` ask for each page `rounds` times, all at once, and takes lists along.
/// `postgres`: on a database of the server that `LIANXIN_POSTGRES` names. Where it stands goes to standard error.
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
    let mut measured = Map::new();
    measured.insert("fill_s".to_owned(), json!(rounded(fill(&ground, docs).await?)));
    let office = Office::sign_in(ground.server.url(), ground.server.pid()).await?;
    let first: Value = office.get("/api/records?limit=1").await?.json().await?;
    let record = first["records"][0]["id"].as_str().context("no record")?;
    measured.insert("indexed_s".to_owned(), json!(rounded(rest(office.server).await)));
    for (name, path) in PAGES {
        let path = path
            .replace("{station}", &station(3).to_string())
            .replace("{record}", record);
        let took = office.ask_at_once(&path, users, rounds).await?;
        eprintln!("desk: {name}: {took}");
        measured.insert(format!("{name}_ms"), took);
    }
    let one = format!("&station={}", station(3));
    for (name, rows, which) in [("", docs / STATIONS as u64, one.as_str()), ("_all", docs, "")] {
        for format in ["csv", "xlsx"] {
            let path = format!("/api/records/export.{format}?kind=suggestion{which}");
            let mut took = office.take_along(&path).await?;
            took["rows"] = json!(rows);
            eprintln!("desk: export_{format}{name}: {took}");
            measured.insert(format!("export_{format}{name}"), took);
        }
    }
    let parameters = json!({ "N": docs, "users": users, "rounds": rounds, "postgres": postgres });
    emit("desk", "desk", &parameters, true, measured, Map::new());
    Ok(())
}

/// Has the hosts bring their records; answers how many seconds that took.
async fn fill(ground: &Ground, docs: u64) -> Result<f64> {
    let (share, begun) = (docs / STATIONS as u64, Instant::now());
    for n in 0..STATIONS as u64 {
        let mut device = ground.device(&ground.server.url(), &format!("fleet{n}")).await?;
        for from in (0..share).step_by(PIECE as usize) {
            let to = share.min(from + PIECE);
            for record in n * share + from..n * share + to {
                device.start(&ground.workload.record(record))?;
            }
            through(&mut device).await?;
            device.forget();
        }
        let s = begun.elapsed().as_secs_f64();
        eprintln!("desk: host {} of {STATIONS} is done after {s:.0} s", n + 1);
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Somebody of the office, who asks one server.
struct Office {
    http: reqwest::Client,
    url: String,
    token: String,
    server: u32,
}

impl Office {
    async fn sign_in(url: String, server: u32) -> Result<Self> {
        let http = reqwest::Client::builder().tcp_nodelay(true).build()?;
        let credentials = json!({ "user": "clerk", "password": PASSWORD });
        let opened = http
            .post(format!("{url}/api/session"))
            .json(&credentials)
            .send()
            .await?;
        let opened: Value = opened.json().await?;
        let token = opened["token"]
            .as_str()
            .context("the clerk may not sign in")?
            .to_owned();
        Ok(Self {
            http,
            url,
            token,
            server,
        })
    }

    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        let asked = self
            .http
            .get(format!("{}{path}", self.url))
            .bearer_auth(&self.token);
        let answer = asked.send().await?;
        ensure!(answer.status().is_success(), "{path}: {}", answer.status());
        Ok(answer)
    }

    /// Lets `users` ask for a page `rounds` times each, all at once.
    async fn ask_at_once(&self, path: &str, users: usize, rounds: usize) -> Result<Value> {
        // Once for nothing: what is read for the first time is not what users wait for all day.
        self.get(path).await?.bytes().await?;
        let cpu_before = cpu(self.server);
        let user = async || {
            let mut took = Vec::new();
            for _ in 0..rounds {
                let begun = Instant::now();
                self.get(path).await?.bytes().await?;
                took.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
            anyhow::Ok(took)
        };
        let mut took = try_join_all((0..users).map(|_| user())).await?.concat();
        took.sort_by(f64::total_cmp);
        let at = |part: f64| took[((took.len() as f64 * part) as usize).min(took.len() - 1)];
        let cpu = (cpu(self.server) - cpu_before) * 1_000.0 / took.len() as f64;
        Ok(json!({ "p50": rounded(at(0.5)), "p95": rounded(at(0.95)), "cpu": rounded(cpu) }))
    }

    /// Takes a list along, and says what the server's memory was before and at its peak.
    async fn take_along(&self, path: &str) -> Result<Value> {
        let before = resident_kib(self.server)? / 1_024;
        forget_peak(self.server);
        let (begun, cpu_before) = (Instant::now(), cpu(self.server));
        let mut answer = self.get(path).await?;
        let mut bytes = 0;
        while let Some(piece) = answer.chunk().await? {
            bytes += piece.len();
        }
        Ok(json!({
            "s": rounded(begun.elapsed().as_secs_f64()),
            "cpu_s": rounded(cpu(self.server) - cpu_before),
            "bytes": bytes,
            "mib_before": before,
            "mib_peak": peak(self.server).round(),
        }))
    }
}
