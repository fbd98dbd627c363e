//! Measures the real app in a real browser beside a real server, and prints one line of JSON. `LIANXIN_BIN` names the server,
//! which carries the client; `CHROMIUM` and `CHROMEDRIVER` the browser.

use anyhow::{Context, Result};
use clap::Parser;
use lianxin_shared::id::DocId;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::fleet::workload::{Edit, Workload};
use lianxin_tests::memory;
use lianxin_tests::server::Server;
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use serde_json::{Value, json};

const USER: &str = "bench";
const PASSWORD: &str = "bench-0-password";

/// Notes for each number of records on the list when it was first shown, in milliseconds since the page was asked for; the memory
/// of the app; the longest tasks, for which the page stood still; and how long after a touch or a key the page was drawn anew
/// (Event Timing: to the next 8 ms, nothing below 16). Runs before the app does.
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
    }).observe(document, { childList: true, subtree: true, characterData: true });
    window.longest = { task: 0, event: 0 };
    const note = kind => list => {
        for (const { duration } of list.getEntries()) window.longest[kind] = Math.max(window.longest[kind], duration);
    };
    new PerformanceObserver(note('task')).observe({ type: 'longtask' });
    new PerformanceObserver(note('event')).observe({ type: 'event', durationThreshold: 16 });";

/// Answers the longest of a kind since this was last asked, once all that has been is told.
const LONGEST: &str = "const [kind, done] = arguments;
    requestAnimationFrame(() => setTimeout(() => {
        done(window.longest[kind]);
        window.longest = { task: 0, event: 0 };
    }, 200));";

/// Locks every window, as one of them does by the tablet's bell.
const LOCK: &str = "new BroadcastChannel('lianxin-tablet').postMessage(JSON.stringify({ Unlocked: null }));
    window.shown = {};
    arguments[0](true);";

/// Taps on what unlocks; answers when, in milliseconds since the page was asked for.
const UNLOCK: &str = "const begun = performance.now();
    document.querySelector('#unlock').click();
    arguments[0](begun);";

/// Opens the form for what a resident says, as a tap on its button does; answers after how many milliseconds it could be written
/// in, and after how many all of it was there.
const FORM: &str = "const done = arguments[0], begun = performance.now();
    let first = null;
    const look = () => {
        const field = document.querySelector('textarea[name=body]');
        if (field && first === null) {
            field.focus();
            first = performance.now() - begun;
        }
        if (!document.querySelector('[data-test=contact]')) return requestAnimationFrame(look);
        done([first, performance.now() - begun]);
    };
    document.querySelector('[data-test=new-suggestion]').click();
    look();";

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
    let bootstrap_longest = longest(&browser, "task").await?;
    let after_bootstrap = Memory::of(&driver)?;

    let (mut start, mut apply) = (Least::default(), Least::default());
    let (mut start_longest, mut apply_longest) = (f64::MAX, f64::MAX);
    let threads = json!({ "timeDomain": "threadTicks" });
    browser.devtools("Performance.enable", threads).await?;
    for _ in 0..arguments.times {
        browser.client.refresh().await?;
        let shown = shown(&browser, office.written).await?;
        // A page that is loaded anew counts from nothing.
        start.take(shown, busy(&browser).await?);
        start_longest = start_longest.min(longest(&browser, "task").await?);
    }
    browser.see("[data-line=on]").await?;
    let after_start = Memory::of(&driver)?;
    // What is garbage goes when the browser sees fit: on a tablet short of memory, at once.
    browser.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let tidied = Memory::of(&driver)?;
    let mut unlock = f64::MAX;
    for _ in 0..arguments.times {
        browser.run(LOCK, Vec::new()).await?;
        browser.keys("#pin", PIN).await?;
        let begun = browser.run(UNLOCK, Vec::new()).await?;
        unlock = unlock.min(shown(&browser, office.written).await? - begun.as_f64().context("no clock")?);
    }
    browser.see("[data-line=on]").await?;
    for _ in 0..arguments.times {
        cut(&browser).await?;
        office.write(arguments.page).await?;
        browser.see("[data-line=off]").await?;
        browser
            .run("performance.clearResourceTimings(); arguments[0]();", Vec::new())
            .await?;
        longest(&browser, "task").await?;
        let before = busy(&browser).await?;
        mend(&browser).await?;
        let all = shown(&browser, office.written).await?;
        let exchange = browser.run(EXCHANGE, Vec::new()).await?;
        apply.take(
            all - number(&exchange, "answered")?,
            busy(&browser).await? - before,
        );
        apply_longest = apply_longest.min(longest(&browser, "task").await?);
    }
    let hands = Hands::at_work(&browser, office.written).await?;
    let measured = json!({
        "docs": arguments.docs,
        "page": arguments.page,
        "slowed": arguments.slowed,
        "bootstrap_ms": bootstrap.round(),
        "start_ms": start.wall.round(),
        "start_cpu_ms": start.cpu.round(),
        "unlock_ms": unlock.round(),
        "apply_ms": apply.wall.round(),
        "apply_cpu_ms": apply.cpu.round(),
        "bootstrap_longest_ms": bootstrap_longest.round(),
        "start_longest_ms": start_longest.round(),
        "apply_longest_ms": apply_longest.round(),
        "form_ms": hands.form.round(),
        "whole_form_ms": hands.whole_form.round(),
        "key_ms": hands.key,
        "search_ms": hands.search,
        "renderer_after_bootstrap": after_bootstrap.line(),
        "renderer_after_start": after_start.line(),
        "renderer_tidied": tidied.line(),
        "wasm_mib": wasm_memory(&browser).await?,
    });
    println!("{measured}");
    Ok(())
}

