//! What takes the pictures.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lianxin_tests::browser::Browser;
use serde_json::json;

/// A phone, a tablet, a desk.
const SIZES: [(u32, u32); 3] = [(360, 740), (800, 1100), (1280, 860)];

const THEMES: [&str; 2] = ["light", "dark"];

/// What the pages are in.
pub(crate) struct Spoken {
    /// As folders are called, and as the button for the other language says it.
    pub(crate) name: &'static str,
    pub(crate) lang: &'static str,
    /// What a resident says.
    pub(crate) said: &'static str,
}

/// The languages.
pub(crate) const SPOKEN: [Spoken; 2] = [
    Spoken {
        name: "zh",
        lang: "zh-CN",
        said: "三号楼的电梯又停了，住在楼上的老人下不来，希望物业说清楚哪天修好。",
    },
    Spoken {
        name: "en",
        lang: "en-GB",
        said: "The lift of building 3 stands still again, and old people cannot come down. When will it be mended?",
    },
];

/// A folder with pictures of each page: at every width, light and dark.
pub(crate) struct Album(pub(crate) PathBuf);

impl Album {
    /// Takes the page as it is now, `NAME-WIDTH-THEME.png` each.
    pub(crate) async fn shoot(&self, browser: &Browser, name: &str) -> Result<()> {
        let (width, height) = browser.client.get_window_size().await?;
        for (width, height) in SIZES {
            browser.client.set_window_size(width, height).await?;
            for theme in THEMES {
                let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
                browser.devtools("Emulation.setEmulatedMedia", features).await?;
                take(browser, &self.0.join(format!("{name}-{width}-{theme}.png"))).await?;
            }
        }
        let none = json!({ "features": [] });
        browser.devtools("Emulation.setEmulatedMedia", none).await?;
        Ok(browser
            .client
            .set_window_size(u32::try_from(width)?, u32::try_from(height)?)
            .await?)
    }

    /// Goes to a page, waits for what shows that it is there, and takes it.
    pub(crate) async fn visit(
        &self,
        browser: &Browser,
        (name, path, sign): (&str, &str, &str),
    ) -> Result<()> {
        browser.visit(path).await?;
        browser.see(sign).await.with_context(|| name.to_owned())?;
        self.shoot(browser, name).await
    }
}

/// Has the app speak the language of the pictures from now on.
pub(crate) async fn speak(browser: &Browser, spoken: &Spoken) -> Result<()> {
    let lang = spoken.name;
    browser.see("[data-test=language]").await?;
    let script = "const [lang, done] = arguments;
        const button = document.querySelector('[data-test=language]');
        if (button.lang === lang) button.click();
        done(true);";
    browser.run(script, vec![lang.into()]).await?;
    // The button names the other language.
    browser
        .see(&format!("[data-test=language]:not([lang={lang}])"))
        .await
        .map(drop)
}

/// Takes one picture.
pub(crate) async fn take(browser: &Browser, to: &Path) -> Result<()> {
    // Fonts first: a picture with boxes for letters would show nothing.
    let script = "const done = arguments[0]; document.fonts.ready.then(() => requestAnimationFrame(() => done(true)));";
    browser.run(script, Vec::new()).await?;
    let picture = browser.client.screenshot().await?;
    std::fs::write(to, picture).with_context(|| to.display().to_string())
}
