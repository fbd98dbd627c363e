//! A device without room, and the browser's promise to keep what lies there.

use anyhow::{Result, ensure};
use lianxin_tests::browser::{Browser, Driver};
use lianxin_tests::server::Server;
use lianxin_tests::steps::{all_sent, leaves_form};
use lianxin_tests::until::until;
use lianxin_tests::vault;
use serde_json::json;

use super::{PASSWORD, USER};

/// Fills the browser's room to the last bytes.
const FILL: &str = "const done = arguments[0], open = indexedDB.open('junk');
    open.onupgradeneeded = () => open.result.createObjectStore('junk', { autoIncrement: true });
    open.onsuccess = () => {
        const db = open.result;
        const put = size => new Promise(tell => {
            const write = db.transaction('junk', 'readwrite', { durability: 'strict' });
            write.objectStore('junk').add(crypto.getRandomValues(new Uint8Array(Math.min(size, 65536))));
            for (let more = size - 65536; more > 0; more -= 65536) {
                write.objectStore('junk').add(crypto.getRandomValues(new Uint8Array(65536)));
            }
            write.oncomplete = () => tell(true);
            write.onabort = () => tell(false);
        });
        (async () => {
            for (let size = 1 << 20; size >= 64;) if (!await put(size)) size >>= 1;
            db.close();
            done(true);
        })();
    };";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_device_it_is_told_at_once_and_no_word_is_lost() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    let quota = json!({ "origin": server.url(), "quotaSize": 12 * 1024 * 1024 });
    tablet
        .go(&format!("{}/manifest.webmanifest", server.url()))
        .await?;
    tablet.devtools("Storage.overrideQuotaForOrigin", quota).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", "三号楼的").await?;
    kept(&tablet, "三号楼的").await?;

    // Something else takes all the room that is left.
    ensure!(tablet.run(FILL, Vec::new()).await? == true);
    tablet.keys("textarea[name=body]", "电梯停了").await?;
    tablet.see("[data-test=unkept]").await?;
    ensure!(tablet.value("textarea[name=body]").await? == "三号楼的电梯停了");
    let aside =
        json!({ "aside": tablet.run("arguments[0](JSON.stringify(sessionStorage));", Vec::new()).await? });
    ensure!(
        !aside.to_string().contains("电梯"),
        "the second place is open: {aside}"
    );

    // Loaded anew, every word is there.
    tablet.client.refresh().await?;
    until("all words to be there", async || {
        let text = tablet.value("textarea[name=body]").await.ok()?;
        (text == "三号楼的电梯停了").then_some(())
    })
    .await?;

    // With room again the next letter stores all of it, and the second place is empty.
    let empty = "indexedDB.deleteDatabase('junk').onsuccess = () => arguments[0](true);";
    tablet.run(empty, Vec::new()).await?;
    tablet.keys("textarea[name=body]", "。").await?;
    kept(&tablet, "三号楼的电梯停了。").await?;
    tablet.goes("[data-test=unkept]").await?;
    let left = tablet
        .run("arguments[0](sessionStorage.length);", Vec::new())
        .await?;
    ensure!(left == 0, "{left} in the second place");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn that_room_gets_short_is_said_above_every_page() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    // Chromium does not tell how much room there really is; others do.
    let told = "StorageManager.prototype.estimate = async () => ({ usage: 97 << 20, quota: 100 << 20 });";
    tablet
        .devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": told }))
        .await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    tablet.says("[data-test=room-short]", "只剩 3 MB").await?;
    tablet.visit("/records").await?;
    tablet.see("[data-test=room-short]").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_is_asked_once_there_is_something_to_keep() -> Result<()> {
    let server = Server::start().await?;
    let driver = Driver::start()?;
    let tablet = driver.open("zh-CN", 800, 1100).await?;
    tablet.sign_in(&server.url(), USER, PASSWORD).await?;
    all_sent(&tablet).await?;
    ensure!(
        !tablet.shows("[data-test=keep]").await?,
        "nothing was written yet"
    );
    tablet.visit("/safe").await?;
    tablet.see("[data-test=room][data-kept=false]").await?;
    tablet.visit("/").await?;
    tablet.click("[data-test=new-suggestion]").await?;
    tablet.keys("textarea[name=body]", "北门的路灯坏了。").await?;
    tablet.click("label.chip[data-value]").await?;
    tablet.click("[data-test=done]").await?;
    leaves_form(&tablet).await?;
    tablet.click("[data-test=keep-ask]").await?;
    tablet.says("[data-test=keep-told]", "这次没有答应").await?;
    tablet.click("[data-test=keep-close]").await?;
    tablet.goes("[data-test=keep]").await?;

    // The promise is told, whenever it is made.
    let permission = json!({
        "permission": { "name": "persistent-storage" },
        "setting": "granted",
        "origin": server.url(),
    });
    tablet.devtools("Browser.setPermission", permission).await?;
    tablet.visit("/safe").await?;
    tablet.see("[data-test=room][data-kept=true]").await.map(drop)
}

/// Waits until a draft with these words lies on the device.
async fn kept(browser: &Browser, words: &str) -> Result<()> {
    until("the draft to be kept", async || {
        let kept = vault::has_draft(browser, USER, &[words]).await.ok()?;
        kept.then_some(())
    })
    .await
}