/// What the process that draws the page takes, in MiB.
struct Memory {
    resident: u64,
    /// Without what it shares with the browser's other processes.
    own: u64,
}

impl Memory {
    fn of(driver: &Driver) -> Result<Self> {
        let renderer = memory::largest_renderer(driver.pid())?;
        Ok(Self {
            resident: memory::resident_kib(renderer)? / 1_024,
            own: memory::own_kib(renderer)? / 1_024,
        })
    }

    fn line(&self) -> Value {
        json!({ "resident_mib": self.resident, "own_mib": self.own })
    }
}

/// What the page makes its user wait for, in milliseconds.
struct Hands {
    /// From the tap until the form can be written in.
    form: f64,
    /// From the tap until all of it is there.
    whole_form: f64,
    /// The longest that a key in the form takes to be seen.
    key: f64,
    /// The longest that a letter in the search takes to have narrowed the list.
    search: f64,
}

impl Hands {
    async fn at_work(browser: &Browser, records: u64) -> Result<Self> {
        let search = slowest(browser, "[data-test=search]", "电梯停运").await?;
        browser.visit("/").await?;
        browser.see("[data-test=new-suggestion]").await?;
        // The page is quiet once all has been read and compared.
        browser.see("[data-line=on]").await?;
        longest(browser, "event").await?;
        let forms = browser.run(FORM, Vec::new()).await?;
        let [form, whole_form] = serde_json::from_value(forms).context("no form")?;
        let key = slowest(browser, "textarea[name=body]", "三号楼的电梯停了二十天").await?;
        browser.visit("/records").await?;
        shown(browser, records).await?;
        Ok(Self {
            form,
            whole_form,
            key,
            search,
        })
    }
}

/// The longest that a letter takes to be seen, typed as a hand does: the next comes when the page is quiet.
async fn slowest(browser: &Browser, field: &str, letters: &str) -> Result<f64> {
    longest(browser, "event").await?;
    let mut slowest = 0.0_f64;
    for letter in letters.chars() {
        browser.keys(field, letter.encode_utf8(&mut [0; 4])).await?;
        slowest = slowest.max(longest(browser, "event").await?);
    }
    Ok(slowest)
}

async fn longest(browser: &Browser, kind: &str) -> Result<f64> {
    let longest = browser.run(LONGEST, vec![json!(kind)]).await?;
    longest.as_f64().context("nothing was observed")
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
