//! Measures the real app in a real browser beside a real server, and prints one line of JSON. `LIANXIN_BIN` names the server,
//! which carries the client; `CHROMIUM` and `CHROMEDRIVER` the browser.

use anyhow::{Context, Result};
use clap::Parser;
use lianxin_shared::id::DocId;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::fleet::workload::{Edit, Workload};
use lianxin_tests::memory;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const USER: &str = "bench";
const PASSWORD: &str = "bench-0-password";

/// Notes for each number of records on the list when it was first shown, in milliseconds since the page was asked for, and the
/// memory of the app. Runs before the app does.
const WATCH: &str = "
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
        const made = await instantiate(...given);
        window.memory = made.instance.exports.memory;
        return made;
    };
    window.shown = {};
    new MutationObserver(() => {
        const status = document.querySelector('p[role=status]');
        const n = status && status.textContent.replace(/\\D/g, '');
        if (n && document.querySelector('[data-test=row]')) window.shown[n] ??= performance.now();
    }).observe(document, { childList: true, subtree: true, characterData: true });";

/// The exchange with the server that brought the most, since this was last asked.
const EXCHANGE: &str = "
    const all = performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/api/sync'));
    performance.clearResourceTimings();
    const most = all.reduce((a, b) => b.encodedBodySize > a.encodedBodySize ? b : a);
    arguments[0]({ first: all[0].fetchStart, answered: most.responseStart, requests: all.length });";

#[derive(Parser)]
struct Arguments {
    /// Records in the vault.
    #[arg(long, default_value_t = 10_000)]
    docs: u64,
    /// Records of the page that arrives.
    #[arg(long, default_value_t = 200)]
    page: u64,
    /// How often each is measured; the least counts.
    #[arg(long, default_value_t = 5)]
    times: u64,
    /// How many times slower the processor is made, as on an old tablet.
    #[arg(long, default_value_t = 1)]
    slowed: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut office = Colleague::start().await?;
    office.write(arguments.docs).await?;

    let driver = Driver::start()?;
    let browser = driver.open("zh-CN", 800, 1100).await?;
    let watch = json!({ "source": WATCH });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", watch)
        .await?;
    let slowed = json!({ "rate": arguments.slowed });
    browser.devtools("Emulation.setCPUThrottlingRate", slowed).await?;
    let list = format!("{}/records", office.server.url());

    browser.sign_in(&list, USER, PASSWORD).await?;
    let all = shown(&browser, office.written).await?;
    let exchange = browser.run(EXCHANGE, Vec::new()).await?;
    let bootstrap = all - number(&exchange, "first")?;
    let after_bootstrap = memory::of_largest_renderer(driver.pid())?;

    let (mut start, mut apply) = (Least::default(), Least::default());
    let threads = json!({ "timeDomain": "threadTicks" });
    browser.devtools("Performance.enable", threads).await?;
    for _ in 0..arguments.times {
        browser.go("about:blank").await?;
        let before = busy(&browser).await?;
        browser.go(&list).await?;
        let shown = shown(&browser, office.written).await?;
        start.take(shown, busy(&browser).await? - before);
    }
    browser.see("[data-line=on]").await?;
    let after_start = memory::of_largest_renderer(driver.pid())?;
    for _ in 0..arguments.times {
        cut(&browser).await?;
        office.write(arguments.page).await?;
        browser.see("[data-line=off]").await?;
        browser
            .run("performance.clearResourceTimings(); arguments[0]();", Vec::new())
            .await?;
        let before = busy(&browser).await?;
        mend(&browser).await?;
        let all = shown(&browser, office.written).await?;
        let exchange = browser.run(EXCHANGE, Vec::new()).await?;
        apply.take(
            all - number(&exchange, "answered")?,
            busy(&browser).await? - before,
        );
    }
    let measured = json!({
        "docs": arguments.docs,
        "page": arguments.page,
        "slowed": arguments.slowed,
        "bootstrap_ms": bootstrap.round(),
        "start_ms": start.wall.round(),
        "start_cpu_ms": start.cpu.round(),
        "apply_ms": apply.wall.round(),
        "apply_cpu_ms": apply.cpu.round(),
        "renderer_mib_after_bootstrap": after_bootstrap,
        "renderer_mib_after_start": after_start,
        "wasm_mib": wasm_memory(&browser).await?,
    });
    println!("{measured}");
    Ok(())
}

