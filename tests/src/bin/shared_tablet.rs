//! Lets several people share one tablet for a while, as it is meant: they take each other's place by their PINs, write and change
//! records, the line comes and goes, the browser is killed again and again, at times in the middle of a word or of saving, and at
//! times it throws its databases away. Then the server is to have every word of which the app ever said that it was saved. One line
//! of JSON. `LIANXIN_BIN` names the server, `CHROMIUM` and `CHROMEDRIVER` the browser.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use lianxin_shared::id::DocId;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form};
use lianxin_tests::tablet::Tablet;
use lianxin_tests::until::until;
use lianxin_tests::vault;
use serde_json::json;

const PASSWORD: &str = "shared-0-password";
const STATION: DocId = DocId([0x5a; 16]);
const WIDTH: u32 = 800;
const HEIGHT: u32 = 1280;
const BODY: &str = "textarea[name=body]";

#[derive(Parser)]
struct Arguments {
    /// How long.
    #[arg(long, default_value_t = 60.0)]
    minutes: f64,
    /// How many people.
    #[arg(long, default_value_t = 5)]
    people: usize,
    /// From which everything that happens follows.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut room = Room::furnish(&arguments).await?;
    let end = Instant::now() + Duration::from_secs_f64(arguments.minutes * 60.0);
    while Instant::now() < end {
        if let Err(failure) = room.go_on().await {
            let shown = room.shown().await;
            return Err(failure.context(format!("after {:?}: {shown:?}", room.counts)));
        }
    }
    room.judge(arguments.minutes).await
}

/// What the app said was saved: the record, and words that are to be in it.
struct Said {
    doc: DocId,
    words: String,
}

/// How often what happened.
#[derive(Debug, Default)]
struct Counts {
    switches: usize,
    records: usize,
    changes: usize,
    kills: usize,
    kills_within: usize,
    spells: usize,
    longest_unlock_ms: u128,
    /// How often the browser threw away what was on the tablet.
    cleared: usize,
    /// And how often because it found it damaged.
    damaged: usize,
}

/// How a page is found.
#[derive(Clone, Copy)]
enum Door {
    Open,
    Locked,
    Cleared,
}

/// The tablet, its people, and the server that comes and goes.
struct Room {
    server: Server,
    driver: Driver,
    /// None while it is being started anew.
    browser: Option<Browser>,
    people: Vec<String>,
    /// Who sits at it.
    now: usize,
    is_online: bool,
    chance: u64,
    next: usize,
    said: Vec<Said>,
    counts: Counts,
}

/// Where in the work the battery is taken out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    WhileWriting,
    WhileSaving,
}

