//! Photos, from a tablet without a line to the office's desk, over a line that is cut again and again.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::FileHash;
use lianxin_tests::axe::Axe;
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::line::Line;
use lianxin_tests::photo::{PLACE, upright};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, no_line};
use lianxin_tests::until::until;
use serde_json::{Value, json};
use tempfile::TempDir;

const PASSWORD: &str = "lianxin-demo";

#[tokio::test(flavor = "multi_thread")]
async fn photos_taken_offline_reach_the_office_over_a_line_that_is_cut() -> Result<()> {
    let mut server = Server::start().await?;
    let line = Line::steady(server.port(), 7).await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    tablet.sign_in(&line.url(), "host1", PASSWORD).await?;
    all_sent(&tablet).await?;
    let folder = TempDir::new()?;
    let photos = [
        camera(&tablet, &folder, "a.jpg").await?,
        camera(&tablet, &folder, "b.jpg").await?,
    ];

    // Without a line: two photos on a suggestion, of one of which the place is to be kept.
    server.kill();
    tablet.client.refresh().await?;
    no_line(&tablet).await?;
    tablet.visit("/").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", "三号楼的外墙砖松了。").await?;
    choose_theme(&tablet).await?;
    choose(&tablet, &photos[0]).await?;
    seen(&tablet, 1).await?;
    tablet.click("[data-test=photo-keep-place]").await?;
    choose(&tablet, &photos[1]).await?;
    seen(&tablet, 2).await?;
    // Loaded anew in between, both are there.
    tablet.client.refresh().await?;
    seen(&tablet, 2).await?;
    // So high that neither bar lies over anything.
    tablet.client.set_window_size(800, 3_000).await?;
    let faults = Axe::load()?.faults(&tablet).await?;
    ensure!(faults.is_empty(), "{faults:?}");
    tablet.client.set_window_size(800, 1_280).await?;
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    let url = tablet.client.current_url().await?;
    let id = url
        .path_segments()
        .and_then(Iterator::last)
        .context("no id")?
        .to_owned();
    tablet.visit(&format!("/records/{id}")).await?;
    seen(&tablet, 2).await?;
    ensure!(count(&tablet, "[data-test=photo][data-unsent=true]").await? == 2);

    // The line is back, and bad. Nobody touches the tablet.
    line.cut_below(300_000);
    server.resume().await?;
    all_sent(&tablet).await?;
    until("the photos to be sent", async || {
        let sent = count(&tablet, "[data-test=photo][data-unsent=false]")
            .await
            .ok()?;
        (sent == 2).then_some(())
    })
    .await?;
    ensure!(line.cuts() > 0, "the line held");

    // The office sees them the right way up.
    let office = driver.open("zh-CN", 1280, 900).await?;
    office.sign_in(&server.url(), "clerk1", PASSWORD).await?;
    office.see("[data-test=row]").await?;
    office.visit(&format!("/office/records/{id}")).await?;
    seen(&office, 2).await?;
    office.click("[data-test=photo] button").await?;
    let look = "const done = arguments[0], image = document.querySelector('.photo.large img');
        if (!image?.complete || !image.naturalWidth) return done(null);
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight), pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        const at = part => [...pen.getImageData(image.naturalWidth / 2, image.naturalHeight * part, 1, 1).data];
        done([image.naturalWidth, image.naturalHeight, at(0.25), at(0.75)]);";
    let large = until("the picture to be large", async || {
        let large = office.run(look, vec![]).await.ok()?;
        (large[1].as_u64()? > 320).then_some(large)
    })
    .await?;
    ensure!(
        (large[0].as_u64(), large[1].as_u64()) == (Some(800), Some(1_600)),
        "{large}"
    );
    let red_and_blue = |pixel: &Value| (pixel[0].as_u64().unwrap_or(0), pixel[2].as_u64().unwrap_or(0));
    let ((top_red, top_blue), (low_red, low_blue)) = (red_and_blue(&large[2]), red_and_blue(&large[3]));
    ensure!(
        top_red > 150 && top_blue < 100 && low_blue > 150 && low_red < 100,
        "{large}"
    );
    let text = office.text("[data-test=photos]").await?;
    let place = format!("{:.5}, {:.5}", f64::from(PLACE.0) / 1e6, f64::from(PLACE.1) / 1e6);
    ensure!(text.matches(&place).count() == 1, "{text}");

    // Each is kept once, and says nothing beside the picture.
    let kept = server.data().join("files/kept");
    let all = files(&kept)?;
    ensure!(all.len() == 4, "{all:?}");
    for path in all {
        let bytes = std::fs::read(&path)?;
        ensure!(path.ends_with(FileHash::of(&bytes).to_string()));
        let says = |word: &[u8; 4]| bytes.windows(4).any(|window| window == word);
        ensure!(says(b"JFIF") && !says(b"Exif"), "{path:?}");
    }
    ensure!(files(&server.data().join("files/parts"))?.is_empty());

    // On the tablet's disk there is none that anybody could look at.
    let plain = tablet.on_disk(&["JFIF"]).await?;
    ensure!(plain.is_empty(), "{plain:?}");
    // A server that was restored from what is older gets them again.
    server.kill();
    std::fs::remove_dir_all(&kept)?;
    server.begin_new_life()?;
    line.cut_below(0);
    server.resume().await?;
    until("the photos to be given back", async || {
        (files(&kept).ok()?.len() == 4).then_some(())
    })
    .await?;
    tablet.visit("/records").await?;
    tablet
        .see(&format!("[data-test=row][data-id='{id}'] [data-test=thumb]"))
        .await?;
    Ok(())
}

/// A photo as a file to choose.
async fn camera(browser: &Browser, folder: &TempDir, name: &str) -> Result<PathBuf> {
    let path = folder.path().join(name);
    std::fs::write(&path, upright(browser, 2_000).await?)?;
    Ok(path)
}

/// Chooses a file. The control is there, under the words that are seen.
async fn choose(browser: &Browser, path: &std::path::Path) -> Result<()> {
    let path = path.to_str().context("a strange path")?;
    let control = until("the control for photos", async || {
        let css = fantoccini::Locator::Css("[data-test=photo-choose]:not([disabled])");
        browser.client.find(css).await.ok()
    })
    .await?;
    Ok(control.send_keys(path).await?)
}

/// Waits until so many photos are shown, each as a picture.
async fn seen(browser: &Browser, n: u64) -> Result<()> {
    let script = "const done = arguments[0];
        const images = [...document.querySelectorAll('[data-test=photo] img')];
        done(images.filter(image => image.complete && image.naturalWidth > 0).length);";
    until("the photos to be seen", async || {
        let shown = browser.run(script, vec![]).await.ok()?;
        (shown == n).then_some(())
    })
    .await
}

async fn count(browser: &Browser, css: &str) -> Result<u64> {
    let script = "const [css, done] = arguments; done(document.querySelectorAll(css).length);";
    let count = browser.run(script, vec![json!(css)]).await?;
    count.as_u64().context("no number")
}

async fn choose_theme(tablet: &Browser) -> Result<()> {
    tablet.click("label.chip[data-value]").await
}

/// All files below a folder.
fn files(folder: &std::path::Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(found);
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
