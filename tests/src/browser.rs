//! Real browsers: Chromium by WebDriver, each with a profile of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::profile;
use crate::until::until;

/// The PIN of everybody in the tests.
pub const PIN: &str = "482913";

/// The driver process. It is killed when dropped, and its browsers with it.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    /// Starts the program that `CHROMEDRIVER` names.
    pub fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let child = Command::new(&program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", Path::new(&program).display()))?;
        Ok(Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        })
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Opens a browser with a fresh profile, speaking `lang`, with a window of this size.
    pub async fn open(&self, lang: &str, width: u32, height: u32) -> Result<Browser> {
        self.open_trusting(lang, width, height, "").await
    }

    /// The same, with a browser that trusts an authority, by the SHA-256 of its public key in base64.
    pub async fn open_trusting(
        &self,
        lang: &str,
        width: u32,
        height: u32,
        authority: &str,
    ) -> Result<Browser> {
        let profile = TempDir::new()?;
        self.open_with(profile, lang, (width, height), authority).await
    }

    /// Opens a browser with a profile that another has left.
    pub async fn reopen(&self, profile: TempDir, lang: &str, width: u32, height: u32) -> Result<Browser> {
        self.open_with(profile, lang, (width, height), "").await
    }

    async fn open_with(
        &self,
        profile: TempDir,
        lang: &str,
        (width, height): (u32, u32),
        authority: &str,
    ) -> Result<Browser> {
        let size = format!("--window-size={width},{height}");
        let data = format!("--user-data-dir={}", profile.path().display());
        let lang = format!("--accept-lang={lang}");
        let trust = format!("--ignore-certificate-errors-spki-list={authority}");
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-device-scale-factor=1",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",
            &lang,
            &size,
            &data,
            &trust,
        ];
        let mut options = json!({ "args": args });
        if let Some(chromium) = std::env::var_os("CHROMIUM") {
            options["binary"] = json!(Path::new(&chromium).display().to_string());
        }
        let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let client = until("the driver to open a browser", async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder
                .capabilities(serde_json::Map::clone(&capabilities))
                .connect(&self.url)
                .await
                .ok()
        })
        .await?;
        // A headless window has no frame: the page gets all of it, at any width.
        client.set_window_size(width, height).await?;
        Ok(Browser { client, profile })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// One browser with its own profile.
#[derive(Debug)]
pub struct Browser {
    /// The WebDriver session.
    pub client: Client,
    profile: TempDir,
}

