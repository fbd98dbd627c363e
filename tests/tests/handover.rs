//! Unsent work that others carry: another device, and the tablet itself while its owner's vault is locked.

use anyhow::{Context, Result, ensure};
use lianxin_shared::id::Moment;
use lianxin_tests::browser::{Browser, Driver, PIN};
use lianxin_tests::desk::Desk;
use lianxin_tests::line::Line;
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, no_line};
use lianxin_tests::until::until;
use lianxin_tests::vault;
use serde_json::json;
use tempfile::TempDir;

const PASSWORD: &str = "lianxin-demo";
const OTHER_PIN: &str = "a lamp by the river";
const BODY: &str = "北巷的水管裂了";
const NAME: &str = "居民丙寅";

/// A camera that sees these codes, one after the other, in a browser that reads codes.
const CAMERA: &str = "const [codes, done] = arguments;
    let at = 0;
    window.BarcodeDetector = class { async detect() { return [{ rawValue: codes[at++ % codes.length] }]; } };
    const picture = document.createElement('canvas').captureStream();
    Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia: async () => picture } });
    done(true);";

#[tokio::test(flavor = "multi_thread")]
async fn work_is_carried_by_another_device_and_is_there_once() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let gate = Line::steady(server.port(), 1).await?;
    let away = driver.open("zh-CN", 800, 1280).await?;
    away.sign_in(&gate.url(), "host1", PASSWORD).await?;
    ready(&away, "host1").await?;
    gate.close();
    write(&away).await?;
    no_line(&away).await?;

    // Sealed as a file, and as codes.
    let folder = TempDir::new()?;
    let into = json!({ "behavior": "allow", "downloadPath": folder.path() });
    away.devtools("Browser.setDownloadBehavior", into).await?;
    away.visit("/handover").await?;
    away.see("[data-test=to-hand-over][data-n='1']").await?;
    away.click("[data-test=take-file]").await?;
    let file = until("the file to be there", async || {
        let files = std::fs::read_dir(folder.path()).ok()?.flatten();
        let mut files = files.map(|file| file.path());
        files.find(|path| path.extension().is_some_and(|extension| extension == "lianxin"))
    })
    .await?;
    let sealed = std::fs::read(&file)?;
    ensure!(
        !String::from_utf8_lossy(&sealed).contains("host1"),
        "it says whose it is"
    );
    away.click("[data-test=show-codes]").await?;
    let count: usize = away.attribute("[data-test=code]", "data-of").await?.parse()?;
    if count > 1 {
        // They change by themselves otherwise.
        away.click("[data-test=codes-run]").await?;
    }
    let mut codes = Vec::new();
    while codes.len() < count {
        if !codes.is_empty() {
            away.click("[data-test=code-next]").await?;
        }
        codes.push(away.attribute("[data-test=code]", "data-piece").await?);
    }
    codes.sort();
    codes.dedup();
    ensure!(codes.len() == count, "{} of {count} codes", codes.len());

    // Somebody else's device, where nobody is signed in, takes both for one and delivers it. Nonsense it does not take.
    let carrier = driver.open("zh-CN", 800, 1280).await?;
    carrier.sign_in(&server.url(), "member1", PASSWORD).await?;
    all_sent(&carrier).await?;
    carrier.click(".bar-who").await?;
    carrier.click("[data-test=lock]").await?;
    carrier.click("[data-test=to-carry]").await?;
    carrier.see("[data-test=no-scan]").await?;
    let nonsense = folder.path().join("nonsense");
    std::fs::write(&nonsense, &sealed[..sealed.len() / 2])?;
    choose(&carrier, &nonsense).await?;
    carrier.see("[data-test=brought][data-what=no-parcel]").await?;
    choose(&carrier, &file).await?;
    carrier.see("[data-test=brought][data-what=taken]").await?;
    carrier
        .see("[data-test=carried][data-waiting='0'][data-delivered='1']")
        .await?;
    carrier.click("[data-test=to-pin]").await?;
    carrier.run(CAMERA, vec![json!(codes)]).await?;
    carrier.click("[data-test=to-carry]").await?;
    carrier.click("[data-test=scan]").await?;
    carrier.see("[data-test=brought][data-what=taken]").await?;
    carrier
        .see("[data-test=carried][data-waiting='0'][data-delivered='1']")
        .await?;
    let office = Desk::sign_in(&server.url(), "clerk1", PASSWORD, Moment(1_790_000_000_000)).await?;
    ensure!(
        there(&office).await? == 1,
        "the office has it while its writer is away"
    );

    // The one who wrote it sends it too, and is told that it is known.
    away.see("[data-test=work-state][data-unsent='1']").await?;
    gate.reopen();
    all_sent(&away).await?;
    ensure!(there(&office).await? == 1, "it is there once");
    away.visit("/handover").await?;
    away.see("[data-test=nothing-to-hand-over]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_of_whoever_is_locked_is_sent() -> Result<()> {
    let mut server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1280).await?;
    tablet.sign_in(&server.url(), "host1", PASSWORD).await?;
    ready(&tablet, "host1").await?;
    lock(&tablet).await?;
    tablet.click("[data-test=somebody-else]").await?;
    tablet.give_credentials("host2", PASSWORD).await?;
    tablet.choose_pin(OTHER_PIN).await?;
    all_sent(&tablet).await?;
    lock(&tablet).await?;

    // One writes without a line, and locks.
    server.kill();
    tablet.click("[data-test=person][data-user=host1]").await?;
    tablet.unlock(PIN).await?;
    write(&tablet).await?;
    lock(&tablet).await?;
    tablet
        .see("[data-test=person][data-user=host1][data-waiting='1'][data-posted=sealed]")
        .await?;
    let open = [BODY, NAME, "00012345000"];
    let found = tablet.on_disk(&open).await?;
    ensure!(found.is_empty(), "{found:?}");

    // The other is at the tablet when the line comes.
    tablet.click("[data-test=person][data-user=host2]").await?;
    tablet.unlock(OTHER_PIN).await?;
    no_line(&tablet).await?;
    server.resume().await?;
    let office = Desk::sign_in(&server.url(), "clerk1", PASSWORD, Moment(1_790_000_000_000)).await?;
    until("the office to have what the first wrote", async || {
        (there(&office).await.ok()? == 1).then_some(())
    })
    .await?;
    lock(&tablet).await?;
    tablet
        .see("[data-test=person][data-user=host1][data-waiting='1'][data-posted=sent]")
        .await?;

    // Unlocked, the first hears that it is known.
    tablet.click("[data-test=person][data-user=host1]").await?;
    tablet.unlock(PIN).await?;
    all_sent(&tablet).await?;
    ensure!(there(&office).await? == 1, "it is there once");
    lock(&tablet).await?;
    tablet
        .see("[data-test=person][data-user=host1][data-waiting='0'][data-posted=waiting]")
        .await?;
    let found = tablet.on_disk_when_closed(&open).await?;
    ensure!(found.is_empty(), "{found:?}");
    Ok(())
}