impl Room {
    /// Everybody signs in once, with a line.
    async fn furnish(arguments: &Arguments) -> Result<Self> {
        let mut server = Server::stopped()?;
        let people: Vec<_> = (0..arguments.people).map(|n| format!("shared{n}")).collect();
        for user in people.iter().map(String::as_str).chain(["reader"]) {
            server.add_host(user, PASSWORD, &[STATION])?;
        }
        server.resume().await?;
        let driver = Driver::start()?;
        let browser = driver.open("zh-CN", WIDTH, HEIGHT).await?;
        browser.go(&server.url()).await?;
        take_in(&browser, &people).await?;
        Ok(Self {
            server,
            driver,
            browser: Some(browser),
            now: people.len() - 1,
            people,
            is_online: true,
            chance: arguments.seed,
            next: 0,
            said: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// A number below `n` (SplitMix64: G. Steele, D. Lea, C. Flood, OOPSLA 2014).
    fn below(&mut self, n: usize) -> usize {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap_or_default()
    }

    fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("no browser")
    }

    /// What is to be seen, where something went wrong: the page's address and its words.
    async fn shown(&self) -> Result<String> {
        let browser = self.browser()?;
        let shown = "arguments[0](location.href + '\\n' + document.body.innerText)";
        Ok(browser.run(shown, Vec::new()).await?.to_string())
    }

    /// The next thing that happens.
    async fn go_on(&mut self) -> Result<()> {
        match self.below(20) {
            0..8 => self.write(None).await,
            8..12 => self.change().await,
            12..15 => {
                let who = self.below(self.people.len());
                self.switch(who).await
            }
            15 => self.write(Some(Moment::WhileWriting)).await,
            16 => self.write(Some(Moment::WhileSaving)).await,
            17 => self.kill().await,
            18 if self.below(2) == 0 => self.clear().await,
            18 => self.damage().await,
            _ => self.line().await,
        }
    }

    /// Somebody else takes the tablet.
    async fn switch(&mut self, who: usize) -> Result<()> {
        if who == self.now {
            return Ok(());
        }
        lock(self.browser()?).await?;
        self.now = who;
        self.counts.switches += 1;
        self.unlock().await
    }

    /// The locked tablet is opened by who sits at it.
    async fn unlock(&mut self) -> Result<()> {
        let person = format!("[data-test=person][data-user={}]", self.people[self.now]);
        let browser = self.browser()?;
        browser.click(&person).await?;
        browser.keys("#pin", PIN).await?;
        let begun = Instant::now();
        browser.click("#unlock").await?;
        browser.see("[data-test=work-state]").await?;
        let took = begun.elapsed().as_millis();
        self.counts.longest_unlock_ms = self.counts.longest_unlock_ms.max(took);
        Ok(())
    }

    /// A page of the app, whoever has to type a PIN for it.
    async fn visit(&mut self, path: &str) -> Result<()> {
        self.browser()?
            .go(&format!("{}{path}", self.server.url()))
            .await?;
        let browser = self.browser()?;
        let door = until("the tablet to be open, locked or cleared", async || {
            for (sign, door) in [
                ("[data-test=work-state]", Door::Open),
                ("#pin", Door::Locked),
                // As where nobody ever was, if the browser was killed before it had written that somebody is here.
                ("[data-test=lost], #user", Door::Cleared),
            ] {
                if browser.shows(sign).await.ok()? {
                    return Some(door);
                }
            }
            None
        });
        match door.await? {
            Door::Open => Ok(()),
            Door::Locked => self.unlock().await,
            Door::Cleared => {
                self.begin_anew().await?;
                self.browser()?.visit(path).await
            }
        }
    }

    /// The battery is taken out, and the browser finds its databases damaged when it starts again.
    async fn damage(&mut self) -> Result<()> {
        let profile = self.browser.take().context("no browser")?.kill()?;
        std::fs::remove_dir_all(profile.path().join("Default/IndexedDB"))?;
        self.counts.damaged += 1;
        let browser = self.driver.reopen(profile, "zh-CN", WIDTH, HEIGHT).await?;
        self.browser = Some(browser);
        self.visit("/").await
    }

    /// The browser is short of room: it throws its databases away, whatever waits in them, and with them what opens the app without
    /// a line.
    async fn clear(&mut self) -> Result<()> {
        let browser = self.browser()?;
        browser.go("about:blank").await?;
        let what = json!({
            "origin": self.server.url(),
            "storageTypes": "indexeddb,cache_storage,service_workers",
        });
        browser.devtools("Storage.clearDataForOrigin", what).await?;
        if !self.is_online {
            self.line().await?;
        }
        self.visit("/").await
    }

    /// It has: everybody signs in again, with a line.
    async fn begin_anew(&mut self) -> Result<()> {
        self.counts.cleared += 1;
        if !self.is_online {
            self.line().await?;
        }
        let browser = self.browser()?;
        if browser.shows("[data-test=lost-close]").await? {
            browser.click("[data-test=lost-close]").await?;
        }
        take_in(browser, &self.people).await?;
        self.now = self.people.len() - 1;
        Ok(())
    }

    fn fresh_words(&mut self) -> String {
        self.next += 1;
        format!("第〔{}〕件，楼道的灯坏了。", self.next)
    }

    /// A resident says something; the work may end in the middle.
    async fn write(&mut self, end: Option<Moment>) -> Result<()> {
        self.visit("/").await?;
        let words = self.fresh_words();
        let browser = self.browser()?;
        browser.click("[data-test=new-suggestion]").await?;
        browser.keys(BODY, &words).await?;
        if end == Some(Moment::WhileWriting) {
            self.counts.kills_within += 1;
            return self.kill().await;
        }
        browser.click("label.chip[data-value]").await?;
        browser.click("[data-test=done]").await?;
        if end == Some(Moment::WhileSaving) {
            self.counts.kills_within += 1;
            return self.kill().await;
        }
        leaves_form(browser).await?;
        let url = browser.client.current_url().await?;
        let mut parts = url.path().split('/');
        let doc = parts.find_map(|part| part.parse::<DocId>().ok());
        let doc = doc.with_context(|| format!("no record in {url}"))?;
        self.said.push(Said { doc, words });
        self.counts.records += 1;
        Ok(())
    }

    /// Somebody writes more into a record that is there, be it theirs or not.
    async fn change(&mut self) -> Result<()> {
        if self.said.is_empty() {
            return Ok(());
        }
        let n = self.below(self.said.len());
        let doc = self.said[n].doc;
        self.visit(&format!("/records/{doc}")).await?;
        let browser = self.browser()?;
        browser.see("main :is(h1, .empty)").await?;
        if !browser.shows("[data-test=edit]").await? {
            // Another's record that has not come here.
            return Ok(());
        }
        let words = self.fresh_words();
        let browser = self.browser()?;
        browser.click("[data-test=edit]").await?;
        browser.keys(BODY, &words).await?;
        browser.click("[data-test=done]").await?;
        leaves_form(browser).await?;
        self.said.push(Said { doc, words });
        self.counts.changes += 1;
        Ok(())
    }

    /// The battery is taken out, and put in again.
    async fn kill(&mut self) -> Result<()> {
        let profile = self.browser.take().context("no browser")?.kill()?;
        self.counts.kills += 1;
        let browser = self.driver.reopen(profile, "zh-CN", WIDTH, HEIGHT).await?;
        self.browser = Some(browser);
        self.visit("/").await
    }

    /// The line goes, or comes again.
    async fn line(&mut self) -> Result<()> {
        if self.is_online {
            self.server.kill();
            self.counts.spells += 1;
        } else {
            self.server.resume().await?;
        }
        self.is_online = !self.is_online;
        Ok(())
    }

    /// Everybody's work is sent, and the server has every word.
    async fn judge(mut self, minutes: f64) -> Result<()> {
        if !self.is_online {
            self.line().await?;
        }
        for who in 0..self.people.len() {
            self.switch(who).await?;
            self.visit("/").await?;
            all_sent(self.browser()?).await?;
        }
        let mut reader = Tablet::sign_in(&self.server.url(), "reader", PASSWORD).await?;
        reader.sync_through(20).await?;
        let is_there = |said: &&Said| {
            reader
                .text(said.doc, "body")
                .is_ok_and(|body| body.contains(&said.words))
        };
        let there = self.said.iter().filter(is_there).count();
        let counts = &self.counts;
        println!(
            "{}",
            json!({
                "minutes": minutes,
                "people": self.people.len(),
                "switches": counts.switches,
                "offline_spells": counts.spells,
                "browser_killed": counts.kills,
                "of_them_in_mid_write": counts.kills_within,
                "records_said_to_be_saved": counts.records,
                "changes_said_to_be_saved": counts.changes,
                "there": there,
                "lost": self.said.len() - there,
                "longest_unlock_ms": counts.longest_unlock_ms,
                "cleared_by_the_browser": counts.cleared,
                "of_them_found_damaged": counts.damaged,
                "records_on_the_server": reader.of_kind("suggestion").len(),
            })
        );
        ensure!(!self.said.is_empty(), "nobody wrote anything");
        if there < self.said.len() {
            bail!("{} of {} are lost", self.said.len() - there, self.said.len());
        }
        Ok(())
    }
}

/// Each signs in once, on a tablet that nobody uses yet.
async fn take_in(browser: &Browser, people: &[String]) -> Result<()> {
    for (n, user) in people.iter().enumerate() {
        if n > 0 {
            lock(browser).await?;
            browser.click("[data-test=somebody-else]").await?;
        }
        browser.give_credentials(user, PASSWORD).await?;
        browser.choose_pin(PIN).await?;
        all_sent(browser).await?;
        until("the server to know the vault", async || {
            vault::is_introduced(browser, user).await.ok()?.then_some(())
        })
        .await?;
    }
    Ok(())
}

async fn lock(browser: &Browser) -> Result<()> {
    browser.visit("/more").await?;
    browser.click("[data-test=lock]").await?;
    browser.see("#unlock").await.map(drop)
}