impl Browser {
    /// Opens an address.
    pub async fn go(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// The element that a CSS selector finds, once it is there and shown.
    pub async fn see(&self, css: &str) -> Result<Element> {
        let found = until(css, async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        });
        match found.await {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(self.page().await)),
        }
    }

    /// Clicks what a CSS selector finds.
    pub async fn click(&self, css: &str) -> Result<()> {
        let clicked = until(css, async || {
            // A page that is being drawn anew takes the element away between finding and clicking it.
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            let clicked = element.click().await;
            if clicked.is_err() {
                // Under one of the bars it is in view and cannot be reached: whoever wants it scrolls.
                let center = "arguments[0]?.scrollIntoView({ block: 'center' });";
                let element = serde_json::to_value(&element).ok()?;
                drop(self.client.execute(center, vec![element]).await);
            }
            clicked.ok()
        });
        match clicked.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.page().await)),
        }
    }

    /// Types into what a CSS selector finds, once it can be typed into.
    pub async fn keys(&self, css: &str, keys: &str) -> Result<()> {
        self.see(css).await?;
        let typed = until(css, async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            match element.send_keys(keys).await {
                // Nothing was typed: it is closed for a moment, or was just drawn anew.
                Err(error) if error.is_element_not_interactable() || error.is_stale_element_reference() => {
                    None
                }
                typed => Some(typed),
            }
        });
        Ok(typed.await??)
    }

    /// What the element says that a CSS selector finds, once it is shown.
    pub async fn text(&self, css: &str) -> Result<String> {
        let said = until(css, async || {
            // A page that is being drawn anew takes the element away between finding and reading it.
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            let is_shown = element.is_displayed().await.ok()?;
            is_shown.then_some(element.text().await.ok()?)
        });
        match said.await {
            Ok(text) => Ok(text),
            Err(error) => Err(error.context(self.page().await)),
        }
    }

    /// Waits until what a CSS selector finds says `words`.
    pub async fn says(&self, css: &str, words: &str) -> Result<()> {
        let what = format!("{css} to say “{words}”");
        let said = until(&what, async || {
            let text = self
                .client
                .find(Locator::Css(css))
                .await
                .ok()?
                .text()
                .await
                .ok()?;
            text.contains(words).then_some(())
        });
        match said.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.page().await)),
        }
    }

    /// Waits until a CSS selector finds nothing that is shown.
    pub async fn goes(&self, css: &str) -> Result<()> {
        let what = format!("{css} to go");
        let gone = until(&what, async || (!self.shows(css).await.ok()?).then_some(()));
        match gone.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.page().await)),
        }
    }

    /// Whether a CSS selector finds something that is shown now.
    pub async fn shows(&self, css: &str) -> Result<bool> {
        for element in self.client.find_all(Locator::Css(css)).await? {
            if element.is_displayed().await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An attribute of what a CSS selector finds.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<String> {
        self.see(css)
            .await?
            .attr(name)
            .await?
            .with_context(|| format!("{css} has no {name}"))
    }

    /// The value of a form control.
    pub async fn value(&self, css: &str) -> Result<String> {
        Ok(self.see(css).await?.prop("value").await?.unwrap_or_default())
    }

    /// Signs in on the sign-in page of a tablet that nobody uses yet, and chooses [`PIN`].
    pub async fn sign_in(&self, url: &str, user: &str, password: &str) -> Result<()> {
        self.go(url).await?;
        self.give_credentials(user, password).await?;
        self.choose_pin(PIN).await
    }

    /// Fills the sign-in page, which is open.
    pub async fn give_credentials(&self, user: &str, password: &str) -> Result<()> {
        self.keys("#user", user).await?;
        self.keys("#password", password).await?;
        self.click("#sign-in").await
    }

    /// Chooses a PIN, which is asked for, and waits until the vault is open. Who is new to the tablet does not read what it is.
    pub async fn choose_pin(&self, pin: &str) -> Result<()> {
        self.give_pin(pin).await?;
        if self.shows("[data-test=welcome]").await? {
            self.click("[data-test=welcome-skip]").await?;
            self.goes("[data-test=welcome]").await?;
        }
        Ok(())
    }

    /// Chooses a PIN and waits until the vault is open.
    pub async fn give_pin(&self, pin: &str) -> Result<()> {
        self.keys("#pin-new", pin).await?;
        self.keys("#pin-again", pin).await?;
        self.click("#pin-done").await?;
        self.goes("#pin-done").await
    }

    /// Types a PIN into the locked tablet.
    pub async fn unlock(&self, pin: &str) -> Result<()> {
        self.keys("#pin", pin).await?;
        self.click("#unlock").await
    }

    /// Goes to a page within the app, as a link of it would.
    pub async fn visit(&self, path: &str) -> Result<()> {
        let url = self.client.current_url().await?.join(path)?;
        self.go(url.as_str()).await
    }

    /// Runs a script whose last argument is called with its outcome.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// Kills its process where it stands (`SIGKILL`), as when the battery is taken out; answers the profile that it leaves.
    pub fn kill(self) -> Result<TempDir> {
        // The link's name is the machine's, then the number of the process.
        let owner = std::fs::read_link(self.profile.path().join("SingletonLock"))?;
        let owner = owner.to_string_lossy();
        let pid = owner.rsplit('-').next().unwrap_or_default();
        let killed = Command::new("kill").args(["-9", pid]).status()?;
        anyhow::ensure!(killed.success(), "there is no browser {pid}");
        Ok(self.profile)
    }

    /// Which of these words lie in a file of its profile, as UTF-8 or UTF-16; with the file.
    pub async fn on_disk(&self, words: &[&str]) -> Result<Vec<String>> {
        profile::holding(self.profile.path(), words)
    }

    /// The same once the browser has closed and written what it writes then.
    pub async fn on_disk_when_closed(self, words: &[&str]) -> Result<Vec<String>> {
        self.client.close().await?;
        until("the browser to close", async || {
            // The link is there as long as the browser runs.
            let lock = self.profile.path().join("SingletonLock");
            lock.symlink_metadata().is_err().then_some(())
        })
        .await?;
        profile::holding(self.profile.path(), words)
    }

    /// What the page says, for messages of failed tests.
    async fn page(&self) -> String {
        let url = self
            .client
            .current_url()
            .await
            .map(|url| url.to_string())
            .unwrap_or_default();
        let mut body = String::new();
        if let Ok(element) = self.client.find(Locator::Css("body")).await {
            body = element.text().await.unwrap_or_default();
        }
        format!("the page at {url} says:\n{body}")
    }
}