/// Waits until the tablet has sent everything and the server knows its key.
async fn ready(tablet: &Browser, user: &str) -> Result<()> {
    all_sent(tablet).await?;
    until("the server to know the vault", async || {
        vault::is_introduced(tablet, user).await.ok()?.then_some(())
    })
    .await
}

/// Takes down a suggestion with its contact.
async fn write(tablet: &Browser) -> Result<()> {
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", BODY).await?;
    tablet.click("label.chip[data-value]").await?;
    tablet.click("[data-test=contact]").await?;
    tablet.keys("[name=name]", NAME).await?;
    tablet.keys("[name=phone]", "00012345000").await?;
    tablet.click("[data-test=done]").await?;
    tablet.see("[data-test=receipt-code]").await?;
    tablet
        .see("[data-test=work-state][data-unsent='1']")
        .await
        .map(drop)
}

async fn lock(tablet: &Browser) -> Result<()> {
    tablet.click(".bar-who").await?;
    tablet.click("[data-test=lock]").await?;
    tablet.see("#unlock").await.map(drop)
}

async fn choose(carrier: &Browser, file: &std::path::Path) -> Result<()> {
    let path = file.to_str().context("a path of other letters")?;
    carrier.see("#parcel").await?.send_keys(path).await?;
    Ok(())
}

/// How many records of these words the office has.
async fn there(office: &Desk) -> Result<usize> {
    let page = office.get(&format!("/api/records?q={BODY}")).await?;
    Ok(page["records"].as_array().context("no records")?.len())
}