/// The least of what was measured several times, in milliseconds.
struct Least {
    /// From without.
    wall: f64,
    /// Of the processor, on the thread that draws the page.
    cpu: f64,
}

impl Default for Least {
    fn default() -> Self {
        Self {
            wall: f64::MAX,
            cpu: f64::MAX,
        }
    }
}

impl Least {
    fn take(&mut self, wall: f64, cpu: f64) {
        self.wall = self.wall.min(wall);
        self.cpu = self.cpu.min(cpu);
    }
}

/// How long the thread that draws the page has been at work, in milliseconds of the processor's.
async fn busy(browser: &Browser) -> Result<f64> {
    let answer = browser.devtools("Performance.getMetrics", json!({})).await?;
    let metrics = answer["metrics"].as_array().context("no metrics")?;
    let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
    let seconds = task.and_then(|task| task["value"].as_f64());
    Ok(seconds.context("no time of tasks")? * 1_000.0)
}

/// Somebody who writes records that the browser's user reads, at a device of the same user.
struct Colleague {
    server: Server,
    tablet: Tablet,
    workload: Workload,
    /// How many so far.
    written: u64,
}

impl Colleague {
    async fn start() -> Result<Self> {
        let mut server = Server::stopped()?;
        server.add_host(USER, PASSWORD, &[DocId([0x5a; 16])])?;
        server.resume().await?;
        let mut tablet = Tablet::sign_in(&server.url(), USER, PASSWORD).await?;
        tablet.sync_through(5).await?;
        let themes = tablet.of_kind("theme").iter().map(|theme| theme.doc).collect();
        Ok(Self {
            server,
            tablet,
            workload: Workload::new(1, themes),
            written: 0,
        })
    }

    /// Writes records as the fleet does, and has them on the server.
    async fn write(&mut self, records: u64) -> Result<()> {
        for n in self.written..self.written + records {
            let id = self.tablet.start(&self.workload.record(n))?;
            for edit in [Edit::Theme, Edit::Splice] {
                let before = self.tablet.values(id)?.context("the record is not here")?;
                for (field, value) in self.workload.edit(n, &before, edit) {
                    self.tablet.write(id, &field, value)?;
                }
            }
        }
        self.written += records;
        self.tablet.sync_through(5).await
    }
}

/// When so many records were shown, in milliseconds since the page was asked for.
async fn shown(browser: &Browser, records: u64) -> Result<f64> {
    let script = "arguments[1](window.shown[arguments[0]] ?? null);";
    let what = format!("{records} records to be shown");
    let look = async || browser.run(script, vec![json!(records)]).await.ok()?.as_f64();
    // A slow device takes minutes to read all of it for the first time.
    for _ in 0..9 {
        if let Ok(found) = until(&what, look).await {
            return Ok(found);
        }
    }
    until(&what, look).await
}

/// Takes the network away from the page.
async fn cut(browser: &Browser) -> Result<()> {
    conditions(browser, json!({ "offline": true })).await
}

/// Gives it back.
async fn mend(browser: &Browser) -> Result<()> {
    conditions(browser, json!({ "offline": false })).await
}

async fn conditions(browser: &Browser, mut conditions: Value) -> Result<()> {
    conditions["latency"] = json!(0);
    conditions["downloadThroughput"] = json!(-1);
    conditions["uploadThroughput"] = json!(-1);
    browser.devtools("Network.enable", json!({})).await?;
    browser
        .devtools("Network.emulateNetworkConditions", conditions)
        .await
        .map(drop)
}

/// The memory of the app itself, in MiB.
async fn wasm_memory(browser: &Browser) -> Result<f64> {
    let script = "arguments[0](window.memory.buffer.byteLength);";
    let bytes = browser.run(script, Vec::new()).await?;
    let bytes = bytes.as_f64().with_context(|| bytes.to_string())?;
    Ok((bytes / 1_048_576.0).round())
}

fn number(exchange: &Value, name: &str) -> Result<f64> {
    exchange[name].as_f64().with_context(|| format!("no {name}"))
}
